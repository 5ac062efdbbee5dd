/**
 * How a flow uses variables: names it may not save in, names it reads but never sets. Contract V2, V5, D5.
 * @module
 */
import type { Problem } from '../errors.js';
import { INTERNAL_FUNCTIONS } from '../internal-functions.js';
import type { Account } from '../documents/account.js';
import { arrayOf } from '../values/array-leftovers.js';
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

/** Stands for every name. */
const ANYTHING = '*';

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
  const widgets = partsOf(document).flatMap(({ part }) => Object.values(isObject(part.widgets) ? part.widgets : {}));
  const given = widgets.flatMap((widget) =>
    isObject(widget) && isObject(widget.with) ? Object.keys(widget.with) : [],
  );
  // Its fields are those of the list, whose names only an answer knows.
  const items = widgets.flatMap((widget) =>
    isObject(widget) && widget.type === 'forEach' && typeof widget.saveIn === 'string' ? [`${widget.saveIn}_*`] : [],
  );
  // What a stored flow sets is not known here.
  const runsStored = widgets.some((widget) => isObject(widget) && widget.type === 'subflow' && isObject(widget.flow));
  const unknown = runsStored ? [ANYTHING] : [];
  const saved = targets.map(({ text }) => text);
  return new Set([...RESULT_VARIABLES, ...outputs, ...inputs, ...given, ...items, ...unknown, ...saved]);
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

/** `${flow.key.a * 2}` looks like a calculation. */
function calculationHint(text: string, shown: string): string {
  const after = text.slice(text.indexOf(shown) + shown.length);
  return shown.startsWith('${') && /^\s*[-+*/%]/.test(after) && !after.startsWith(':-')
    ? ' Texts do not calculate: use an "operation" widget.'
    : '';
}

/** `$flow.key.slot_$flow.key.i` looks like a name that another variable completes. */
function joinedHint(text: string, name: string): string {
  const follows = text.slice(text.indexOf(name) + name.length);
  return name.endsWith('_') && follows.startsWith('$')
    ? ' A name cannot be put together from variables: use the operation "pick", or "forEach".'
    : '';
}

/** Where widgets name a list: `over` of `forEach`, `of` of the operation `pick`. */
function* listsIn(widgets: Record<string, unknown>): Generator<{ path: PropertyKey[]; text: string }> {
  for (const [key, widget] of Object.entries(widgets)) {
    if (!isObject(widget)) continue;
    if (typeof widget.over === 'string') yield { path: [key, 'over'], text: widget.over };
    const { operation } = widget;
    if (isObject(operation) && typeof operation.of === 'string')
      yield { path: [key, 'operation', 'of'], text: operation.of };
  }
}

/** Whether a variable is set, itself, as an item of an array, or as a field of the item of a `forEach`. */
function isAmong(set: ReadonlySet<string>, name: string): boolean {
  return (
    set.has(ANYTHING) ||
    set.has(name) ||
    set.has(arrayOf(name)) ||
    set.has(name.replace(/_[A-Za-z][A-Za-z0-9]*$/, '_*'))
  );
}

/** Variables that are read but not in `set`, nor a value of the account, and texts that look like variables but are none. */
export function readWarnings(
  document: Record<string, unknown>,
  set: ReadonlySet<string>,
  { values }: Account,
): Problem[] {
  const problems: Problem[] = [];
  const reported = new Set<string>();
  for (const { path, text } of listsIn(isObject(document.widgets) ? document.widgets : {})) {
    if (!text.startsWith('$flow.key.') || isAmong(set, text)) continue;
    const message = `"${text}" is read here as a list, and nothing in the flow sets it.`;
    problems.push({ code: 'VARIABLE_NEVER_SET', pointer: pointer('widgets', ...path), message });
  }
  const widgets = isObject(document.widgets) ? document.widgets : {};
  for (const { path, text } of textsIn(widgets, ['widgets'])) {
    const place = pointer(...path);
    for (const token of tokenize(text.replaceAll('$$', ''))) {
      if (token.kind === 'text') {
        for (const [shown] of token.text.matchAll(/\$\{?[A-Za-z_]+\.[A-Za-z_][A-Za-z0-9_.]*/g)) {
          problems.push({
            code: 'UNKNOWN_NAMESPACE_IN_TEXT',
            pointer: place,
            message: `"${shown}" is plain text: there is no such variable.${calculationHint(token.text, shown)}`,
          });
        }
        for (const [shown] of token.text.matchAll(/\{\{[^{}\n]{1,100}\}\}/g)) {
          const message = `"${shown}" is plain text: a variable is written as $flow.key.NAME.`;
          problems.push({ code: 'UNKNOWN_NAMESPACE_IN_TEXT', pointer: place, message });
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
          message: `"${token.name}" is read here, and nothing in the flow sets it.${joinedHint(text, token.name)}`,
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
