/**
 * `/v1/accounts/:account/agents`: the agents of an account, and which of them are paused. Contract F4.
 * @module
 */
import * as z from 'zod';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { plainText } from './schemas.js';

const shown = z.object({ number: z.string(), name: z.string().nullable(), paused: z.boolean() });
const pausing = z.strictObject({ number: plainText(100).min(1), paused: z.boolean() });

/** The routes. */
export const agentRoutes = [
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/agents', scope: 'agents:read', tag: 'agents' },
    summary: 'List agents, in the order of the account',
    answers: { 200: z.object({ items: z.array(shown) }) },
    handler: list,
  }),
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/agents/pause', scope: 'agents:write', tag: 'agents' },
    summary: 'Pause an agent, or take the pause back; the number with or without country code',
    body: pausing,
    answers: { 200: z.object({ number: z.string(), paused: z.boolean() }) },
    handler: pause,
  }),
];

async function list({ context: { store }, owner }: Asked) {
  const agents = await store.agents.list(owner.id);
  return { items: agents.map(({ dialled, name, paused }) => ({ number: dialled, name, paused })) };
}

async function pause({ context: { store }, owner, body }: Asked<{ body: typeof pausing }>) {
  const { countryCode } = await owner.account();
  const { number, paused } = body;
  if (!(await store.agents.setPaused(owner.id, number, paused, countryCode)))
    throw new RequestProblem(404, 'NOT_FOUND', 'The account has no agent of this number.');
  return { number, paused };
}
