/**
 * The report of a call on its way to the store. Contract D4, R9.
 * @module
 */
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { CallRecord } from '../../engine/call-record.js';
import { packPath } from '../../engine/packed-report.js';
import { calleeShown } from '../bridge/legs.js';
import type { CallState } from '../call-state.js';

const activities = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  // A store that is away for longer than a day loses the report, and not the call.
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** Widgets in a path above which it is packed: Temporal takes at most 2 MiB in one piece. */
const MAX_PLAIN_PATH = 1000;

/** What is kept of a call besides its path and what widgets persisted. */
export function recordBase({ account, flow, flowVersion, input, outcome, uuid }: CallState) {
  const { direction, from, startedAt } = input.call;
  return {
    ...{ accountId: account.id, call: workflowInfo().workflowId, flowId: flow.id, flowVersion },
    ...{ uuid, direction, from, to: calleeShown(input), outcome, startedAt },
    placed: input.dial !== undefined,
  };
}

/** All that is kept of a call. */
export function recordOf(state: CallState): CallRecord {
  const { error, path: walked, persisted } = state.report();
  const path = walked.length > MAX_PLAIN_PATH ? packPath(walked) : walked;
  return { ...recordBase(state), error, path, persisted, endedAt: state.endedAt ?? state.input.call.startedAt };
}

/** Keeps the report, where there is a store. A fault here must not hold up the end of the call. */
export async function recordCall(state: CallState): Promise<void> {
  if (!state.keepsReport) return;
  try {
    await activities.recordCall.executeWithOptions({ summary: 'the report of the call' }, [recordOf(state)]);
  } catch (fault) {
    state.timeline.add('note', `the report could not be kept: ${String(fault)}`);
  }
}
