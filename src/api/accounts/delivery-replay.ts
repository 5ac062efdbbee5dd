/**
 * `POST /v1/accounts/:account/deliveries/replay`: dead letters are sent again. Contract E5.
 * @module
 */
import * as z from 'zod';
import type { FlowEndDelivery } from '../../engine/flow-end-task.js';
import { timely } from '../known-call.js';
import { RequestProblem } from '../problem.js';
import type { AccountContext, ZodApi } from '../context.js';
import { deliveryFilter, only } from './delivery-schemas.js';
import { ofAccount, plainText, problems } from './schemas.js';

/** Adds the route. */
export function deliveryReplayRoutes(api: ZodApi, context: AccountContext): void {
  const { store, client } = context;

  api.post(
    '/v1/accounts/:account/deliveries/replay',
    {
      config: { scope: 'deliveries:write' },
      schema: {
        tags: ['deliveries'],
        summary: 'Send dead letters again under their own ids: one by name, or up to 200 that a filter finds',
        params: ofAccount,
        body: deliveryFilter
          .extend({
            id: plainText(300).optional().describe('Only this one'),
            limit: z.int().min(1).max(200).default(200),
            perSecond: z.int().min(1).max(50).default(5).describe('First attempts in a second'),
          })
          .strict(),
        response: { 202: z.object({ replayed: z.array(z.string()) }), ...problems },
      },
    },
    async (request, reply) => {
      const { account } = request.params;
      const { id, limit, perSecond, ...filter } = request.body;
      const ids = id === undefined ? await deadLetters(account, limit, filter) : [id];
      for (const [index, one] of ids.entries()) await replay(account, one, Math.floor((index * 1000) / perSecond));
      return reply.code(202).send({ replayed: ids });
    },
  );

  async function deadLetters(account: number, limit: number, filter: z.infer<typeof deliveryFilter>) {
    const { items } = await store.deliveries.list(account, { limit }, only({ ...filter, state: 'dead' }));
    return items.map(({ id }) => id);
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
    await store.deliveries.sentAgain(account, id);
  }
}
