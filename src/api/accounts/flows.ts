/**
 * `/v1/accounts/:account/flows`: versions of flows, and which of them is published. Contract C2, C4, D5.
 * @module
 */
import * as z from 'zod';
import { storedAccount } from '../../calls/stored-account.js';
import type { Problem } from '../../flow/errors.js';
import { validateFlow, withSlips } from '../../flow/validation/validate.js';
import { RequestProblem } from '../problem.js';
import { unknownAccount } from './accounts.js';
import type { AccountContext, ZodApi } from '../context.js';
import { document, findings, moment, ofAccount, pageOf, pageQuery, problems } from './schemas.js';

const flowId = z.string().regex(/^[A-Za-z0-9]{8}$/);
const ofFlow = ofAccount.extend({ flow: flowId });
const versionNumber = z.coerce.number().int().positive().max(2_147_483_647);
const shown = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(['inbound', 'outbound']),
  newest: z.number().int().describe('The highest version'),
  published: z.number().int().nullable().describe('The version that new calls run'),
});

const kept = z.object({ id: z.string(), version: z.number().int(), warnings: findings.shape.warnings });

/** Adds the routes. */
export function flowRoutes(api: ZodApi, { store }: AccountContext): void {
  api.post(
    '/v1/accounts/:account/flows/validate',
    {
      config: { scope: 'flows:read', listsSlips: true },
      schema: {
        tags: ['flows'],
        summary: 'Check a flow document: every error and warning at once',
        params: ofAccount,
        body: document,
        response: { 200: findings, ...problems },
      },
    },
    async (request) => {
      const { errors, warnings } = await check(request.params.account, request.body, request.slips);
      return { errors, warnings };
    },
  );

  api.post(
    '/v1/accounts/:account/flows',
    {
      config: { scope: 'flows:write', listsSlips: true },
      schema: {
        tags: ['flows'],
        summary: 'Keep a flow document as the next version of its flow; 200 when the newest version is the same',
        params: ofAccount,
        body: document,
        response: {
          200: kept,
          201: kept,
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { account } = request.params;
      const { value, errors, warnings } = await check(account, request.body, request.slips);
      if (!value) throw new RequestProblem(422, 'INVALID_FLOW', 'The flow is not valid.', errors);
      const { version, created } = await store.flows.save(
        account,
        { ...value, name: value.name.replaceAll('\0', '') },
        request.body,
      );
      return reply.code(created ? 201 : 200).send({ id: value.id, version, warnings });
    },
  );

  api.get(
    '/v1/accounts/:account/flows',
    {
      config: { scope: 'flows:read' },
      schema: {
        tags: ['flows'],
        summary: 'List flows',
        params: ofAccount,
        querystring: pageQuery,
        response: { 200: pageOf(shown), ...problems },
      },
    },
    async (request) => store.flows.list(request.params.account, request.query),
  );

  api.get(
    '/v1/accounts/:account/flows/:flow',
    {
      config: { scope: 'flows:read' },
      schema: { tags: ['flows'], summary: 'Get a flow', params: ofFlow, response: { 200: shown, ...problems } },
    },
    async (request) => flowOf(request.params.account, request.params.flow),
  );

  api.get(
    '/v1/accounts/:account/flows/:flow/versions/:version',
    {
      config: { scope: 'flows:read' },
      schema: {
        tags: ['flows'],
        summary: 'Get the document of a version: its number, `published` or `newest`',
        params: ofFlow.extend({ version: z.union([z.enum(['published', 'newest']), versionNumber]) }),
        response: { 200: z.object({ version: z.number().int(), createdAt: moment, document }), ...problems },
      },
    },
    async (request) => {
      const { account, flow, version } = request.params;
      const found = await store.flows.version(account, flow, version);
      if (!found) throw unknownVersion();
      return { ...found, createdAt: found.createdAt.toISOString() };
    },
  );

  api.post(
    '/v1/accounts/:account/flows/:flow/publish',
    {
      config: { scope: 'flows:write' },
      schema: {
        tags: ['flows'],
        summary: 'Publish a version: calls that start from now on run it, calls under way keep theirs',
        params: ofFlow,
        body: z.strictObject({ version: z.int().positive().max(2_147_483_647) }),
        response: { 200: shown, ...problems },
      },
    },
    async (request) => {
      const { account, flow } = request.params;
      if (!(await store.flows.publish(account, flow, request.body.version))) throw unknownVersion();
      return flowOf(account, flow);
    },
  );

  api.post(
    '/v1/accounts/:account/flows/:flow/rollback',
    {
      config: { scope: 'flows:write' },
      schema: {
        tags: ['flows'],
        summary: 'Publish the version that was published before',
        params: ofFlow,
        response: { 200: shown, ...problems },
      },
    },
    async (request) => {
      const { account, flow } = request.params;
      const before = await flowOf(account, flow);
      if ((await store.flows.rollback(account, before.id)) === undefined)
        throw new RequestProblem(409, 'NOTHING_TO_ROLL_BACK', 'No other version was published before.');
      return flowOf(account, flow);
    },
  );

  async function flowOf(account: number, id: string) {
    const flow = await store.flows.get(account, id);
    if (!flow) throw new RequestProblem(404, 'FLOW_UNKNOWN', 'The account has no flow of this id.');
    return flow;
  }

  async function check(account: number, body: Record<string, unknown>, slips: readonly Problem[] | null) {
    const owner = await storedAccount(store, account);
    if (!owner) throw unknownAccount();
    return withSlips(slips ?? [], validateFlow(body, owner));
  }
}

function unknownVersion(): RequestProblem {
  return new RequestProblem(404, 'FLOW_UNKNOWN', 'The account has no flow of this id with this version.');
}
