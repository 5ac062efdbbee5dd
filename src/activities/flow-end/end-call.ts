/**
 * The end of a call in one step: its report, the payload of its flow end, and the first attempt to deliver that. Contract E3, E5, R9.
 * @module
 */
import { activityInfo } from '@temporalio/activity';
import type { EndOfCall, EndedAtOnce } from '../../engine/end-task.js';
import type { CallRecord } from '../../engine/call-record.js';
import type { FlowEndFacts, FlowEndPayload } from '../../engine/call-report.js';
import type { DeliveryAttempt, FlowEndDelivery } from '../../engine/flow-end-task.js';
import { RecentlyUsed } from '../../engine/recently-used.js';
import type { QuickEndpoints } from '../endpoints/quick-endpoints.js';

/** Milliseconds within which the store must have the report; else the call keeps it in an activity of its own. */
const STORE_MS = 1000;
/** Milliseconds for which no end of a call waits for a store that was too late. */
const STORE_AWAY_MS = 10_000;
/** First attempts that are remembered. */
const ATTEMPTS = 1000;

/** What it is made of. */
export interface EndCallParts {
  compose: (facts: FlowEndFacts) => Promise<FlowEndPayload>;
  deliver: (delivery: FlowEndDelivery) => Promise<DeliveryAttempt>;
  record: (record: CallRecord) => Promise<void>;
  quick: Pick<QuickEndpoints, 'isQuick'>;
}

/**
 * Makes the activity. What the store or the target do is returned, never thrown; null says that nothing was done, because as a
 * local activity it waits only for endpoints that were quick lately. Asked again by the same run, because the server did not take
 * its result in time, it gives the attempt that it made: the flow end is sent again only when its worker died (E5).
 */
export function createEndCall({ compose, deliver, record, quick }: EndCallParts) {
  let storeAwayUntil = 0;
  const made = new RecentlyUsed<Promise<DeliveryAttempt>>(ATTEMPTS);
  const keep = async (kept: CallRecord | null): Promise<boolean> => {
    if (kept === null) return true;
    if (performance.now() < storeAwayUntil) return false;
    const recorded = await soon(record(kept));
    if (recorded === 'late') storeAwayUntil = performance.now() + STORE_AWAY_MS;
    return recorded === true;
  };
  return async function endCall({ record: kept, facts, target }: EndOfCall): Promise<EndedAtOnce | null> {
    if (facts === null || target === null) return { recorded: await keep(kept), payload: null, attempt: null };
    const { isLocal, workflowExecution } = activityInfo();
    const key = `${workflowExecution?.runId ?? ''} ${target.webhookId}`;
    if (isLocal && !made.has(key) && !quick.isQuick(target)) return null;
    const recording = keep(kept);
    const payload = await compose(facts);
    const attempting = made.getOrMake(key, () => deliver({ ...target, payload }));
    const attempt = await attempting.catch((error: unknown) => {
      made.forget(key);
      throw error;
    });
    return { recorded: await recording, payload, attempt };
  };
}

/** Whether work is done, and within a second. */
async function soon(work: Promise<void>): Promise<boolean | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), STORE_MS)));
  const done = work.then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
