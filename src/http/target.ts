/**
 * Where a request may go: the rules on URLs (W2) and on the addresses connected to (W11).
 * @module
 */
import { parseTargetEntry } from '../flow/documents/allow-list.js';
import { holds, parseAddress, type Range } from '../flow/documents/ip-address.js';
import { inside, isForbidden } from './forbidden-addresses.js';
import { encodedUrl } from '../flow/template/url.js';

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

  /**
   * @param allowList host names (`api.local`, or `*.local` for all below), single addresses and CIDRs. A faulty entry,
   * which a document of before 0.7.0 may hold, exempts nothing.
   */
  constructor(allowList: readonly string[]) {
    const entries = [...new Set(allowList.map((entry) => entry.trim().toLowerCase()))].sort();
    this.key = JSON.stringify(entries);
    for (const entry of entries) {
      const named = parseTargetEntry(entry) ?? parseTargetEntry(withoutPort(entry));
      if (named === undefined) continue;
      if ('range' in named) this.#ranges.push(named.range);
      else if ('suffix' in named) this.#suffixes.push(named.suffix);
      else this.#hosts.add(named.host);
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

/** The entry as documents of before 0.7.0 may have it: the port was never looked at, and still is not. Contract C4. */
function withoutPort(entry: string): string {
  return entry.replace(/^([^:]*|\[[^\]]*\]):\d+$/, '$1');
}

function bare(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
