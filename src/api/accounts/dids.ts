/**
 * `/v1/dids`: which flow of which account a number begins that callers dial (a DID). For the operator's key alone: an account that gave
 * itself a number would take the calls of another. Contract B1, C6.
 * @module
 */
import * as z from 'zod';
import type { StoredDid } from '../../store/dids.js';
import { noteAccount } from '../access/audited.js';
import { unknownAccount } from '../access/owner.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { moment, pageOf, pageQuery } from './schemas.js';

const accountId = z.int().positive().max(Number.MAX_SAFE_INTEGER);
const giving = z.strictObject({
  number: z
    .string()
    .max(50)
    .regex(/^\+?\d[\d ().-]*$/, 'A number has digits, and may begin with a plus sign.')
    .describe('As the trunk sends it, with or without `+`, blanks and dashes'),
  account: accountId,
  flow: z
    .string()
    .regex(/^[A-Za-z0-9]{8}$/, 'A flow id is 8 letters or digits.')
    .describe('An inbound flow of the account; calls run its published version'),
});
const ofDid = z.object({ did: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });
const listing = pageQuery.extend({
  account: z.coerce.number().pipe(accountId).optional().describe('Only numbers of this account'),
});
const shown = z.object({
  id: z.number().int().describe('Stands for the number in paths'),
  number: z.string(),
  account: z.number().int(),
  flow: z.string(),
  createdAt: moment,
  updatedAt: moment,
});

/** The routes. */
export const didRoutes = [
  route({
    ...{ method: 'PUT', path: '/v1/dids', scope: 'operator', tag: 'dids' },
    summary: 'Give a number to a flow, in place of the one before: calls that arrive from now on begin it',
    body: giving,
    answers: { 200: shown },
    handler: give,
  }),
  route({
    ...{ method: 'GET', path: '/v1/dids', scope: 'operator', tag: 'dids' },
    summary: 'List numbers and the flows that they begin',
    query: listing,
    answers: { 200: pageOf(shown) },
    handler: list,
  }),
  route({
    ...{ method: 'DELETE', path: '/v1/dids/:did', scope: 'operator', tag: 'dids' },
    summary: 'Take a number away, by the id that the list gives: calls to it are refused',
    params: ofDid,
    answers: { 204: z.null() },
    handler: remove,
  }),
];

async function give({ context: { store }, body, reply }: Asked<{ scope: 'operator'; body: typeof giving }>) {
  const { number, account, flow } = body;
  if (!(await store.accounts.get(account))) throw unknownAccount();
  const known = await store.flows.get(account, flow);
  if (!known) throw new RequestProblem(404, 'FLOW_UNKNOWN', 'The account has no flow of this id.');
  if (known.type !== 'inbound')
    throw new RequestProblem(422, 'INVALID_VALUE', 'The flow is for outbound calls.', [
      { code: 'INVALID_VALUE', pointer: '/flow', message: 'A number begins an inbound flow.' },
    ]);
  noteAccount(reply, account);
  return show(await store.dids.put(number, { accountId: account, flowId: flow }));
}

async function list({ context: { store }, query }: Asked<{ scope: 'operator'; query: typeof listing }>) {
  const { items, next } = await store.dids.list(query.account, query);
  return { items: items.map(show), next };
}

async function remove({ context: { store }, params, reply }: Asked<{ scope: 'operator'; params: typeof ofDid }>) {
  const gone = await store.dids.remove(params.did);
  if (!gone) throw new RequestProblem(404, 'NOT_FOUND', 'There is no number of this id.');
  noteAccount(reply, gone.accountId);
  return null;
}

function show({ accountId: account, flowId: flow, createdAt, updatedAt, ...did }: StoredDid) {
  return { ...did, account, flow, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
