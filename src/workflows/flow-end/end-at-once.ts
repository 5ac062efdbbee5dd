/**
 * The end of a call in one activity: report, payload, first attempt. A local one when the endpoint was quick lately: then it is
 * a part of the call's last workflow task. Contract E2, E5, E6, R9.
 * @module
 */
import { ActivityFailure, proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { EndedAtOnce, EndOfCall } from '../../engine/end-task.js';
import { flowEndTarget } from '../../engine/flow-end-target.js';
import type { CallState } from '../call-state.js';
import { PROMPT_RETRY } from '../prompt-retry.js';
import { recordCall, recordOf } from '../telling/call-record.js';
import { markDelivery, markOutcome } from '../telling/search.js';
import { deliverOn, finishFlow } from './first-attempts.js';
import { deliveredAt, endSummary } from './shown-end.js';

const remote = proxyActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  heartbeatTimeout: '3 seconds',
  retry: PROMPT_RETRY,
});
// It is not tried again here: what fails goes the way of calls that end in steps.
const local = proxyLocalActivities<Activities>({ startToCloseTimeout: '15 seconds', retry: { maximumAttempts: 1 } });

/** Keeps the report, delivers the flow end, and marks the outcome. `ended` is called as soon as a flow end has its payload. */
export async function endAtOnce(state: CallState, ended: () => void): Promise<void> {
  const target = flowEndTarget(state.flow, state.account, workflowInfo().workflowId);
  const end: EndOfCall = {
    record: state.keepsReport ? recordOf(state) : null,
    facts: target && state.flowEndFacts(),
    target: target && { ...target, phase: 'call' },
  };
  let marked = false;
  const mark = (delivery?: string) => {
    if (marked) return;
    marked = true;
    markOutcome(state, delivery);
  };
  let done = await tried(local, end);
  if (done === null) {
    mark();
    done = await tried(remote, end);
  }
  if (!done) {
    mark();
    const recorded = recordCall(state);
    await finishFlow(state, ended, false);
    await recorded;
    return;
  }
  const delivered = done.attempt?.delivered && target ? deliveredAt(target, 1, done.attempt) : undefined;
  if (marked && delivered !== undefined) markDelivery(state, delivered);
  mark(delivered);
  const recorded = done.recorded ? undefined : recordCall(state);
  const { payload, attempt } = done;
  if (payload) state.flowEnd = { delivered: false, attempts: 0, payload };
  ended();
  if (target && payload && attempt) await deliverOn(state, { ...target, payload }, attempt);
  await recorded;
}

/** What was done; undefined when the activity failed. */
async function tried(by: Pick<typeof remote, 'endCall'>, end: EndOfCall): Promise<EndedAtOnce | null | undefined> {
  try {
    return await by.endCall.executeWithOptions({ summary: endSummary(end) }, [end]);
  } catch (error) {
    if (error instanceof ActivityFailure) return undefined;
    throw error;
  }
}
