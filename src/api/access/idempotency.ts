/**
 * POSTs that carry an `Idempotency-Key` are done once: repeated, they give the first answer again.
 * @module
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestProblem } from '../problem.js';
import type { AccountContext } from '../context.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer holds what is shown once, and is not kept. */
    shownOnce?: true;
  }
  interface FastifyRequest {
    /** The key that this request has claimed. */
    claimed: string | null;
    /** Whether its answer is that of an earlier request with the same key. */
    replayed: boolean;
  }
}

/** The account that the operator's keys are kept under. */
const OPERATOR = 0;
/** Stands for an answer that is shown once. */
const NOT_KEPT = '';

/** Adds it to every POST of the scope. */
export function answerOnce(api: FastifyInstance, { store }: AccountContext): void {
  api.decorateRequest('claimed', null);
  api.decorateRequest('replayed', false);
  api.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined) return;
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
      throw new RequestProblem(400, 'INVALID_VALUE', 'An Idempotency-Key is 1 to 200 visible ASCII characters.');
    const state = await store.idempotentAnswers.claim(ownerOf(request), userOf(request), key, fingerprint(request));
    if (state === 'new') {
      request.claimed = key;
      return;
    }
    if (state === 'underWay')
      throw new RequestProblem(409, 'IDEMPOTENCY_UNDER_WAY', 'The first request with this key is still under way.');
    if (state === 'other')
      throw new RequestProblem(422, 'IDEMPOTENCY_MISMATCH', 'Another request has used this key before.');
    if (state.body === NOT_KEPT || request.routeOptions.config.shownOnce)
      throw new RequestProblem(409, 'ANSWER_NOT_KEPT', 'This request was done before, and its answer is not kept.');
    request.replayed = true;
    return reply
      .code(state.status)
      .header('idempotency-replayed', 'true')
      .type('application/json')
      .serializer((text: unknown) => text as string)
      .send(state.body);
  });
  api.addHook('onSend', async (request, reply, payload) => {
    if (request.claimed === null) return;
    // What failed may be tried again with the same key; what was done is answered again.
    const done = reply.statusCode < 300 && typeof payload === 'string';
    const body = request.routeOptions.config.shownOnce ? NOT_KEPT : payload;
    const answer = done ? { status: reply.statusCode, body: body as string } : null;
    await store.idempotentAnswers.settle(ownerOf(request), userOf(request), request.claimed, answer);
  });
}

function ownerOf({ caller }: FastifyRequest): number {
  return caller === null || caller.operator ? OPERATOR : caller.owner.id;
}

/** Whose the `Idempotency-Key` is: one key of the account says nothing of the requests of another. */
function userOf({ caller }: FastifyRequest): string {
  return caller === null || caller.operator ? 'operator' : caller.keyId;
}

function fingerprint({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(`${method} ${url}\n${JSON.stringify(body ?? null)}`)
    .digest('hex');
}
