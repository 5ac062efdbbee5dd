/**
 * Is a document valid? Every error and warning at once, each with a JSON pointer. Contract C4, D1, D4, D5, E1.
 * @module
 */
import type * as z from 'zod';
import { account as accountSchema, type Account } from '../documents/account.js';
import { caller as callerSchema, type Caller } from '../documents/caller.js';
import { MAX_FLOW_BYTES, flow as flowSchema, type Flow } from '../documents/flow.js';
import type { Problem } from '../errors.js';
import { VariableLimitError, Variables } from '../values/variables.js';
import { targetErrors, unreachableWarnings } from './graph.js';
import { messagingErrors, messagingWarnings } from './message-widgets.js';
import { isObject, pointer } from './pointer.js';
import { isTooDeep, structuralErrors } from './structure.js';
import { partsOf, subflowErrors, under, unusedSubflowWarnings } from './subflows.js';
import { readWarnings, saveInErrors, saveInFault, variablesSet } from './variable-use.js';
import { accountFaults, credentialWarnings, signingErrors } from './webhooks.js';
import { widgetFindings } from './widgets.js';

/** What validation found; `value` is the document with its defaults filled in, when there is no error. */
export interface Findings<T> {
  errors: Problem[];
  warnings: Problem[];
  value?: T;
}

/** The account of a run that names none. Contract D4. */
export const DEFAULT_ACCOUNT: Account = accountSchema.parse({ id: 1 });

/**
 * Validates a flow. With an account, what depends on it counts as error; without one the default account stands in
 * and the same faults are warnings (D5).
 */
export function validateFlow(document: unknown, account?: Account): Findings<Flow> {
  if (isTooDeep(document)) return { errors: structuralErrors(flowSchema, document), warnings: [] };
  const tooLarge = sizeErrors(document);
  if (tooLarge.length > 0) return { errors: tooLarge, warnings: [] };
  const errors = structuralErrors(flowSchema, document);
  const warnings: Problem[] = [];
  if (!isObject(document)) return { errors, warnings };
  const owner = account ?? DEFAULT_ACCOUNT;
  const faults = flowEndFaults(document, owner);
  const set = variablesSet(document);
  for (const { path, part } of partsOf(document)) {
    const found = widgetFindings(part, owner);
    errors.push(...under(path, [...targetErrors(part), ...saveInErrors(part), ...found.errors]));
    faults.push(...under(path, found.faults));
    warnings.push(...under(path, [...unreachableWarnings(part), ...readWarnings(part, set), ...found.warnings]));
  }
  errors.push(...subflowErrors(document));
  warnings.push(...unusedSubflowWarnings(document));
  (account ? errors : warnings).push(...faults);
  return findings(flowSchema, document, errors, warnings);
}

/** Validates an account document. Contract D3. */
export function validateAccount(document: unknown): Findings<Account> {
  const errors = structuralErrors(accountSchema, document);
  const warnings: Problem[] = [];
  const parsed = accountSchema.safeParse(document);
  if (parsed.success && parsed.data.defaultWebhook) {
    const { url, auth, signingSecret } = parsed.data.defaultWebhook;
    errors.push(...accountFaults(url, auth, parsed.data, ['defaultWebhook']));
    errors.push(...signingErrors(signingSecret, parsed.data));
    warnings.push(...credentialWarnings(auth, ['defaultWebhook']));
  }
  if (parsed.success) {
    errors.push(...messagingErrors(parsed.data));
    warnings.push(...messagingWarnings(parsed.data));
    for (const [method, one] of Object.entries(parsed.data.functions))
      warnings.push(...credentialWarnings(one.auth, ['functions', method]));
  }
  return findings(accountSchema, document, errors, warnings);
}

/** Validates a caller file; with a flow, widgets that it waits for must exist there. Contract D6. */
export function validateCaller(document: unknown, flow?: Flow): Findings<Caller> {
  const errors = structuralErrors(callerSchema, document);
  const parsed = callerSchema.safeParse(document);
  if (parsed.success && flow) {
    const scripts = [
      ['steps', parsed.data.steps] as const,
      ...Object.entries(parsed.data.legs).map(([number, leg]) => [`legs/${number}/steps`, leg.steps] as const),
    ];
    for (const [place, steps] of scripts) {
      for (const [index, step] of steps.entries()) {
        if (!('until' in step) || !('widget' in step.until) || hasWidget(flow, step.until.widget)) continue;
        errors.push({
          code: 'UNKNOWN_WIDGET',
          pointer: `/${place}/${index}/until/widget`,
          message: `The flow has no widget "${step.until.widget}".`,
        });
      }
    }
  }
  return findings(callerSchema, document, errors, []);
}

/** Whether a flow has a widget; one of a subflow stands below the widget that runs it: `run/ask`. */
function hasWidget({ widgets, subflows }: Flow, path: string): boolean {
  const [key = '', ...below] = path.split('/');
  const widget = Object.hasOwn(widgets, key) ? widgets[key] : undefined;
  if (!widget || below.length === 0) return widget !== undefined;
  const inner = widget.type === 'subflow' ? subflows.find(({ id }) => id === widget.flow) : undefined;
  return inner !== undefined && hasWidget({ ...inner, subflows } as Flow, below.join('/'));
}

/** A value as a start or a command line gives it; null leaves the variable absent. */
type Given = string | number | boolean | null;

/** Validates values given from outside, by full variable name: may they be set, and do they fit? Contract V5, V6, B1. */
export function validateVariables(values: Readonly<Record<string, Given>>): Problem[] {
  const variables = new Variables();
  return Object.entries(values).flatMap(([name, value]) => {
    const fault = saveInFault(name) ?? limitFault(variables, name, value);
    return fault ? [{ ...fault, pointer: pointer(name) }] : [];
  });
}

function limitFault(variables: Variables, name: string, value: Given): Pick<Problem, 'code' | 'message'> | undefined {
  try {
    if (value !== null) variables.set(name, String(value));
    return undefined;
  } catch (error) {
    if (error instanceof VariableLimitError) return { code: 'INVALID_VALUE', message: error.message };
    throw error;
  }
}

/** The size of a document's JSON, in UTF-8 bytes. Contract V6. */
function sizeErrors(document: unknown): Problem[] {
  const bytes = new TextEncoder().encode(JSON.stringify(document)).length;
  if (bytes <= MAX_FLOW_BYTES) return [];
  const message = `The flow has ${bytes} bytes; at most ${MAX_FLOW_BYTES} are allowed.`;
  return [{ code: 'DOCUMENT_TOO_LARGE', pointer: '', message }];
}

function findings<T>(schema: z.ZodType<T>, document: unknown, errors: Problem[], warnings: Problem[]): Findings<T> {
  return errors.length > 0 ? { errors, warnings } : { errors, warnings, value: schema.parse(document) };
}

function flowEndFaults(document: Record<string, unknown>, account: Account): Problem[] {
  if (document.flowEndWebhook !== true || account.defaultWebhook) return [];
  return [
    {
      code: 'DEFAULT_WEBHOOK_MISSING',
      pointer: pointer('flowEndWebhook'),
      message: 'Default webhook is not configured',
    },
  ];
}
