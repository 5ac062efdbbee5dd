/**
 * `/v1/accounts/:account/deliveries`: flow ends that left their calls, the dead letters among them, and the log of the
 * attempts of each flow end. Contract E5.
 * @module
 */
import * as z from 'zod';
import { RequestProblem } from '../problem.js';
import type { AccountContext, ZodApi } from '../context.js';
import { attempt, delivery, deliveryQuery, only, shownDelivery } from './delivery-schemas.js';
import { ofAccount, pageOf, pageQuery, plainText, problems } from './schemas.js';

/** Adds the routes. */
export function deliveryRoutes(api: ZodApi, { store }: AccountContext): void {
  api.get(
    '/v1/accounts/:account/deliveries',
    {
      config: { scope: 'deliveries:read' },
      schema: {
        tags: ['deliveries'],
        summary: 'List flow ends that were not delivered with their calls; `state=dead` gives the dead letters',
        params: ofAccount,
        querystring: pageQuery.extend(deliveryQuery.shape),
        response: { 200: pageOf(delivery), ...problems },
      },
    },
    async (request) => {
      const { limit, after, ...filter } = request.query;
      const { items, next } = await store.deliveries.list(request.params.account, { limit, after }, only(filter));
      return { items: items.map(shownDelivery), next };
    },
  );

  api.get(
    '/v1/accounts/:account/calls/:call/delivery',
    {
      config: { scope: 'deliveries:read' },
      schema: {
        tags: ['deliveries'],
        summary: 'Get every attempt to deliver the flow end of a call, and how the delivery stands if it left the call',
        params: ofAccount.extend({ call: plainText(200).describe('Workflow id') }),
        response: {
          200: z.object({ call: z.string(), delivery: delivery.nullable(), attempts: z.array(attempt) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { account, call } = request.params;
      const id = `${call}/flow-end`;
      const [kept, log] = await Promise.all([store.deliveries.get(account, id), store.attempts.of(account, id)]);
      if (!kept && log.length === 0)
        throw new RequestProblem(404, 'NOT_FOUND', 'The account knows of no flow end of this call.');
      return {
        call,
        delivery: kept ? shownDelivery(kept) : null,
        attempts: log.map((one) => ({ ...one, at: one.at.toISOString() })),
      };
    },
  );
}
