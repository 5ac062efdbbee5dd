/**
 * `/health`: whether the API can do its work. Not signed.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import type { ApiContext } from './api.js';

/** Milliseconds that the Temporal server has to answer. */
const ANSWER_MS = 2000;

/** Adds the route: 200 while the Temporal server answers, else 503. */
export function healthRoutes(api: FastifyInstance, { client }: ApiContext): void {
  api.get('/health', async () => {
    const ask = () => client.connection.workflowService.getSystemInfo({});
    await client.connection.withDeadline(Date.now() + ANSWER_MS, ask);
    return { status: 'ok' };
  });
}
