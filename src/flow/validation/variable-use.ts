/**
 * How a flow uses variables: names it may not save in, names it reads but never sets. Contract V2, V5, D5.
 * @module
 */
import type { Problem } from '../errors.js';
import { INTERNAL_FUNCTIONS } from '../internal-functions.js';
import type { Account } from '../documents/account.js';
import { accountValue, CALL_FACTS, isWritable, tokenize } from '../values/reference.js';
import { RESULT_VARIABLES } from '../values/webhook-result.js';
import { nearest } from './nearest.js';
import { isObject, pointer } from './pointer.js';
import { partsOf } from './subflows.js';
import { targetsIn, textsIn } from './template-fields.js';

/** Why a value cannot be saved under this name; undefined when it can. Contract V5. */
export function saveInFault(name: string): Pick<Problem, 'code' | 'message'> | undefined {
  if (isWritable(name)) return undefined;
  if (/^\$(\{)?call\b/.test(name)) {
    return { code: 'READ_ONLY_VARIABLE', message: `"${name}" is a fact of the call and cannot be set.` };
  }
  if (/^\$(\{)?(account|sys)\b/.test(name)) {
    return { code: 'READ_ONLY_VARIABLE', message: `"${name}" cannot be set: only read.` };
  }
  return {
    code: 'UNKNOWN_NAMESPACE',
    message: `"${name}" is no variable that can be set. Write $flow.key.NAME or $user.key.NAME.`,
  };
}

/** Every `saveIn` that cannot be saved in. Works on any document, valid or not. */
export function saveInErrors(document: Record<string, unknown>): Problem[] {
  return [...targetsIn(document.widgets, ['widgets'])].flatMap(({ path, text }) => {
    const fault = saveInFault(text);
    return fault ? [{ ...fault, pointer: pointer(...path) }] : [];
  });
}

/** Every variable that a flow or one of its subflows sets, or that its calls begin with. */
export function variablesSet(document: Record<string, unknown>): ReadonlySet<string> {
  const targets = partsOf(document).flatMap(({ part }) => [...targetsIn(part.widgets)]);
  const outputs = Object.values(INTERNAL_FUNCTIONS).flatMap((one) => [...one.outputs]);
  const inputs = isObject(document.inputs) ? Object.keys(document.inputs) : [];
  return new Set([...RESULT_VARIABLES, ...outputs, ...inputs, ...targets.map(({ text }) => text)]);
}

/** Variables that the report is to have, and that nothing sets. Contract D2b. */
export function reportWarnings(document: Record<string, unknown>, set: ReadonlySet<string>): Problem[] {
  const names: unknown[] = Array.isArray(document.report) ? document.report : [];
  return names.flatMap((name, index): Problem[] => {
    if (typeof name !== 'string' || !name.startsWith('$flow.key.') || isAmong(set, name)) return [];
    const message = `"${name}" is to be reported, and nothing in the flow sets it.`;
    return [{ code: 'VARIABLE_NEVER_SET', pointer: pointer('report', index), message }];
  });
}

/** Whether a variable is set, itself or as an item of an array. */
function isAmong(set: ReadonlySet<string>, name: string): boolean {
  return set.has(name) || set.has(name.replace(/_(\d+|size)$/, ''));
}

/** Variables that are read but not in `set`, nor a value of the account, and texts that look like variables but are none. */
export function readWarnings(
  document: Record<string, unknown>,
  set: ReadonlySet<string>,
  { values }: Account,
): Problem[] {
  const problems: Problem[] = [];
  const reported = new Set<string>();
  const widgets = isObject(document.widgets) ? document.widgets : {};
  for (const { path, text } of textsIn(widgets, ['widgets'])) {
    const place = pointer(...path);
    for (const token of tokenize(text.replaceAll('$$', ''))) {
      if (token.kind === 'text') {
        for (const [shown] of token.text.matchAll(/\$\{?[A-Za-z_]+\.[A-Za-z_][A-Za-z0-9_.]*/g)) {
          problems.push({
            code: 'UNKNOWN_NAMESPACE_IN_TEXT',
            pointer: place,
            message: `"${shown}" is plain text: there is no such variable.`,
          });
        }
      } else if (token.name.startsWith('$call.')) {
        const fact = token.name.slice('$call.'.length);
        if ((CALL_FACTS as readonly string[]).includes(fact)) continue;
        const known = nearest(fact, CALL_FACTS);
        const hint = known ? ` Did you mean "$call.${known}"?` : '';
        problems.push({
          code: 'UNKNOWN_CALL_FACT',
          pointer: place,
          message: `"${token.name}" is no fact of a call.${hint}`,
        });
      } else if (token.fallback !== undefined || reported.has(token.name)) {
        continue;
      } else if (token.name.startsWith('$account.') && accountValue(values, token.name) === undefined) {
        reported.add(token.name);
        problems.push({
          code: 'VARIABLE_NEVER_SET',
          pointer: place,
          message: `"${token.name}" is read here, and the account has no such value.`,
        });
      } else if (token.name.startsWith('$flow.key.') && !isAmong(set, token.name)) {
        reported.add(token.name);
        problems.push({
          code: 'VARIABLE_NEVER_SET',
          pointer: place,
          message: `"${token.name}" is read here, and nothing in the flow sets it.`,
        });
      }
    }
  }
  return problems;
}

/**
 * Texts of a flow that was stored before defaults were known, and that have one now: `${flow.key.NAME:-guest}` was plain text.
 * Contract V2, C4.
 */
export function newDefaultWarnings(document: Record<string, unknown>): Problem[] {
  return partsOf(document).flatMap(({ path, part }) =>
    [...textsIn(part.widgets, [...path, 'widgets'])].flatMap(({ path: place, text }): Problem[] => {
      const token = tokenize(text).find((one) => one.kind === 'variable' && one.fallback !== undefined);
      if (token?.kind !== 'variable') return [];
      const message = `What was plain text here is the variable ${token.name} with a default since 0.7.0.`;
      return [{ code: 'DEFAULT_WAS_TEXT', pointer: pointer(...place), message }];
    }),
  );
}
