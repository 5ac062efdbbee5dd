/**
 * Undo requests that could not be sent with their call: in their order, each with growing gaps, for at least 72 hours in all, then a
 * dead letter. Contract H10, E5.
 * @module
 */
import { ApplicationFailure, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { DeliveryState } from '../../activities/flow-end/delivery-record.js';
import { type UndoDelivery, undoId } from '../../engine/undo-task.js';
import { PATIENCE_MS, gapBefore } from '../flow-end/patience.js';
import { undoOnce } from './undo-request.js';

const { noteDelivery } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/**
 * Undoes what is left, the first to the last; gives the number of attempts. It fails with type `DEAD_LETTER` when one of them is not
 * taken within 72 hours: that one and those after it are the dead letter.
 */
export async function undoDelivery(delivery: UndoDelivery): Promise<number> {
  const end = Date.now() + PATIENCE_MS;
  let attempts = 0;
  await note(delivery, 'pending', 0, 'not undone with the call');
  for (const [index, item] of delivery.undo.entries()) {
    for (let round = 1; ; round++) {
      const atOnce = round === 1 && (index > 0 || delivery.atOnce === true);
      if (!atOnce) await sleep(gapBefore(round), { summary: `before attempt ${attempts + 1}` });
      const last = Date.now() >= end;
      const failed = await undoOnce(item);
      attempts += 1;
      if (failed === null) break;
      const detail = `${item.widget}: ${failed}`;
      const rest = { ...delivery, undo: delivery.undo.slice(index) };
      await note(rest, last ? 'dead' : 'pending', attempts, detail);
      if (last) throw ApplicationFailure.nonRetryable(`Not undone in ${attempts} attempts: ${detail}`, 'DEAD_LETTER');
    }
  }
  await note(delivery, 'delivered', attempts, 'undone');
  return attempts;
}

/** Notes in the store, when there is one, how it goes, and what is left. A fault there holds nothing up. */
async function note(delivery: UndoDelivery, state: DeliveryState, attempts: number, detail: string): Promise<void> {
  const { call, record, undo } = delivery;
  const [first] = undo;
  if (!record || !first) return;
  const noted = {
    id: undoId(call),
    accountId: first.rules.accountId,
    call,
    state,
    attempts: record.attempts + attempts,
  };
  try {
    await noteDelivery.executeWithOptions({ summary: `undo: ${state}` }, [{ ...noted, detail, delivery }]);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
