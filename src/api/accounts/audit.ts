/**
 * `/v1/accounts/:account/audit`: the changes that were made through the API.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { AccountContext } from '../context.js';
import { type Asked, route } from '../route.js';
import { moment, pageOf, pageQuery } from './schemas.js';

const change = z.object({
  by: z.string().describe('Id of a key, or `operator`'),
  action: z.string(),
  target: z.record(z.string(), z.string()),
  at: moment,
});

/** The route. */
export const auditRoutes = [
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/audit', scope: 'account:read', tag: 'accounts' },
    summary: 'List changes that were made through the API: by which key, what, and when',
    query: pageQuery,
    answers: { 200: pageOf(change) },
    handler: list,
  }),
];

async function list({ context: { store }, owner, query }: Asked<{ query: typeof pageQuery }>) {
  const { items, next } = await store.audit.list(owner.id, query);
  return { items: items.map((entry) => ({ ...entry, at: entry.at.toISOString() })), next };
}

/** Notes every change that a request of the scope made, before it is answered. */
export function noteChanges(api: FastifyInstance, { store }: AccountContext): void {
  api.addHook('onSend', async (request, reply) => {
    const { caller, method, routeOptions } = request;
    const { scope, url = '' } = routeOptions.config;
    const changes = method !== 'GET' && (scope === 'operator' || scope?.endsWith(':write'));
    // An answer that is given again changes nothing.
    if (!changes || caller === null || reply.statusCode >= 300 || request.replayed) return;
    const { account, ...ids } = request.params as { account?: number };
    const made = (request.body as { id?: unknown } | null | undefined)?.id;
    const named = account ?? (typeof made === 'number' ? made : 0);
    await store.audit.add(caller.operator ? named : caller.owner.id, {
      by: caller.operator ? 'operator' : caller.keyId,
      action: `${method} ${url}`,
      target: Object.fromEntries(Object.entries(ids).map(([name, value]) => [name, String(value)])),
    });
  });
}
