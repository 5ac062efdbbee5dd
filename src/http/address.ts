/**
 * IP addresses as numbers, and which of them a request may not reach. Contract W11.
 * @module
 */
import { isIPv4, isIPv6 } from 'node:net';

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

/** Reads an IP address in its usual forms; undefined when it is none. A zone (`%eth0`) is dropped. */
export function parseAddress(text: string): Address | undefined {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (isIPv4(bare)) return { version: 4, value: groups(bare.split('.'), 8n, 10) };
  if (!isIPv6(bare)) return undefined;
  const hex = bare.replace(/[\d.]+$/, (tail) => (isIPv4(tail) ? inHex(tail) : tail));
  const [head = '', tail] = hex.split('::');
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

/** Ranges of IPv6 that carry an IPv4 address, and how far from the right end it stands. */
const CARRIERS = [
  { range: known('::/96'), shift: 0n },
  { range: known('::ffff:0:0/96'), shift: 0n },
  { range: known('::ffff:0:0:0/96'), shift: 0n },
  { range: known('64:ff9b::/96'), shift: 0n },
  { range: known('2002::/16'), shift: 80n },
];

/** The IPv4 address inside an IPv6 one (mapped, translated, NAT64, 6to4), by which W11 judges it; else itself. */
export function inside(address: Address): Address {
  const carrier = CARRIERS.find(({ range }) => holds(range, address));
  return carrier ? { version: 4, value: (address.value >> carrier.shift) & 0xffffffffn } : address;
}

const FORBIDDEN: readonly Range[] = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // CGNAT; some clouds serve metadata here
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, and the metadata address of most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments; metadata of one cloud
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarking
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '64:ff9b:1::/48', // NAT64 of a local network: what it leads to is that network's secret
  '100::/64', // discard
  '2001::/32', // Teredo: a tunnel to a machine behind a NAT
  'fc00::/7', // private, and the metadata address fd00:ec2::254
  'fe80::/10', // link-local
  'fec0::/10', // site-local, the private range of old
  'ff00::/8', // multicast
].map(known);

/** Whether W11 refuses an address; `::` and `::1` count as the IPv4 addresses inside them. */
export function isForbidden(address: Address): boolean {
  const judged = inside(address);
  return FORBIDDEN.some((range) => holds(range, judged));
}

function known(cidr: string): Range {
  const range = parseRange(cidr);
  if (!range) throw new TypeError(`Not a range of addresses: ${cidr}`);
  return range;
}

function groups(parts: string[], bits: bigint, radix: 10 | 16): bigint {
  return parts.reduce((value, part) => (value << bits) | BigInt(Number.parseInt(part, radix)), 0n);
}

function inHex(dotted: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
