/**
 * Where a request may go: the rules on URLs (W2) and on the addresses connected to (W11).
 * @module
 */
import { encodedUrl } from '../flow/template/url.js';
import { inside, holds, isForbidden, parseAddress, parseRange, type Range } from './address.js';

/** The address to connect to is refused by W11. */
export class RefusedTarget extends Error {
  override readonly name = 'RefusedTarget';
}

/**
 * Checks a URL after substitution, and takes its fragment off. Contract W2.
 * @returns the URL, or in words what is wrong with it.
 */
export function checkUrl(text: string, httpEnabled: boolean): URL | string {
  if (/^http:/i.test(text) && !httpEnabled) {
    return 'The URL starts with http:, but the account allows only https:.';
  }
  // `new URL` would mend other beginnings (blanks, a missing slash) into something that the author did not write.
  if (!/^https?:\/\//i.test(text)) {
    return httpEnabled ? 'The URL does not start with https:// or http://.' : 'The URL does not start with https://.';
  }
  // `new URL` would drop tabs and line ends, and read a backslash as a slash, in the host too.
  if (/^https?:\/\/[^/?#]*[\\\s]/i.test(text.trim())) return "The URL's host holds a blank or a backslash.";
  const encoded = encodedUrl(text);
  if (!URL.canParse(encoded)) return 'The URL is not valid.';
  const url = new URL(encoded);
  if (url.username !== '' || url.password !== '') return 'The URL holds credentials. Use the auth of the request.';
  url.hash = '';
  return url;
}

/** Which addresses one account may reach: all public ones, and what its `targetAllowList` exempts. Contract W11. */
export class TargetPolicy {
  /** Equal for equal policies: connections are shared only between requests of one policy. */
  readonly key: string;
  readonly #hosts = new Set<string>();
  readonly #suffixes: string[] = [];
  readonly #ranges: Range[] = [];

  /** @param allowList host names (`api.local`, or `*.local` for all below), single addresses and CIDRs. */
  constructor(allowList: readonly string[]) {
    const entries = [...new Set(allowList.map((entry) => entry.trim().toLowerCase()))].sort();
    this.key = JSON.stringify(entries);
    for (const entry of entries) {
      const range = parseRange(entry) ?? parseRange(hostOf(entry));
      if (range) this.#ranges.push(range);
      else if (entry === '' || entry.includes('/')) continue;
      else if (entry.startsWith('*.')) this.#suffixes.push(hostOf(entry.slice(2)));
      else this.#hosts.add(hostOf(entry));
    }
  }

  /** Whether a host is named in the list, and so may have any address. */
  exempts(host: string): boolean {
    const name = bare(host);
    return this.#hosts.has(name) || this.#suffixes.some((suffix) => name.endsWith(`.${suffix}`));
  }

  /** Whether an address may be connected to. What is no address at all is refused. */
  permits(text: string): boolean {
    const address = parseAddress(text);
    if (!address) return false;
    if (!isForbidden(address)) return true;
    const judged = inside(address);
    return this.#ranges.some((range) => holds(range, address) || holds(range, judged));
  }
}

/** A host as the URL of a request would spell it: lower case, punycode, IPv4 in dotted form. */
function hostOf(entry: string): string {
  const url = `http://${entry}/`;
  return bare(!entry.includes('/') && URL.canParse(url) ? new URL(url).hostname : entry);
}

function bare(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
