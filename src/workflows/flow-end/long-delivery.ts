/**
 * The long delivery of a flow end: growing gaps for at least 72 hours, then a dead letter. Contract E5.
 * @module
 */
import {
  ApplicationFailure,
  condition,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { DeliveryAttempt, FlowEndDelivery } from '../../engine/flow-end-task.js';
import type { Activities } from '../../activities/index.js';
import type { DeliveryState } from '../../activities/flow-end/delivery-record.js';
import { RESUME_DELIVERIES } from '../../engine/deliveries.js';
import { searchAttributes } from '../../engine/search-attributes.js';
import { PATIENCE_MS, gapBefore } from './patience.js';

const { deliverFlowEnd } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '3 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** How a delivery is kept in the store. A fault there holds no delivery up; that of a dead letter is tried for a day. */
const notes = { startToCloseTimeout: '10 seconds', retry: { initialInterval: '1 second' } } as const;
const { noteDelivery } = proxyActivities<Activities>({ ...notes, scheduleToCloseTimeout: '1 minute' });
const { noteDelivery: noteDeadLetter } = proxyActivities<Activities>({ ...notes, scheduleToCloseTimeout: '1 day' });

/** The endpoint is back: the delivery need not wait longer. */
const resume = defineSignal(RESUME_DELIVERIES.resume);

/**
 * Delivers a flow end however long the target is away; gives the number of attempts. While the endpoint is
 * paused no attempt is made, except the last one after 72 hours.
 * It fails with type `DEAD_LETTER` when that fails, too, or when the endpoint is gone for good (410), and is then found by its
 * delivery state.
 */
export async function flowEndDelivery(delivery: FlowEndDelivery, searchable: boolean): Promise<number> {
  let resumed = false;
  setHandler(resume, () => {
    resumed = true;
  });
  const mark = (value: string) => {
    if (searchable) upsertSearchAttributes([{ key: searchAttributes.delivery, value }]);
  };
  const die = async (attempts: number, detail: string) => {
    mark('dead');
    await note(delivery, 'dead', attempts, detail);
    const what = attempts === 0 ? 'The endpoint is gone' : `Not delivered in ${attempts} attempts`;
    throw ApplicationFailure.nonRetryable(`${what}: ${detail}`, 'DEAD_LETTER');
  };
  if (delivery.gone !== undefined) await die(0, delivery.gone);
  mark('pending');
  await note(delivery, 'pending', 0, 'not delivered with the call');
  const end = Date.now() + PATIENCE_MS;
  let last: Pick<DeliveryAttempt, 'again' | 'paused' | 'retryAfter'> = delivery;
  let attempt = 1;
  for (let round = 1; ; round++) {
    const wait = waitBefore(round, last, Math.max(0, end - Date.now()));
    const atOnce = round === 1 && (delivery.atOnce ?? delivery.record?.replayed);
    if (!atOnce) await condition(() => resumed, wait, { summary: `before attempt ${attempt}` });
    resumed = false;
    const now: FlowEndDelivery = Date.now() < end ? delivery : { ...delivery, phase: 'last' };
    const result = await deliverFlowEnd.executeWithOptions({ summary: `flow end, later attempt ${attempt}` }, [now]);
    if (result.delivered) {
      mark('delivered');
      await note(delivery, 'delivered', attempt, result.detail);
      return attempt;
    }
    const waits = last.paused && result.paused;
    last = result;
    if (result.paused) {
      if (!waits) await note(delivery, 'pending', attempt - 1, result.detail);
      continue;
    }
    if (result.gone || Date.now() >= end) await die(attempt, result.detail);
    await note(delivery, 'pending', attempt, result.detail);
    attempt += 1;
  }
}

/** Milliseconds; as long as the target asks when that is longer, but not beyond the end of the patience. */
function waitBefore(
  round: number,
  { again, retryAfter = 0 }: Pick<DeliveryAttempt, 'again' | 'retryAfter'>,
  left: number,
) {
  const gap = gapBefore(round);
  return Math.max(again === undefined ? gap : again * 1000, Math.min(retryAfter * 1000, left));
}

/** Notes in the store, when there is one, how the delivery goes. */
async function note(
  { gone: _gone, ...delivery }: FlowEndDelivery,
  state: DeliveryState,
  attempt: number,
  detail: string,
): Promise<void> {
  const { record, webhookId, rules } = delivery;
  if (!record) return;
  const write = state === 'dead' ? noteDeadLetter : noteDelivery;
  const { call, attempts } = record;
  const noted = { id: webhookId, accountId: rules.accountId, call, state, attempts: attempts + attempt, detail };
  try {
    await write.executeWithOptions({ summary: `delivery: ${state}` }, [attempt === 0 ? { ...noted, delivery } : noted]);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
