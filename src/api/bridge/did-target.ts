/**
 * `/bridge/dids`: a bridge asks whose a number is that was dialled. The number is in the body: no URL, and so no log, holds one.
 * Contract B1, B6, C6.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { StoreReader } from '../../calls/store-reader.js';
import { isObject } from '../../flow/validation/pointer.js';
import type { Log } from '../../observability/log.js';
import type { Store } from '../../store/store.js';
import { RequestProblem } from '../problem.js';

/** Characters of a number; what is longer was given to nobody. */
const MAX_NUMBER = 100;

/** Adds the route. While the store is away it answers what it read last, for up to 24 hours. */
export function didTargetRoute(
  api: FastifyInstance,
  { accounts, log }: { accounts?: { store: Store } | undefined; log: Log },
): void {
  const reader = new StoreReader(() => log.warn('the store is away: numbers lead where they led last'));
  api.post('/bridge/dids', async (request) => {
    const number = numberOf(request.body);
    const found =
      number.length > MAX_NUMBER
        ? undefined
        : await reader.lastKnown(number, async () => accounts?.store.dids.target(number));
    if (!found) throw new RequestProblem(404, 'DID_UNKNOWN', 'This number leads to no flow.');
    return { account: found.accountId, flow: { id: found.flowId } };
  });
}

/** @throws {RequestProblem} INVALID_VALUE */
function numberOf(body: unknown): string {
  const number = isObject(body) ? body.number : undefined;
  if (typeof number === 'string') return number;
  throw new RequestProblem(422, 'INVALID_VALUE', 'The body is { "number": "..." }.', [
    { code: 'INVALID_VALUE', pointer: '/number', message: 'Give the number that was dialled, as a text.' },
  ]);
}
