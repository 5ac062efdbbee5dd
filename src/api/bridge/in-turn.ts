/**
 * What a bridge asks is done in the turn of the account that it concerns: a flood of one account makes none of the others wait.
 * @module
 */
import type { FastifyReply } from 'fastify';
import { type FairTurns, TooManyWaiting } from '../../calls/fair-turns.js';
import { RequestProblem } from '../problem.js';

/** Requests that name no account share the turns of this one. */
const NOBODY = 0;

/**
 * Does what a request asks when it is its account's turn.
 * @param urgent as in {@link FairTurns.take}
 * @throws {RequestProblem} 429 with `Retry-After` when too many requests of the account wait; what the work throws
 */
export async function inTurn<T>(
  turns: FairTurns,
  reply: FastifyReply,
  refusal: Pick<RequestProblem, 'code' | 'message'>,
  account: number | undefined,
  work: () => Promise<T>,
  urgent = false,
): Promise<T> {
  try {
    return await turns.take(account ?? NOBODY, work, urgent);
  } catch (error) {
    if (!(error instanceof TooManyWaiting)) throw error;
    void reply.header('retry-after', '1');
    throw new RequestProblem(429, refusal.code, refusal.message);
  }
}

/** The account that a start names, before anything of it is checked. */
export function accountOfStart(body: unknown): number | undefined {
  const { account } = (body ?? {}) as { account?: unknown };
  const id = typeof account === 'object' && account !== null ? (account as { id?: unknown }).id : account;
  return typeof id === 'number' ? id : undefined;
}

/** The account in the workflow id of a call that we started; undefined for another's. Contract C5. */
export function accountOfCall(call: string): number | undefined {
  const [, id] = /^call-(\d{1,15})-/.exec(call) ?? [];
  return id === undefined ? undefined : Number(id);
}
