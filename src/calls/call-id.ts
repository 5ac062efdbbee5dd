/**
 * The workflow id of a call. Contract C5.
 * @module
 */
import { base32Hash } from './base32-hash.js';

/** The workflow id of a call, the same for the same bridge and its call id. Holds no number. Contract C5, C6. */
export function callWorkflowId(accountId: number, bridgeId: string, callId: string): string {
  return `call-${accountId}-${base32Hash(`${bridgeId}\n${callId}`)}`;
}
