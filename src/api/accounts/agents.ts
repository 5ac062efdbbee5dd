/**
 * `/v1/accounts/:account/agents`: who is there, and who is paused. Contract F4.
 * @module
 */
import * as z from 'zod';
import { storedAccount } from '../../calls/stored-account.js';
import { RequestProblem } from '../problem.js';
import { unknownAccount } from './accounts.js';
import type { AccountContext, ZodApi } from '../context.js';
import { ofAccount, plainText, problems } from './schemas.js';

const shown = z.object({ number: z.string(), name: z.string().nullable(), paused: z.boolean() });

/** Adds the routes. */
export function agentRoutes(api: ZodApi, { store }: AccountContext): void {
  api.get(
    '/v1/accounts/:account/agents',
    {
      config: { scope: 'agents:read' },
      schema: {
        tags: ['agents'],
        summary: 'List agents, in the order of the account',
        params: ofAccount,
        response: { 200: z.object({ items: z.array(shown) }), ...problems },
      },
    },
    async (request) => {
      const agents = await store.agents.list(request.params.account);
      return { items: agents.map(({ dialled, name, paused }) => ({ number: dialled, name, paused })) };
    },
  );

  api.post(
    '/v1/accounts/:account/agents/pause',
    {
      config: { scope: 'agents:write' },
      schema: {
        tags: ['agents'],
        summary: 'Pause an agent, or take the pause back; the number with or without country code',
        params: ofAccount,
        body: z.strictObject({ number: plainText(100).min(1), paused: z.boolean() }),
        response: { 200: z.object({ number: z.string(), paused: z.boolean() }), ...problems },
      },
    },
    async (request) => {
      const account = await storedAccount(store, request.params.account);
      if (!account) throw unknownAccount();
      const { number, paused } = request.body;
      if (!(await store.agents.setPaused(account.id, number, paused, account.countryCode)))
        throw new RequestProblem(404, 'NOT_FOUND', 'The account has no agent of this number.');
      return { number, paused };
    },
  );
}
