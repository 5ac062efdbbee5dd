/**
 * Hashes that can stand in ids. Contract C5.
 * @module
 */
import { createHash } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** SHA-256 of a text in UTF-8, in lower-case base32 without padding. */
export function base32Hash(text: string): string {
  let bits = '';
  for (const byte of createHash('sha256').update(text, 'utf8').digest()) bits += byte.toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}
