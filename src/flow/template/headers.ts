/**
 * Puts the values of variables into headers. Contract T2, W4.
 * @module
 */
import { fillRows, type Row } from './rows.js';
import { TemplateError, type Lookup } from '../values/fill.js';

/** A token of RFC 9110, 5.6.2. */
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

const FORBIDDEN = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** Headers that frame the message or steer the connection: they are the engine's alone. */
export const FRAMING_HEADERS: ReadonlySet<string> = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'proxy-connection'],
  ...['upgrade', 'expect', 'te', 'trailer'],
]);

/**
 * The headers with their values, which are inserted raw and trimmed of blanks. A name that is no token and a value with
 * control characters give INVALID_REQUEST, so that no value can add a header. Contract T2, W4.
 *
 * @example fillHeaders([{ key: 'X-Tenant', value: '$flow.key.tenant', mandatory: true }], lookup)
 */
export function fillHeaders(rows: Row[], lookup: Lookup): [name: string, value: string][] {
  return fillRows(rows, lookup, 'header').map(([name, value], at): [string, string] => {
    if (!TOKEN.test(name))
      throw new TemplateError('INVALID_REQUEST', `The name of header ${at + 1} is not a valid header name.`);
    if (FORBIDDEN.test(value)) {
      throw new TemplateError(
        'INVALID_REQUEST',
        `The value of header ${name} holds a line end or another control character.`,
      );
    }
    return [name, trimmed(value)];
  });
}

/** Without blanks at its ends: an expression for those at its end would look at every blank within, again and again. */
function trimmed(value: string): string {
  let end = value.length;
  while (value[end - 1] === ' ' || value[end - 1] === '\t') end -= 1;
  return value.slice(0, end).replace(/^[ \t]+/, '');
}
