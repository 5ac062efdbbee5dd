/**
 * `/v1/accounts/:account/outbound`: requests for outbound calls, and how far they are. Contract F1.
 * @module
 */
import * as z from 'zod';
import { RequestProblem } from '../problem.js';
import type { AccountContext, ZodApi } from '../context.js';
import { moment, ofAccount, pageOf, pageQuery, problems } from './schemas.js';

const ofRequest = ofAccount.extend({ request: z.uuid() });
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

/** Adds the routes. */
export function outboundRoutes(api: ZodApi, { store }: AccountContext): void {
  api.get(
    '/v1/accounts/:account/outbound',
    {
      config: { scope: 'calls:read' },
      schema: {
        tags: ['outbound'],
        summary: 'List requests, each with how many of its calls are in each state',
        params: ofAccount,
        querystring: pageQuery,
        response: {
          200: pageOf(
            z.object({
              id: z.string(),
              flow: z.string(),
              createdAt: moment,
              calls: z.record(z.string(), z.number().int()),
            }),
          ),
          ...problems,
        },
      },
    },
    async (request) => {
      const { items, next } = await store.outbound.list(request.params.account, request.query);
      const show = ({ id, flowId, createdAt, calls }: (typeof items)[number]) => ({
        ...{ id, flow: flowId, createdAt: createdAt.toISOString(), calls },
      });
      return { items: items.map(show), next };
    },
  );

  api.get(
    '/v1/accounts/:account/outbound/:request',
    {
      config: { scope: 'calls:read' },
      schema: {
        tags: ['outbound'],
        summary: 'Get a request with its calls',
        params: ofRequest,
        response: {
          200: z.object({ id: z.string(), flow: z.string(), createdAt: moment, calls: z.array(call) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { account, request: id } = request.params;
      const found = await store.outbound.request(account, id);
      if (!found) throw unknownRequest();
      const calls = await store.outbound.calls(account, id);
      return {
        ...{ id, flow: found.flowId, createdAt: found.createdAt.toISOString() },
        calls: calls.map(({ id, clientIdentifier, numbers, startAt, state, call, outcome, refusal }) => ({
          ...{ id, clientIdentifier, numbers, startAt: startAt.toISOString(), state, call, outcome, refusal },
        })),
      };
    },
  );

  api.post(
    '/v1/accounts/:account/outbound/:request/cancel',
    {
      config: { scope: 'calls:write' },
      schema: {
        tags: ['outbound'],
        summary: 'Take back the calls of a request that are not placed yet',
        params: ofRequest,
        response: { 200: z.object({ cancelled: z.number().int() }), ...problems },
      },
    },
    async (request) => {
      const cancelled = await store.outbound.cancel(request.params.account, request.params.request);
      if (cancelled === undefined) throw unknownRequest();
      return { cancelled };
    },
  );
}

function unknownRequest(): RequestProblem {
  return new RequestProblem(404, 'NOT_FOUND', 'The account has no request of this id.');
}
