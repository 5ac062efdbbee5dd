/**
 * `/v1/accounts/:account/calls`: placing, watching and ending calls.
 * @module
 */
import * as z from 'zod';
import { callProgress } from '../../calls/read-call.js';
import { acceptOutbound } from '../../outbound/accept.js';
import { OUTBOUND_CODES } from '../../outbound/codes.js';
import { callState, queried, timely } from '../known-call.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { listCalls } from './call-list.js';
import { moment, ofAccount, pageOf, pageQuery, plainText, variables } from './schemas.js';

const state = z.enum(['running', 'ended']);
const ofCall = ofAccount.extend({ call: plainText(200).describe('Workflow id') });
const step = z.object({
  widget: z.string(),
  type: z.string(),
  line: z.string().nullable(),
  lineNumber: z.number().int().nullable(),
});
const shown = z.object({
  call: z.string(),
  state,
  outcome: z.string().nullable(),
  position: z.string().nullable().describe('The widget that runs'),
  path: z.array(step),
  variables,
  timeline: z.array(z.object({ at: z.number(), kind: z.string(), text: z.string() })),
});
const wantedCall = z.strictObject({
  flow: plainText(8).describe('Id of an outbound flow'),
  version: z.enum(['published', 'newest']).default('published'),
  to: z
    .union([plainText(100), z.array(plainText(100)).min(1).max(10)])
    .describe('A number, or a list that is tried in turn'),
  startAt: moment.optional(),
  clientIdentifier: plainText(200).optional(),
  variables: variables.default({}),
});
const callQuery = pageQuery.extend({
  after: z
    .string()
    .max(4000)
    .regex(/^[A-Za-z0-9_-]*$/)
    .optional()
    .describe('`next` of the page before'),
  state: state.optional(),
});
const listed = z.object({
  call: z.string(),
  flow: z.string().nullable(),
  state,
  startedAt: moment,
  endedAt: moment.nullable(),
});

/** The routes. */
export const callRoutes = [
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/calls', scope: 'calls:write', tag: 'calls' },
    summary: 'Place an outbound call, now or later, at the pace of the account',
    body: wantedCall,
    answers: { 201: z.object({ id: z.string().describe('The call’s UUID'), request: z.string() }) },
    handler: place,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/calls', scope: 'calls:read', tag: 'calls' },
    summary: 'List calls that run, or that Temporal still knows, newest first',
    query: callQuery,
    answers: { 200: pageOf(listed) },
    handler: list,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/calls/:call', scope: 'calls:private', tag: 'calls' },
    summary: 'Get a call as it is now: where it stands, its variables and its timeline',
    isPrivate: true,
    params: ofCall,
    answers: { 200: shown },
    handler: get,
  }),
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/calls/:call/end', scope: 'calls:write', tag: 'calls' },
    summary: 'End a call: legs are hung up, On Flow Complete runs, and the flow end is delivered',
    params: ofCall,
    answers: { 202: z.object({ call: z.string(), state }) },
    handler: end,
  }),
];

async function place({ context, owner, body }: Asked<{ body: typeof wantedCall }>) {
  const account = await owner.account();
  const { flow, version, to, startAt, clientIdentifier, variables } = body;
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
  const { code, requestId, calls, detail } = await timely(context.client, () =>
    acceptOutbound(context, account, wanted),
  );
  const [call] = calls;
  if (call && requestId !== null) return { id: call.uuid, request: requestId };
  const [name, message] = OUTBOUND_CODES[code];
  throw new RequestProblem(
    422,
    'CALL_NOT_TAKEN',
    `The call was not taken: ${message} (${code} ${name}).${detail === undefined ? '' : ` ${detail}`}`,
  );
}

async function list({ context: { client, searchAttributes }, owner, query }: Asked<{ query: typeof callQuery }>) {
  if (!searchAttributes)
    throw new RequestProblem(503, 'NOT_SEARCHABLE', 'The Temporal server does not know our search attributes.');
  return timely(client, () => listCalls(client, owner.id, query));
}

type AskedOfCall = Asked<{ params: typeof ofCall }>;

async function get(asked: AskedOfCall) {
  const { client } = asked.context;
  const { call } = asked.params;
  const state = await stateOf(asked);
  const { report, timeline } = await queried(client, () => callProgress(client.workflow.getHandle(call)));
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
}

async function end(asked: AskedOfCall) {
  const { client } = asked.context;
  const { call } = asked.params;
  const state = await stateOf(asked);
  if (state === 'running') await timely(client, () => client.workflow.getHandle(call).cancel());
  return { call, state };
}

/** @throws {RequestProblem} CALL_UNKNOWN, also for a call of another account */
async function stateOf({ context: { client }, owner, params: { call } }: AskedOfCall): Promise<'running' | 'ended'> {
  const own = call.startsWith(`call-${owner.id}-`);
  const state = own ? await timely(client, () => callState(client, call)) : undefined;
  if (state === undefined) throw new RequestProblem(404, 'CALL_UNKNOWN', 'The account has no call of this id.');
  return state;
}
