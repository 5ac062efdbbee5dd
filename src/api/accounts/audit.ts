/**
 * `/v1/accounts/:account/audit`: who changed what.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { AccountContext, ZodApi } from '../context.js';
import { moment, ofAccount, pageOf, pageQuery, problems } from './schemas.js';

/** Notes every change that a request of the scope made, before it is answered. */
export function noteChanges(api: FastifyInstance, { store }: AccountContext): void {
  api.addHook('onSend', async (request, reply) => {
    const { caller, method, routeOptions } = request;
    const { scope, url = '' } = routeOptions.config;
    const changes = method !== 'GET' && (scope === 'operator' || scope?.endsWith(':write'));
    if (!changes || caller === null || reply.statusCode >= 300) return;
    const { account, ...ids } = request.params as { account?: number };
    const made = (request.body as { id?: unknown } | null | undefined)?.id;
    await store.audit.add(account ?? (typeof made === 'number' ? made : 0), {
      by: caller.operator ? 'operator' : caller.keyId,
      action: `${method} ${url}`,
      target: Object.fromEntries(Object.entries(ids).map(([name, value]) => [name, String(value)])),
    });
  });
}

/** Adds the route. */
export function auditRoutes(api: ZodApi, { store }: AccountContext): void {
  api.get(
    '/v1/accounts/:account/audit',
    {
      config: { scope: 'account:read' },
      schema: {
        tags: ['accounts'],
        summary: 'List changes that were made through the API: by which key, what, and when',
        params: ofAccount,
        querystring: pageQuery,
        response: {
          200: pageOf(
            z.object({
              by: z.string().describe('Id of a key, or `operator`'),
              action: z.string(),
              target: z.record(z.string(), z.string()),
              at: moment,
            }),
          ),
          ...problems,
        },
      },
    },
    async (request) => {
      const { items, next } = await store.audit.list(request.params.account, request.query);
      return { items: items.map((entry) => ({ ...entry, at: entry.at.toISOString() })), next };
    },
  );
}
