/**
 * `POST /v1/accounts/:account/deliveries/replay`: dead letters are sent again. Contract E5.
 * @module
 */
import * as z from 'zod';
import { flowEndId } from '../../engine/flow-end-target.js';
import type { FlowEndDelivery } from '../../engine/flow-end-task.js';
import { type UndoDelivery, isUndoId } from '../../engine/undo-task.js';
import { pointer } from '../../flow/validation/pointer.js';
import { timely } from '../known-call.js';
import { RequestProblem } from '../problem.js';
import type { AccountContext } from '../context.js';
import { type Asked, route } from '../route.js';
import { deliveryFilter, only } from './delivery-schemas.js';
import { plainText } from './schemas.js';

const wanted = deliveryFilter
  .extend({
    id: plainText(300).optional().describe('Only this one, without `target` and `since`'),
    limit: z.int().min(1).max(200).default(200),
    perSecond: z.int().min(1).max(50).default(5).describe('First attempts in a second'),
  })
  .strict();

/** The route. */
export const deliveryReplayRoutes = [
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/deliveries/replay' },
    ...{ scope: 'deliveries:write', tag: 'deliveries' },
    summary: 'Send dead letters again under their own ids: one by id, or up to 200 that a filter finds',
    body: wanted,
    answers: { 202: z.object({ replayed: z.array(z.string()) }) },
    handler: replayAll,
  }),
];

async function replayAll({ context, owner, body }: Asked<{ body: typeof wanted }>) {
  const { id, limit, perSecond, ...filter } = body;
  if (id !== undefined) refuseFilter(filter);
  const ids = id === undefined ? await deadLetters(context, owner.id, limit, filter) : [id];
  const replayed: string[] = [];
  for (const one of ids) {
    const refused = await replay(context, owner.id, one, Math.floor((replayed.length * 1000) / perSecond));
    if (!refused) replayed.push(one);
    // One that a filter found may be dead no longer, and stops no other.
    else if (id !== undefined) throw refused;
  }
  return { replayed };
}

/** @throws {RequestProblem} INVALID_VALUE when a filter stands beside an id */
function refuseFilter(filter: z.infer<typeof deliveryFilter>): void {
  const errors = Object.keys(filter).map((field) => {
    return { code: 'INVALID_VALUE' as const, pointer: pointer(field), message: 'The id says which delivery is meant.' };
  });
  if (errors.length > 0)
    throw new RequestProblem(422, 'INVALID_VALUE', 'Name one delivery by its id, or several by a filter.', errors);
}

async function deadLetters(
  { store }: AccountContext,
  account: number,
  limit: number,
  filter: z.infer<typeof deliveryFilter>,
): Promise<string[]> {
  const { items } = await store.deliveries.list(account, { limit }, only({ ...filter, state: 'dead' }));
  return items.map(({ id }) => id);
}

/**
 * Starts the same delivery again, from its first attempt on. One that is under way already continues as it is.
 * @returns why it is not sent again; undefined when it is
 */
async function replay(
  context: AccountContext,
  account: number,
  id: string,
  startDelay: number,
): Promise<RequestProblem | undefined> {
  const { store, client, taskQueue, searchAttributes } = context;
  const kept = await store.deliveries.get(account, id);
  if (!kept) return new RequestProblem(404, 'NOT_FOUND', 'The account has no delivery of this id.');
  if (kept.state !== 'dead') return new RequestProblem(409, 'NOT_DEAD', `This delivery is ${kept.state}.`);
  const policies = { workflowIdReusePolicy: 'ALLOW_DUPLICATE', workflowIdConflictPolicy: 'USE_EXISTING' } as const;
  const common = { taskQueue, startDelay, ...policies };
  await timely(client, () =>
    isUndoId(id)
      ? client.workflow.start('undoDelivery', {
          ...{ ...common, workflowId: id, staticSummary: 'what is undone again' },
          args: [undoAgain(kept)],
        })
      : client.workflow.start('flowEndDelivery', {
          ...{ ...common, workflowId: flowEndId(kept.call), staticSummary: 'flow end that is sent again' },
          args: [flowEndAgain(kept), searchAttributes],
        }),
  );
  await store.deliveries.sentAgain(account, id);
  return undefined;
}

function flowEndAgain({ call, attempts, delivery }: Kept): FlowEndDelivery {
  return { ...(delivery as FlowEndDelivery), record: { call, attempts, replayed: true } };
}

function undoAgain({ attempts, delivery }: Kept): UndoDelivery {
  return { ...(delivery as UndoDelivery), atOnce: true, record: { attempts } };
}

/** A dead letter as the store has it. */
interface Kept {
  call: string;
  attempts: number;
  delivery: unknown;
}
