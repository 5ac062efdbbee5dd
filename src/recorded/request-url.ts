/**
 * The URL that a recorded request went to.
 * @module
 */
import type { RecordedWebhook } from '../flow/documents/recorded-call.js';
import { textsBelow, variablesIn } from '../flow/values/reference.js';
import { appendQuery, fillUrl } from '../flow/template/url.js';

/** Variables whose values are of one call alone. */
export const OF_ONE_CALL =
  /^\$call\.(id|uuid|cdr|start|connect|hangup|duration)$|^\$flow\.syskey\.phonon_uuid$|^\$sys\./;

/** The URL as it was sent; undefined where it could not be formed, or holds what no other call has. */
export function requestUrl({ request, variables }: RecordedWebhook): string | undefined {
  const { url, query, auth } = request;
  if (auth.type === 'apiKey' && auth.in === 'query') return undefined;
  const names = [url, ...query.flatMap(({ key, value }) => [key, ...textsBelow(value)])].flatMap(variablesIn);
  if (names.some((name) => OF_ONE_CALL.test(name))) return undefined;
  const lookup = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const rows = query.flatMap(({ value, ...row }) => (typeof value === 'string' ? [{ ...row, value }] : []));
  // What a secret was, no record says.
  if (rows.length < query.length) return undefined;
  try {
    return new URL(appendQuery(fillUrl(url, lookup), rows, lookup)).href;
  } catch {
    return undefined;
  }
}
