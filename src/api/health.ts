/**
 * Whether the API runs, and whether it can do its work. Not signed.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { checksOf, readinessOf } from '../observability/readiness.js';
import { watchLoop } from '../observability/loop-watch.js';
import type { ApiOptions } from './context.js';

/** Milliseconds that the Temporal server has to answer. */
const ANSWER_MS = 2000;

/** Adds the routes. */
export function healthRoutes(api: FastifyInstance, { client, accounts, checks, log }: ApiOptions): void {
  const loop = watchLoop(log);
  api.addHook('onClose', async () => loop.stop());
  api.get('/health', async () => {
    const ask = () => client.connection.workflowService.getSystemInfo({});
    await client.connection.withDeadline(Date.now() + ANSWER_MS, ask);
    return { status: 'ok' };
  });
  api.get('/health/live', async () => ({ status: 'live' }));
  const readiness = readinessOf({ ...checksOf(client, accounts?.store), loop: loop.check, ...checks });
  api.get('/health/ready', async (_request, reply) => {
    const found = await readiness();
    return reply.code(found.status === 'ready' ? 200 : 503).send(found);
  });
}
