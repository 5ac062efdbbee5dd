/**
 * Documents that come in with a start of a call or a request: checked where they hold up nobody. Contract C4, D1, D5.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Findings } from '../flow/validation/validate.js';
import { Refusal, type Owner, type Works } from './judge.js';
import { judging } from './pool.js';

/** Milliseconds that a document waits for its turn. */
const TURN_MS = 8000;

/** An owner of documents of an account; 0 for an account that is not known yet. */
export function ownerOfDocuments(account: number): Owner {
  return { account, place: randomUUID(), signal: AbortSignal.timeout(TURN_MS) };
}

/**
 * What is wrong with a flow or account document, as validation says. One that takes too long has the error DOCUMENT_TOO_LARGE.
 * @throws {Refusal} TIMEOUT when it had no turn within 8 s
 */
export async function findingsOf<K extends 'flow' | 'account'>(
  kind: K,
  given: Works[K]['given'],
  account: number,
): Promise<Works[K]['gives']> {
  try {
    return await judging.judge(kind, given, ownerOfDocuments(account));
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'DOCUMENT_TOO_LARGE') throw error;
    const errors = [{ code: error.reason, pointer: '', message: error.message }];
    return { errors, warnings: [] } satisfies Findings<never> as Works[K]['gives'];
  }
}
