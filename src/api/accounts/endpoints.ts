/**
 * `/v1/endpoints` and `/v1/accounts/:account/endpoints`: where flow ends fail to arrive, and what is paused. Contract E5.
 * @module
 */
import * as z from 'zod';
import { startResume } from '../../calls/resume-deliveries.js';
import type { StoredEndpoint } from '../../store/endpoints.js';
import { timely } from '../known-call.js';
import { RequestProblem } from '../problem.js';
import type { AccountContext, ZodApi } from '../context.js';
import { moment, ofAccount, pageOf, pageQuery, problems } from './schemas.js';

const shown = z.object({
  id: z.number().int(),
  account: z.number().int(),
  url: z.string(),
  failures: z.number().int().describe('Attempts that failed in a row'),
  failingSince: moment,
  detail: z.string().describe('Of the last attempt'),
  pausedAt: moment.nullable().describe('Null: it is not paused'),
  probes: z.number().int().describe('Attempts to find out whether it is back'),
  probeAt: moment.nullable().describe('When the next is due'),
});

/** Adds the routes. */
export function endpointRoutes(api: ZodApi, { store, client, taskQueue }: AccountContext): void {
  api.get(
    '/v1/endpoints',
    {
      config: { scope: 'operator' },
      schema: {
        tags: ['deliveries'],
        summary: 'List endpoints of all accounts whose last flow end failed, and which are paused',
        querystring: pageQuery,
        response: { 200: pageOf(shown), ...problems },
      },
    },
    async (request) => list(undefined, request.query),
  );

  api.get(
    '/v1/accounts/:account/endpoints',
    {
      config: { scope: 'deliveries:read' },
      schema: {
        tags: ['deliveries'],
        summary: 'List endpoints whose last flow end failed, and which are paused',
        params: ofAccount,
        querystring: pageQuery,
        response: { 200: pageOf(shown), ...problems },
      },
    },
    async (request) => list(request.params.account, request.query),
  );

  api.post(
    '/v1/accounts/:account/endpoints/:endpoint/resume',
    {
      config: { scope: 'deliveries:write' },
      schema: {
        tags: ['deliveries'],
        summary: 'End the pause of an endpoint: what waits for it goes on, five a second',
        params: ofAccount.extend({ endpoint: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) }),
        response: { 202: shown, ...problems },
      },
    },
    async (request, reply) => {
      const found = await store.endpoints.find(request.params.account, request.params.endpoint);
      if (!found) throw new RequestProblem(404, 'NOT_FOUND', 'The account has no endpoint of this id that fails.');
      // First, so that what is woken finds the endpoint open; what is not woken goes on by its own gaps.
      await store.endpoints.recovered(found);
      if (found.pausedAt) await timely(client, () => startResume(client, taskQueue, found));
      return reply.code(202).send(show(found));
    },
  );

  async function list(account: number | undefined, page: { limit: number; after?: string | undefined }) {
    const { items, next } = await store.endpoints.list(account, page);
    return { items: items.map(show), next };
  }
}

function show({ accountId, failingSince, pausedAt, probeAt, ...endpoint }: StoredEndpoint) {
  return {
    ...endpoint,
    account: accountId,
    failingSince: failingSince.toISOString(),
    pausedAt: pausedAt?.toISOString() ?? null,
    probeAt: probeAt?.toISOString() ?? null,
  };
}
