/**
 * Which addresses a request may not reach. Contract W11.
 * @module
 */
import { type Address, holds, parseRange, type Range } from '../flow/documents/ip-address.js';

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
