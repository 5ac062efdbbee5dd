/**
 * The host of a URL that an author wrote. Logs, summaries, metrics and details name it; the value of a variable may be a
 * secret, and is in none of them. Contract C6.
 * @module
 */
import { tokenize } from './reference.js';

const NAME = '[^/?#:@[\\]\\s$]+';
const ADDRESS = '\\[[0-9a-f:.]+\\]';
const HOST = new RegExp(`^https?://((${NAME}|${ADDRESS})(?::\\d*)?)(?=([/?#])|$)`, 'i');

/**
 * The host of a URL template as it stands there, without its port, an IPv6 address in its brackets.
 * @returns undefined when a variable is or may change a part of it, or of the port, and for what is no URL of http or https
 */
export function literalHost(template: string): string | undefined {
  return literalPlace(template)?.host;
}

/** The same with the port, where the template has one. */
export function literalAuthority(template: string): string | undefined {
  return literalPlace(template)?.authority;
}

function literalPlace(template: string): { host: string; authority: string } | undefined {
  const [start, variable] = tokenize(template.trim());
  if (start?.kind !== 'text') return undefined;
  const [, authority, host, end] = HOST.exec(start.text) ?? [];
  if (authority === undefined || host === undefined || (end === undefined && variable !== undefined)) return undefined;
  return { authority, host };
}
