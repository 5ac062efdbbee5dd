/**
 * Puts the values of variables into text: the one filler, with a named policy for a variable that is absent.
 * Contract V3, V4, T6, W5.
 * @module
 */
import { tokenize, type VariableToken } from './reference.js';

/** The value of a variable by its full name (`$flow.key.x`), or undefined when it is absent. */
export type Lookup = (name: string) => string | undefined;

/**
 * What an absent variable gives: a text in its place, undefined to make the whole text absent, or an error.
 * `alone` says that the variable is the whole template.
 */
export type Absent<T extends string | undefined> = (name: string, alone: boolean) => T;

/** Why a request cannot be formed. The message names variables and places, never values. Contract R3. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  constructor(
    readonly reason: 'INVALID_FLOW_VAR' | 'INVALID_REQUEST',
    message: string,
  ) {
    super(message);
  }
}

/** What a variable of a template stands for: its value, else its default; undefined without either. Contract V2. */
export function valueOf({ name, fallback }: VariableToken, lookup: Lookup): string | undefined {
  return lookup(name) ?? fallback;
}

/** The first variable of a template that has neither a value nor a default. Contract V2, W4. */
export function absentIn(template: string, lookup: Lookup): string | undefined {
  const variables = tokenize(template).filter((token) => token.kind === 'variable');
  return variables.find((token) => valueOf(token, lookup) === undefined)?.name;
}

/** A text as the template that gives it. Contract V2. */
export function literalText(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** The same template, in which an absent variable without a default leaves nothing in its place: `onMissing: "empty"`. Contract W5. */
export function withEmptyDefaults(template: string): string {
  const parts = tokenize(template).map((token) =>
    token.kind === 'text' ? literalText(token.text) : `\${${token.name.slice(1)}:-${token.fallback ?? ''}}`,
  );
  return parts.join('');
}

/** An absent variable fails the request. Contract W5. @throws {TemplateError} INVALID_FLOW_VAR */
export function orFail(name: string): never {
  throw new TemplateError('INVALID_FLOW_VAR', `The variable ${name} has no value.`);
}

/** An absent variable leaves nothing in its place. Contract V4, W5. */
export const orEmpty = (): string => '';

/** A text in which a variable is absent is itself absent. Contract D2. */
export const orAbsent = (): undefined => undefined;

/** An absent variable is copied as absent when it is the whole text, and leaves nothing in its place in a longer one. Contract V3. */
export const orAbsentAlone = (_name: string, alone: boolean): string | undefined => (alone ? undefined : '');

/** The policy that a body's `onMissing` names. Contract W5. */
export const POLICIES = { fail: orFail, empty: orEmpty } as const;

/**
 * Fills a template. A value is inserted as it is, or as `insert` writes it, and is not searched for variables again.
 *
 * @example fill('Dear $flow.key.name', lookup, orFail)
 */
export function fill<T extends string | undefined>(
  template: string,
  lookup: Lookup,
  absent: Absent<T>,
  insert: (value: string) => string = (value) => value,
): string | Extract<T, undefined> {
  const tokens = tokenize(template);
  let text = '';
  for (const token of tokens) {
    if (token.kind === 'text') {
      text += token.text;
      continue;
    }
    const value = valueOf(token, lookup) ?? absent(token.name, tokens.length === 1);
    if (value === undefined) return value as Extract<T, undefined>;
    text += insert(value);
  }
  return text;
}
