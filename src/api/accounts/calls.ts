/**
 * `/v1/accounts/:account/calls`: placing, watching and ending calls.
 * @module
 */
import { QueryNotRegisteredError } from '@temporalio/client';
import * as z from 'zod';
import { callProgress } from '../../calls/read-call.js';
import { storedAccount } from '../../calls/stored-account.js';
import { acceptOutbound } from '../../outbound/accept.js';
import { OUTBOUND_CODES } from '../../outbound/codes.js';
import { callState, timely } from '../known-call.js';
import { problemOf, RequestProblem } from '../problem.js';
import { unknownAccount } from './accounts.js';
import { listCalls } from './call-list.js';
import type { AccountContext, ZodApi } from '../context.js';
import { moment, ofAccount, pageOf, pageQuery, plainText, problems, variables } from './schemas.js';

/** Milliseconds that a call's worker has to answer a query. */
const QUERY_MS = 5000;

const ofCall = ofAccount.extend({ call: plainText(200).describe('Workflow id') });
const step = z.object({
  widget: z.string(),
  type: z.string(),
  line: z.string().nullable(),
  lineNumber: z.number().int().nullable(),
});
const shown = z.object({
  call: z.string(),
  state: z.enum(['running', 'ended']),
  outcome: z.string().nullable(),
  position: z.string().nullable().describe('The widget that runs'),
  path: z.array(step),
  variables,
  timeline: z.array(z.object({ at: z.number(), kind: z.string(), text: z.string() })),
});

/** Adds the routes. */
export function callRoutes(api: ZodApi, context: AccountContext): void {
  const { store, client, searchAttributes } = context;

  api.post(
    '/v1/accounts/:account/calls',
    {
      config: { scope: 'calls:write' },
      schema: {
        tags: ['calls'],
        summary: 'Place an outbound call, now or later, at the pace of the account',
        params: ofAccount,
        body: z.strictObject({
          flow: plainText(8).describe('Id of an outbound flow'),
          version: z.enum(['published', 'newest']).default('published'),
          to: z
            .union([plainText(100), z.array(plainText(100)).min(1).max(10)])
            .describe('A number, or a list that is tried in turn'),
          startAt: moment.optional(),
          clientIdentifier: plainText(200).optional(),
          variables: variables.default({}),
        }),
        response: {
          201: z.object({ id: z.string().describe('The call’s UUID'), request: z.string() }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const account = await storedAccount(store, request.params.account);
      if (!account) throw unknownAccount();
      const { flow, version, to, startAt, clientIdentifier, variables } = request.body;
      const wanted = {
        apiVersion: version === 'published' ? '1.0' : 'TEST',
        flowId: flow,
        calls: [
          {
            numbers: Array.isArray(to) ? to : [to],
            startAt: startAt === undefined ? new Date() : new Date(startAt),
            clientIdentifier: clientIdentifier ?? null,
            variables,
          },
        ],
        checksum: null,
        origin: null,
      };
      const { code, requestId, calls } = await timely(client, () => acceptOutbound(context, account, wanted));
      const [call] = calls;
      if (!call || requestId === null) {
        const [name, message] = OUTBOUND_CODES[code];
        throw new RequestProblem(422, 'CALL_NOT_TAKEN', `The call was not taken: ${message} (${code} ${name}).`);
      }
      return reply.code(201).send({ id: call.uuid, request: requestId });
    },
  );

  api.get(
    '/v1/accounts/:account/calls',
    {
      config: { scope: 'calls:read' },
      schema: {
        tags: ['calls'],
        summary: 'List calls that run, or that Temporal still knows, newest first',
        params: ofAccount,
        querystring: pageQuery.extend({
          after: z
            .string()
            .max(4000)
            .regex(/^[A-Za-z0-9_-]*$/)
            .optional()
            .describe('`next` of the page before'),
          state: z.enum(['running', 'ended']).optional(),
        }),
        response: {
          200: pageOf(
            z.object({
              call: z.string(),
              flow: z.string().nullable(),
              state: z.enum(['running', 'ended']),
              startedAt: moment,
              endedAt: moment.nullable(),
            }),
          ),
          ...problems,
        },
      },
    },
    async (request) => {
      if (!searchAttributes)
        throw new RequestProblem(503, 'NOT_SEARCHABLE', 'The Temporal server does not know our search attributes.');
      return timely(client, () => listCalls(client, request.params.account, request.query));
    },
  );

  api.get(
    '/v1/accounts/:account/calls/:call',
    {
      config: { scope: 'calls:read' },
      schema: {
        tags: ['calls'],
        summary: 'Get a call as it is now: where it stands, its variables and its story',
        params: ofCall,
        response: { 200: shown, ...problems },
      },
    },
    async (request) => {
      const { account, call } = request.params;
      const state = await stateOf(account, call);
      const ask = () => callProgress(client.workflow.getHandle(call));
      const { report, timeline } = await client.connection.withDeadline(Date.now() + QUERY_MS, ask).catch(noWorker);
      const running = state === 'running';
      const last = report?.path.at(-1);
      return {
        call,
        state,
        outcome: running ? null : (report?.outcome ?? null),
        position: running && last?.line === null ? last.widget : null,
        path: report?.path ?? [],
        variables: report?.variables ?? {},
        timeline,
      };
    },
  );

  api.post(
    '/v1/accounts/:account/calls/:call/end',
    {
      config: { scope: 'calls:write' },
      schema: {
        tags: ['calls'],
        summary: 'End a call: legs are hung up, On Flow Complete runs, and the flow end is delivered',
        params: ofCall,
        response: { 202: z.object({ call: z.string(), state: z.enum(['running', 'ended']) }), ...problems },
      },
    },
    async (request, reply) => {
      const { account, call } = request.params;
      const state = await stateOf(account, call);
      if (state === 'running') await timely(client, () => client.workflow.getHandle(call).cancel());
      return reply.code(202).send({ call, state });
    },
  );

  /** @throws {RequestProblem} CALL_UNKNOWN, also for a call of another account */
  async function stateOf(account: number, call: string): Promise<'running' | 'ended'> {
    const own = call.startsWith(`call-${account}-`);
    const state = own ? await timely(client, () => callState(client, call)) : undefined;
    if (state === undefined) throw new RequestProblem(404, 'CALL_UNKNOWN', 'The account has no call of this id.');
    return state;
  }
}

function noWorker(error: unknown): never {
  if (error instanceof QueryNotRegisteredError || problemOf(error).code === 'TEMPORAL_UNREACHABLE')
    throw new RequestProblem(503, 'NO_WORKER', 'No worker tells how far the call is.');
  throw error;
}
