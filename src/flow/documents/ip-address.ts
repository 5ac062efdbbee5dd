/**
 * IP addresses and ranges of them, as numbers. Contract D3, F7, W11.
 * @module
 */

/** An address, its version and its value as one number. */
export interface Address {
  version: 4 | 6;
  value: bigint;
}

/** A range of addresses: all that share its first bits. */
export interface Range {
  version: 4 | 6;
  prefix: bigint;
  /** How many bits follow the prefix. */
  free: bigint;
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** Reads an IP address in its usual forms, with or without brackets; undefined when it is none. A zone (`%eth0`) is dropped. */
export function parseAddress(text: string): Address | undefined {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (IPV4.test(bare)) return { version: 4, value: groups(bare.split('.'), 8n, 10) };
  const url = `http://[${bare}]/`;
  if (!/^[\da-f:.]+$/i.test(bare) || !URL.canParse(url)) return undefined;
  // The URL spells an address of version 6 in hexadecimal, an IPv4 address at its end included.
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return { version: 6, value: groups([...before, ...zeros, ...after], 16n, 16) };
}

/** Reads a CIDR, or one address as the range of itself; undefined when it is neither. */
export function parseRange(text: string): Range | undefined {
  const [base = '', bits, ...rest] = text.split('/');
  const address = parseAddress(base);
  if (!address || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
  const width = address.version === 4 ? 32 : 128;
  const length = bits === undefined ? width : Number(bits);
  if (length > width) return undefined;
  const free = BigInt(width - length);
  return { version: address.version, prefix: address.value >> free, free };
}

/** Whether a range holds an address. */
export function holds(range: Range, address: Address): boolean {
  return range.version === address.version && address.value >> range.free === range.prefix;
}

function groups(parts: string[], bits: bigint, radix: 10 | 16): bigint {
  return parts.reduce((value, part) => (value << bits) | BigInt(Number.parseInt(part, radix)), 0n);
}
