/**
 * `/v1/endpoints` and `/v1/accounts/:account/endpoints`: where flow ends fail to arrive, and what is paused. Contract E5.
 * @module
 */
import * as z from 'zod';
import { startResume } from '../../calls/resume-deliveries.js';
import type { StoredEndpoint } from '../../store/endpoints.js';
import type { Page } from '../../store/page.js';
import { timely } from '../known-call.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { moment, ofAccount, pageOf, pageQuery } from './schemas.js';

const ofEndpoint = ofAccount.extend({ endpoint: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });
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

/** The routes. */
export const endpointRoutes = [
  route({
    ...{ method: 'GET', path: '/v1/endpoints', scope: 'operator', tag: 'deliveries' },
    summary: 'List endpoints of all accounts whose last flow end failed, and which are paused',
    query: pageQuery,
    answers: { 200: pageOf(shown) },
    handler: listAll,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/endpoints', scope: 'deliveries:read', tag: 'deliveries' },
    summary: 'List endpoints whose last flow end failed, and which are paused',
    query: pageQuery,
    answers: { 200: pageOf(shown) },
    handler: list,
  }),
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/endpoints/:endpoint/resume' },
    ...{ scope: 'deliveries:write', tag: 'deliveries' },
    summary: 'End the pause of an endpoint: what waits for it continues, five a second',
    params: ofEndpoint,
    answers: { 202: shown },
    handler: resume,
  }),
];

async function listAll({ context: { store }, query }: Asked<{ scope: 'operator'; query: typeof pageQuery }>) {
  return showAll(await store.endpoints.list(undefined, query));
}

async function list({ context: { store }, owner, query }: Asked<{ query: typeof pageQuery }>) {
  return showAll(await store.endpoints.list(owner.id, query));
}

async function resume({ context, owner, params }: Asked<{ params: typeof ofEndpoint }>) {
  const { store, client, taskQueue } = context;
  const found = await store.endpoints.find(owner.id, params.endpoint);
  if (!found) throw new RequestProblem(404, 'NOT_FOUND', 'The account has no endpoint of this id that fails.');
  // First, so that what is resumed finds the endpoint open; the rest continues by its own gaps.
  await store.endpoints.recovered(found);
  if (found.pausedAt) await timely(client, () => startResume(client, taskQueue, found));
  return show(found);
}

function showAll({ items, next }: Page<StoredEndpoint>) {
  return { items: items.map(show), next };
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
