/**
 * `/v1/accounts/:account/flows`: versions of flows, and which of them is published. Contract C2, C4, D5.
 * @module
 */
import * as z from 'zod';
import { unencryptedWarnings } from '../../flow/validation/sensitive-places.js';
import { withSlips } from '../../flow/validation/validate.js';
import { findingsOf } from '../../judging/check-document.js';
import { isEncrypting } from '../../temporal/codec/data-converter.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { document, findings, moment, ofAccount, pageOf, pageQuery } from './schemas.js';

const ofFlow = ofAccount.extend({ flow: z.string().regex(/^[A-Za-z0-9]{8}$/) });
const versionNumber = z.coerce.number().int().positive().max(2_147_483_647);
const ofVersion = ofFlow.extend({ version: z.union([z.enum(['published', 'newest']), versionNumber]) });
const publishing = z.strictObject({ version: z.int().positive().max(2_147_483_647) });
const shown = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(['inbound', 'outbound']),
  newest: z.number().int().describe('The highest version'),
  published: z.number().int().nullable().describe('The version that new calls run'),
});
const kept = z.object({ id: z.string(), version: z.number().int(), warnings: findings.shape.warnings });

/** The routes. */
export const flowRoutes = [
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/flows/validate', scope: 'flows:read', tag: 'flows' },
    summary: 'Check a flow document: every error and warning at once',
    body: document,
    listsSlips: true,
    answers: { 200: findings },
    handler: validate,
  }),
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/flows', scope: 'flows:write', tag: 'flows' },
    summary: 'Keep a flow document as the next version of its flow; 200 when the newest version is the same',
    body: document,
    listsSlips: true,
    answers: { 200: kept, 201: kept },
    handler: keep,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/flows', scope: 'flows:read', tag: 'flows' },
    summary: 'List flows',
    query: pageQuery,
    answers: { 200: pageOf(shown) },
    handler: list,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/flows/:flow', scope: 'flows:read', tag: 'flows' },
    summary: 'Get a flow',
    params: ofFlow,
    answers: { 200: shown },
    handler: get,
  }),
  route({
    ...{
      method: 'GET',
      path: '/v1/accounts/:account/flows/:flow/versions/:version',
      scope: 'flows:read',
      tag: 'flows',
    },
    summary: 'Get the document of a version: its number, `published` or `newest`',
    params: ofVersion,
    answers: { 200: z.object({ version: z.number().int(), createdAt: moment, document }) },
    handler: getVersion,
  }),
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/flows/:flow/publish', scope: 'flows:publish', tag: 'flows' },
    summary: 'Publish a version: calls that start from now on run it, calls under way keep theirs',
    params: ofFlow,
    body: publishing,
    answers: { 200: shown },
    handler: publish,
  }),
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/flows/:flow/rollback', scope: 'flows:publish', tag: 'flows' },
    summary: 'Publish the version that was published before',
    params: ofFlow,
    answers: { 200: shown },
    handler: rollBack,
  }),
];

async function checked({ context: { client }, owner, body, slips }: Asked<{ body: typeof document }>) {
  const given = { document: body, account: await owner.account(), origin: 'incoming' } as const;
  const { warnings, ...found } = withSlips(slips, await findingsOf('flow', given, owner.id));
  return { ...found, warnings: isEncrypting(client) ? warnings : [...warnings, ...unencryptedWarnings(found.value)] };
}

async function validate(asked: Asked<{ body: typeof document }>) {
  const { errors, warnings } = await checked(asked);
  return { errors, warnings };
}

async function keep(asked: Asked<{ body: typeof document }>) {
  const { context, owner, body, reply } = asked;
  const { store } = context;
  const { value, errors, warnings } = await checked(asked);
  if (!value) throw new RequestProblem(422, 'INVALID_FLOW', 'The flow is not valid.', errors);
  const flow = { ...value, name: value.name.replaceAll('\0', '') };
  const { version, created } = await store.flows.save(owner.id, flow, body);
  void reply.code(created ? 201 : 200);
  return { id: value.id, version, warnings };
}

async function list({ context: { store }, owner, query }: Asked<{ query: typeof pageQuery }>) {
  return store.flows.list(owner.id, query);
}

type AskedOfFlow = Asked<{ params: typeof ofFlow }>;

async function get({ context: { store }, owner, params: { flow } }: AskedOfFlow) {
  const found = await store.flows.get(owner.id, flow);
  if (!found) throw new RequestProblem(404, 'FLOW_UNKNOWN', 'The account has no flow of this id.');
  return found;
}

async function getVersion({ context: { store }, owner, params }: Asked<{ params: typeof ofVersion }>) {
  const found = await store.flows.version(owner.id, params.flow, params.version);
  if (!found) throw unknownVersion();
  return { ...found, createdAt: found.createdAt.toISOString() };
}

async function publish(asked: Asked<{ params: typeof ofFlow; body: typeof publishing }>) {
  const { context, owner, params, body } = asked;
  if (!(await context.store.flows.publish(owner.id, params.flow, body.version))) throw unknownVersion();
  return get(asked);
}

async function rollBack(asked: AskedOfFlow) {
  const { id } = await get(asked);
  if ((await asked.context.store.flows.rollback(asked.owner.id, id)) === undefined)
    throw new RequestProblem(409, 'NOTHING_TO_ROLL_BACK', 'No other version was published before.');
  return get(asked);
}

function unknownVersion(): RequestProblem {
  return new RequestProblem(404, 'FLOW_UNKNOWN', 'The account has no flow of this id with this version.');
}
