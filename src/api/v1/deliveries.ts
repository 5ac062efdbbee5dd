/**
 * `/v1/accounts/:account/deliveries`: flow ends that left their calls, the dead letters among them, and their replay.
 * Contract E5.
 * @module
 */
import * as z from 'zod';
import type { FlowEndDelivery } from '../../activities/flow-end.js';
import type { StoredDelivery } from '../../store/deliveries.js';
import { timely } from '../known-call.js';
import { RequestProblem } from '../problem.js';
import type { AccountContext, ZodApi } from './context.js';
import { moment, ofAccount, pageOf, pageQuery, plainText, problems } from './schemas.js';

/** Milliseconds between the first attempts of deliveries that are replayed together. */
const REPLAY_GAP_MS = 200;

const state = z.enum(['pending', 'delivered', 'dead']);
const shown = z.object({
  id: z.string().describe('The `webhook-id`'),
  call: z.string(),
  state,
  attempts: z.number().int(),
  detail: z.string().describe('Of the last attempt'),
  createdAt: moment,
  updatedAt: moment,
});

/** Adds the routes. */
export function deliveryRoutes(api: ZodApi, context: AccountContext): void {
  const { store, client } = context;

  api.get(
    '/v1/accounts/:account/deliveries',
    {
      config: { scope: 'deliveries:read' },
      schema: {
        tags: ['deliveries'],
        summary: 'List flow ends that were not delivered with their calls; `state=dead` gives the dead letters',
        params: ofAccount,
        querystring: pageQuery.extend({ state: state.optional() }),
        response: { 200: pageOf(shown), ...problems },
      },
    },
    async (request) => {
      const { items, next } = await store.deliveries.list(request.params.account, request.query, request.query.state);
      return { items: items.map(show), next };
    },
  );

  api.post(
    '/v1/accounts/:account/deliveries/replay',
    {
      config: { scope: 'deliveries:write' },
      schema: {
        tags: ['deliveries'],
        summary: 'Send dead letters again, one by name or up to 200 of them, five a second, under their own ids',
        params: ofAccount,
        body: z.strictObject({
          id: plainText(300).optional(),
          limit: z.int().min(1).max(200).default(200),
        }),
        response: { 202: z.object({ replayed: z.array(z.string()) }), ...problems },
      },
    },
    async (request, reply) => {
      const { account } = request.params;
      const { id, limit } = request.body;
      const ids = id === undefined ? await deadLetters(account, limit) : [id];
      for (const [index, one] of ids.entries()) await replay(account, one, index * REPLAY_GAP_MS);
      return reply.code(202).send({ replayed: ids });
    },
  );

  async function deadLetters(account: number, limit: number): Promise<string[]> {
    return (await store.deliveries.list(account, { limit }, 'dead')).items.map(({ id }) => id);
  }

  /** The same delivery, from its first attempt on. One that is under way already goes on as it is. */
  async function replay(account: number, id: string, startDelay: number): Promise<void> {
    const kept = await store.deliveries.get(account, id);
    if (!kept) throw new RequestProblem(404, 'NOT_FOUND', 'The account has no delivery of this id.');
    if (kept.state !== 'dead') throw new RequestProblem(409, 'NOT_DEAD', `This delivery is ${kept.state}.`);
    const record = { call: kept.call, attempts: kept.attempts, replayed: true as const };
    const delivery: FlowEndDelivery = { ...(kept.delivery as FlowEndDelivery), record };
    await timely(client, () =>
      client.workflow.start('flowEndDelivery', {
        workflowId: `${kept.call}/flow-end`,
        taskQueue: context.taskQueue,
        args: [delivery, context.searchAttributes],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: 'flow end that is sent again',
        startDelay,
      }),
    );
  }
}

function show({ createdAt, updatedAt, ...delivery }: StoredDelivery) {
  return { ...delivery, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
