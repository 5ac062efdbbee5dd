/**
 * Finding variables in text. Contract V1, V2.
 * @module
 */

/** The facts of a call that a flow may read, each as `$call.<name>`. Contract V1. */
export const CALL_FACTS = [
  'id',
  'uuid',
  'direction',
  'state',
  'cli',
  'cli.number',
  'dnis.number',
  'agent.dnis.number',
  'cdr',
  'start',
  'answeredBy',
  'connect',
  'hangup',
  'duration',
  'isdn',
] as const;
/** The name of one fact of a call. */
export type CallFact = (typeof CALL_FACTS)[number];

/** Of `call` and the longest fact: what is longer is tried no further, for a text may be nothing but dots. */
const MAX_FACT_PARTS = 1 + Math.max(...CALL_FACTS.map((fact) => fact.split('.').length));

/** What `$sys` says of this moment. Contract V1. */
export const MOMENTS = ['datetime', 'date', 'time', 'epoch'] as const;
/** The name of one part of this moment. */
export type Moment = (typeof MOMENTS)[number];

/**
 * A variable where it stands in a template: its full name (`$flow.key.NAME`), and the text that stands for it when it is
 * absent, where the template has one. Contract V2.
 */
export interface VariableToken {
  kind: 'variable';
  name: string;
  fallback?: string;
}
/** A piece of a template: plain text, or a variable. */
export type Token = { kind: 'text'; text: string } | VariableToken;

const NAME = '[A-Za-z_][A-Za-z0-9_]*';
const KEYED = `(?:(?:flow|user)\\.(?:key|syskey)|account\\.key)\\.${NAME}|sys\\.(?:${MOMENTS.join('|')})(?![A-Za-z0-9_])`;
const CALL = `call(?:\\.${NAME})+`;
const DEFAULT = ':-([^}$"\\\\\\r\\n]*)';
const TOKEN = new RegExp(`\\$(?:(\\$)|\\{(${KEYED}|${CALL})(?:${DEFAULT})?\\}|(${KEYED})|(${CALL}))`, 'g');
const WRITABLE = new RegExp(`^\\$(?:flow|user)\\.(?:key|syskey)\\.${NAME}$`);

/**
 * Splits a template into text and variables. `$$` is a dollar; anything else after `$` is plain text. A default
 * (`${flow.key.NAME:-guest}`) holds no `}`, `$`, `"`, `\` and line end, so that it is the same text in every place.
 * Contract V2.
 */
export function tokenize(template: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  const addText = (text: string) => {
    const last = tokens.at(-1);
    if (last?.kind === 'text') last.text += text;
    else if (text !== '') tokens.push({ kind: 'text', text });
  };
  for (const match of template.matchAll(TOKEN)) {
    addText(template.slice(end, match.index));
    end = match.index + match[0].length;
    const [, dollar, braced, fallback, keyed, call] = match;
    if (dollar) addText('$');
    else if (braced !== undefined)
      tokens.push({ kind: 'variable', name: `$${braced}`, ...(fallback !== undefined && { fallback }) });
    else if (call) {
      const fact = longestFact(call);
      tokens.push({ kind: 'variable', name: `$${fact}` });
      addText(call.slice(fact.length));
    } else tokens.push({ kind: 'variable', name: `$${keyed}` });
  }
  addText(template.slice(end));
  return tokens;
}

/** The names of the variables in a template, each once, in order. */
export function variablesIn(template: string): string[] {
  return [...new Set(tokenize(template).flatMap((token) => (token.kind === 'variable' ? [token.name] : [])))];
}

/** Every text below a value, itself included. */
export function* textsBelow(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) yield* textsBelow(one);
}

/** The value that `$account.key.NAME` has; undefined where the account has none of that name. Contract V1. */
export function accountValue(values: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  const key = name.slice('$account.key.'.length);
  return values && Object.hasOwn(values, key) ? values[key] : undefined;
}

/** Whether a flow may save in this name: a key or syskey of flow or user. Contract V1, V5. */
export function isWritable(name: string): boolean {
  return WRITABLE.test(name);
}

/** `call.start.x` in text is the fact `call.start` and the text `.x`: the longest name that is a fact wins. */
function longestFact(dotted: string): string {
  const parts = dotted.split('.', MAX_FACT_PARTS);
  for (let length = parts.length; length > 1; length--) {
    const fact = parts.slice(1, length).join('.');
    if ((CALL_FACTS as readonly string[]).includes(fact)) return `call.${fact}`;
  }
  return dotted;
}
