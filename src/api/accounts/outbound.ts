/**
 * `/v1/accounts/:account/outbound`: requests for outbound calls, and how far they are. Contract F1.
 * @module
 */
import * as z from 'zod';
import { masked } from '../../flow/values/mask.js';
import { CLIENT_IDENTIFIER } from '../../outbound/accept.js';
import type { OutboundCall } from '../../store/outbound-lists.js';
import { CALLEES_NUMBER } from '../../telephony/start.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { moment, ofAccount, pageOf, pageQuery } from './schemas.js';

const ofRequest = ofAccount.extend({ request: z.uuid() });
const request = { id: z.string(), flow: z.string(), createdAt: moment };
const listed = z.object({ ...request, calls: z.record(z.string(), z.number().int()) });
const call = z.object({
  id: z.string().describe('The call’s UUID'),
  clientIdentifier: z.string().nullable(),
  numbers: z.array(z.string()),
  startAt: moment,
  state: z.enum(['waiting', 'placing', 'placed', 'ended', 'cancelled', 'refused']),
  call: z.string().nullable().describe('Workflow id, once the call is placed'),
  outcome: z.string().nullable(),
  refusal: z.string().nullable(),
});

/** The routes. */
export const outboundRoutes = [
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/outbound', scope: 'calls:read', tag: 'outbound' },
    summary: 'List requests, each with how many of its calls are in each state',
    query: pageQuery,
    answers: { 200: pageOf(listed) },
    handler: list,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/outbound/:request', scope: 'calls:read', tag: 'outbound' },
    summary: 'Get a request with its calls',
    isPrivate: true,
    params: ofRequest,
    answers: { 200: z.object({ ...request, calls: z.array(call) }) },
    handler: get,
  }),
  route({
    ...{
      method: 'POST',
      path: '/v1/accounts/:account/outbound/:request/cancel',
      scope: 'calls:write',
      tag: 'outbound',
    },
    summary: 'Take back the calls of a request that are not placed yet',
    params: ofRequest,
    answers: { 200: z.object({ cancelled: z.number().int() }) },
    handler: cancel,
  }),
];

async function list({ context: { store }, owner, query }: Asked<{ query: typeof pageQuery }>) {
  const { items, next } = await store.outbound.lists.list(owner.id, query);
  const show = ({ id, flowId, createdAt, calls }: (typeof items)[number]) => ({
    ...{ id, flow: flowId, createdAt: createdAt.toISOString(), calls },
  });
  return { items: items.map(show), next };
}

async function get({ context: { store }, owner, params: { request: id } }: Asked<{ params: typeof ofRequest }>) {
  const found = await store.outbound.lists.request(owner.id, id);
  if (!found) throw unknownRequest();
  const calls = await store.outbound.lists.calls(owner.id, id);
  return {
    ...{ id, flow: found.flowId, createdAt: found.createdAt.toISOString() },
    calls: calls.map(showCall),
  };
}

function showCall(one: OutboundCall) {
  const { id, startAt, state, call, outcome, refusal } = one;
  const isSensitive = (name: string) => one.sensitive?.includes(name) === true;
  return {
    id,
    clientIdentifier: one.clientIdentifier && masked(one.clientIdentifier, isSensitive(CLIENT_IDENTIFIER)),
    numbers: one.numbers.map((number) => masked(number, isSensitive(CALLEES_NUMBER))),
    ...{ startAt: startAt.toISOString(), state, call, outcome, refusal },
  };
}

async function cancel({ context: { store }, owner, params }: Asked<{ params: typeof ofRequest }>) {
  const cancelled = await store.outbound.cancel(owner.id, params.request);
  if (cancelled === undefined) throw unknownRequest();
  return { cancelled };
}

function unknownRequest(): RequestProblem {
  return new RequestProblem(404, 'NOT_FOUND', 'The account has no request of this id.');
}
