/**
 * Which URLs a bridge may have: whoever starts a call names one, and the operator decides which count. Contract B6, D3.
 * @module
 */
import { isLoopbackHost } from '../../crypto/loopback.js';

/** The URLs under which bridges are taken. */
export class BridgeUrls {
  /** @param allowed null: this machine alone. */
  private constructor(private readonly allowed: readonly URL[] | null) {}

  /**
   * Reads the setting: origins or URL prefixes, separated by commas. Empty or left out: this machine alone.
   * @throws {RangeError} naming the entry that is none.
   */
  static parse(list: string | undefined): BridgeUrls {
    const entries = (list ?? '').split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
    return new BridgeUrls(entries.length === 0 ? null : entries.map(entryOf));
  }

  /**
   * Why commands are not sent to a URL; null when they may be.
   * @param signed whether commands are signed: unsigned ones stay on this machine.
   */
  refusal(url: string, signed: boolean): string | null {
    if (!URL.canParse(url)) return 'This is no URL.';
    const target = new URL(url);
    if (!this.#allows(target)) {
      return `The bridge at ${target.origin} is not allowed here: the setting HOOKLINE_BRIDGE_URLS (default: this machine) does not name its URL.`;
    }
    if (signed || isLoopbackHost(target.hostname)) return null;
    return `The bridge at ${target.origin} is on another machine, and its commands would go unsigned: set HOOKLINE_BRIDGE_SECRET.`;
  }

  #allows(target: URL): boolean {
    if (!/^https?:$/.test(target.protocol) || target.username !== '' || target.password !== '') return false;
    if (this.allowed === null) return isLoopbackHost(target.hostname);
    return this.allowed.some((entry) => entry.origin === target.origin && isUnder(target.pathname, entry.pathname));
  }
}

/** Whether a path lies under another, segment by segment. An encoded slash could lead out of it on the other side. */
function isUnder(path: string, prefix: string): boolean {
  const base = prefix.replace(/\/$/, '');
  if (base === '') return true;
  return (path === base || path.startsWith(`${base}/`)) && !/%2f|%5c/i.test(path);
}

function entryOf(entry: string): URL {
  const url = URL.canParse(entry) ? new URL(entry) : undefined;
  const plain = url && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!plain || !/^https?:$/.test(url.protocol))
    throw new RangeError(`HOOKLINE_BRIDGE_URLS: not an http or https URL: ${entry}`);
  return url;
}
