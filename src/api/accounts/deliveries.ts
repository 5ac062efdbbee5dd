/**
 * `/v1/accounts/:account/deliveries`: flow ends that left their calls, the dead letters among them, and the log of the
 * attempts of each flow end. Contract E5.
 * @module
 */
import * as z from 'zod';
import { flowEndId } from '../../engine/flow-end-target.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { attempt, delivery, deliveryQuery, only, shownDelivery } from './delivery-schemas.js';
import { ofAccount, pageOf, pageQuery, plainText } from './schemas.js';

const listQuery = pageQuery.extend(deliveryQuery.shape);
const ofCall = ofAccount.extend({ call: plainText(200).describe('Workflow id') });

/** The routes. */
export const deliveryRoutes = [
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/deliveries', scope: 'deliveries:read', tag: 'deliveries' },
    summary: 'List flow ends that were not delivered with their calls; `state=dead` gives the dead letters',
    query: listQuery,
    answers: { 200: pageOf(delivery) },
    handler: list,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/calls/:call/delivery' },
    ...{ scope: 'deliveries:read', tag: 'deliveries' },
    summary: 'Get every attempt to deliver the flow end of a call, and how the delivery stands if it left the call',
    params: ofCall,
    answers: { 200: z.object({ call: z.string(), delivery: delivery.nullable(), attempts: z.array(attempt) }) },
    handler: get,
  }),
];

async function list({ context: { store }, owner, query }: Asked<{ query: typeof listQuery }>) {
  const { limit, after, ...filter } = query;
  const { items, next } = await store.deliveries.list(owner.id, { limit, after }, only(filter));
  return { items: items.map(shownDelivery), next };
}

async function get({ context: { store }, owner, params: { call } }: Asked<{ params: typeof ofCall }>) {
  const id = flowEndId(call);
  const [kept, log] = await Promise.all([store.deliveries.get(owner.id, id), store.attempts.of(owner.id, id)]);
  if (!kept && log.length === 0)
    throw new RequestProblem(404, 'NOT_FOUND', 'The account knows of no flow end of this call.');
  return {
    call,
    delivery: kept ? shownDelivery(kept) : null,
    attempts: log.map((one) => ({ ...one, at: one.at.toISOString() })),
  };
}
