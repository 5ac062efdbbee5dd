/**
 * Puts the values of variables into plain text. Contract T6, W5.
 * @module
 */
import { tokenize } from '../values/reference.js';

/** The value of a variable by its full name (`$flow.key.x`), or undefined when it is absent. */
export type Lookup = (name: string) => string | undefined;

/** What an absent variable does: the request fails, or the place stays empty. Contract W5. */
export type OnMissing = 'fail' | 'empty';

/** Why a request cannot be formed; the message names variables and places, never values. Contract R3. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  constructor(
    readonly reason: 'INVALID_FLOW_VAR' | 'INVALID_REQUEST',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Fills a template, values inserted raw. Contract T6, W5.
 *
 * @example fillText('Dear $flow.key.name', lookup, 'fail')
 */
export function fillText(template: string, lookup: Lookup, onMissing: OnMissing): string {
  return tokenize(template)
    .map((token) => (token.kind === 'text' ? token.text : (valueOf(token.name, lookup, onMissing) ?? '')))
    .join('');
}

/** The value of a variable; when it is absent, undefined or INVALID_FLOW_VAR. Contract W5. */
export function valueOf(name: string, lookup: Lookup, onMissing: OnMissing): string | undefined {
  const value = lookup(name);
  if (value === undefined && onMissing === 'fail') {
    throw new TemplateError('INVALID_FLOW_VAR', `The variable ${name} has no value.`);
  }
  return value;
}
