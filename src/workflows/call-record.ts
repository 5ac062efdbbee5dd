/**
 * The report of a call on its way to the store. Contract D4, R9.
 * @module
 */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { CallState } from './call-state.js';

const activities = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  // A store that is away for longer than a day loses the report, and not the call.
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** Keeps the report, where there is a store. A fault here must not hold up the end of the call. */
export async function recordCall(state: CallState): Promise<void> {
  if (!state.keepsReport) return;
  const { call, outcome, error, path, persisted } = state.report();
  const { direction, from, startedAt, to } = state.input.call;
  const record = {
    ...{ accountId: state.account.id, call, flowId: state.flow.id, flowVersion: state.flowVersion },
    ...{ uuid: state.uuid, direction, from, to, outcome, error, path, persisted, startedAt },
    endedAt: state.endedAt ?? startedAt,
    placed: state.input.dial !== undefined,
  };
  try {
    await activities.recordCall.executeWithOptions({ summary: 'the report of the call' }, [record]);
  } catch (fault) {
    state.story.add('note', `the report could not be kept: ${String(fault)}`);
  }
}
