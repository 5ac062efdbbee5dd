/**
 * The workflow id of a call. Contract C5.
 * @module
 */
import { createHash } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The workflow id of a call, the same for the same bridge and its call id. Holds no number. Contract C5, C6. */
export function callWorkflowId(accountId: number, bridgeId: string, callId: string): string {
  const hash = createHash('sha256').update(`${bridgeId}\n${callId}`, 'utf8').digest();
  let bits = '';
  for (const byte of hash) bits += byte.toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,5}/g) ?? [];
  const text = groups.map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
  return `call-${accountId}-${text}`;
}
