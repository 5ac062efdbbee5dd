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
import { ACCOUNT_FIELDS, accountFindings, fieldsInDoubt } from './accounts.js';
import { languageErrors } from './widgets/prompts.js';
import { judgeReadable, readableValue } from './readable.js';
import { targetErrors, unreachableWarnings } from './graph.js';
import { isObject, pointer, under } from './pointer.js';
import { isTooDeep, structuralErrors } from './structure.js';
import { partsOf, subflowErrors, unusedSubflowWarnings } from './subflows.js';
import { readWarnings, reportWarnings, saveInErrors, saveInFault, variablesSet } from './variable-use.js';
import { widgetFindings } from './widgets/widgets.js';

/** What validation found; `value` is the document with its defaults filled in, when there is no error. */
export interface Findings<T> {
  errors: Problem[];
  warnings: Problem[];
  /** Of a stored document: what rules refuse that are newer than it; an error in one that comes in. Contract C4. */
  outdated?: Problem[];
  /** What can be read of a document that has errors. Contract C4. */
  readable?: T;
  value?: T;
}

/**
 * Where a document comes from: `incoming` from outside, so that every rule holds; or `stored`, checked when it was stored,
 * so that a rule which is newer refuses no call (C4).
 */
export type Origin = 'incoming' | 'stored';

/** The findings of a document that came in as a text, with the slips of that text. Contract D1, C4. */
export function withSlips<T>(slips: readonly Problem[], { value, ...found }: Findings<T>): Findings<T> {
  const errors = [...slips, ...found.errors];
  return { ...found, errors, ...(errors.length === 0 && value !== undefined && { value }) };
}

/** The account of a run that names none. Contract D4. */
export const DEFAULT_ACCOUNT: Account = accountSchema.parse({ id: 1 });

/**
 * Validates a flow. With an account, what depends on it counts as error; without one the default account stands in
 * and the same faults are warnings (D5).
 */
export function validateFlow(document: unknown, account?: Account, origin: Origin = 'incoming'): Findings<Flow> {
  if (isTooDeep(document)) return { errors: structuralErrors(flowSchema, document), warnings: [] };
  const tooLarge = sizeErrors(document);
  if (tooLarge.length > 0) return { errors: tooLarge, warnings: [] };
  const errors = structuralErrors(flowSchema, document);
  const warnings: Problem[] = [];
  if (!isObject(document)) return { errors, warnings };
  const owner = account ?? DEFAULT_ACCOUNT;
  const faults = flowEndFaults(document, owner);
  const newer: Problem[] = [];
  const set = variablesSet(document);
  for (const { path, part } of partsOf(document)) {
    const found = widgetFindings(part, owner);
    errors.push(...under(path, [...targetErrors(part), ...saveInErrors(part), ...found.errors]));
    faults.push(...under(path, found.faults));
    newer.push(...under(path, found.newer));
    warnings.push(...under(path, [...unreachableWarnings(part), ...readWarnings(part, set, owner), ...found.warnings]));
  }
  errors.push(...subflowErrors(document), ...languageErrors(document.language, []));
  warnings.push(...unusedSubflowWarnings(document), ...reportWarnings(document, set));
  (account ? errors : warnings).push(...faults);
  return findings(flowSchema, document, { errors, warnings, newer }, origin);
}

/** Validates an account document. Contract D3, C4. */
export function validateAccount(document: unknown, origin: Origin = 'incoming'): Findings<Account> {
  const shape = structuralErrors(accountSchema, document);
  const meaning = isTooDeep(document) ? undefined : judgeReadable(accountSchema, document, [], accountFindings);
  const { errors = [], warnings = [], newer = [] } = meaning ?? {};
  const found = findings(accountSchema, document, { errors: [...shape, ...errors], warnings, newer }, origin);
  if (found.value || isTooDeep(document)) return found;
  const readable = readableValue(accountSchema, document);
  return { ...found, ...(readable && { readable }) };
}

/**
 * Validates a flow beside its account. Of fields in which the account has an error nothing is claimed: that they are missing
 * would be an error after that error. Contract C4, D5.
 */
export function validateFlowBeside(document: unknown, account: Findings<Account>): Findings<Flow> {
  if (account.value) return validateFlow(document, account.value);
  const { errors, warnings } = validateFlow(document, account.readable ?? DEFAULT_ACCOUNT);
  const doubtful = fieldsInDoubt(account);
  const known = ({ code }: Problem) => {
    const field = ACCOUNT_FIELDS[code];
    return field === undefined || !(doubtful === 'all' || doubtful.has(field));
  };
  return { errors: errors.filter(known), warnings };
}

/** Validates a caller file; with a flow, widgets that it waits for must exist there. Contract D6, C4. */
export function validateCaller(document: unknown, flow?: Flow): Findings<Caller> {
  const shape = structuralErrors(callerSchema, document);
  const meaning =
    flow && !isTooDeep(document)
      ? judgeReadable(callerSchema, document, [], (caller) => ({ errors: unknownWidgets(caller, flow) }))
      : undefined;
  const errors = [...shape, ...(meaning?.errors ?? [])];
  return findings(callerSchema, document, { errors, warnings: [], newer: [] }, 'incoming');
}

/** Steps that wait for a widget which the flow does not have. */
function unknownWidgets({ steps, legs }: Caller, flow: Flow): Problem[] {
  const scripts = [
    { place: ['steps'], script: steps },
    ...Object.entries(legs).map(([number, leg]) => ({ place: ['legs', number, 'steps'], script: leg.steps })),
  ];
  return scripts.flatMap(({ place, script }) =>
    script.flatMap((step, index): Problem[] => {
      if (!('until' in step) || !('widget' in step.until) || hasWidget(flow, step.until.widget)) return [];
      const message = `The flow has no widget "${step.until.widget}".`;
      return [{ code: 'UNKNOWN_WIDGET', pointer: pointer(...place, index, 'until', 'widget'), message }];
    }),
  );
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

/** What was found, with what rules of 0.7.0 and later refuse: errors, but for a stored document. Contract C4. */
interface Found {
  errors: Problem[];
  warnings: Problem[];
  newer: Problem[];
}

function findings<T>(schema: z.ZodType<T>, document: unknown, found: Found, origin: Origin): Findings<T> {
  const { warnings, newer } = found;
  const errors = origin === 'stored' ? found.errors : [...found.errors, ...newer];
  const outdated = origin === 'stored' && newer.length > 0 ? { outdated: newer } : {};
  return errors.length > 0
    ? { errors, warnings, ...outdated }
    : { errors, warnings, ...outdated, value: schema.parse(document) };
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
