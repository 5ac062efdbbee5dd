/**
 * Entries of an account's allow-lists: the one reading of them, for validation and for every check. Contract D1, D3, F7, W11.
 * @module
 */
import { holds, parseAddress, parseRange, type Range } from './ip-address.js';

/** What an entry of `targetAllowList` names: addresses, one host, or every host below a name. */
export type TargetEntry = { range: Range } | { host: string } | { suffix: string };

/** A label of a host name, as the URL of a request would spell it. */
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Reads an entry of `targetAllowList`: an address, a CIDR, a host name, or `*.host` for every host below it.
 * Hosts come out as a URL spells them: lower case, punycode, without the dot at their end.
 * @returns undefined when the entry is none of these, and so exempts nothing.
 */
export function parseTargetEntry(text: string): TargetEntry | undefined {
  const entry = text.trim().toLowerCase();
  const range = parseRange(entry);
  if (range) return { range };
  const below = entry.startsWith('*.');
  const host = hostOf(below ? entry.slice(2) : entry);
  if (host === undefined) return undefined;
  // `127.1` and its like are addresses in a URL too.
  const spelled = parseRange(host);
  if (spelled) return below ? undefined : { range: spelled };
  return below ? { suffix: host } : { host };
}

/**
 * Reads an entry of `ipAllowList`: an address or a CIDR. A host name is none: requests come from addresses.
 * @returns undefined when the entry is neither, and so admits nobody.
 */
export function parseSourceEntry(text: string): Range | undefined {
  return parseRange(text.trim());
}

/**
 * Whether an `ipAllowList` that is not empty names an address. A faulty entry admits nobody, so a list of nothing else
 * admits nobody at all. An IPv4 address and the same in the form of version 6 are one address. Contract F7.
 */
export function namesSource(list: readonly unknown[], address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const forms = [plain, `::ffff:${plain}`].flatMap((form) => parseAddress(form) ?? []);
  return list.some((entry) => {
    const range = typeof entry === 'string' ? parseSourceEntry(entry) : undefined;
    return range !== undefined && forms.some((form) => holds(range, form));
  });
}

/** Whether a text is a host name as a URL spells it, and no address: upper case counts too. */
export function isHostName(text: string): boolean {
  const host = hostOf(text.toLowerCase());
  return host !== undefined && host === text.toLowerCase() && parseRange(host) === undefined;
}

function hostOf(entry: string): string | undefined {
  const url = `http://${entry}/`;
  if (entry === '' || /[/?#@:\\\s]/.test(entry) || !URL.canParse(url)) return undefined;
  const host = new URL(url).hostname.replace(/\.$/, '');
  return host.length <= 253 && host.split('.').every((label) => LABEL.test(label)) ? host : undefined;
}
