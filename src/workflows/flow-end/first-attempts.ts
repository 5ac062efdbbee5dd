/**
 * The end of a flow: its outcome for search, its webhook's first attempts, and the child that continues for days. Contract E2, E5, E6.
 * @module
 */
import {
  ParentClosePolicy,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { DeliveryAttempt, FlowEndDelivery } from '../../engine/flow-end-task.js';
import type { Activities } from '../../activities/index.js';
import type { FlowEndState } from '../../engine/call-report.js';
import { flowEndId, flowEndTarget } from '../../engine/flow-end-target.js';
import { logUndelivered } from '../telling/log-call.js';
import type { CallState } from '../call-state.js';
import { PROMPT_RETRY } from '../prompt-retry.js';
import { flowEndDelivery } from './long-delivery.js';
import { markDelivery, markOutcome } from '../telling/search.js';
import { deliveredAt, failedSummary } from './shown-end.js';

/** How long the call itself tries to deliver. Contract E5. */
const FIRST_ATTEMPTS_MS = 30_000;
/** Gaps between the first attempts, in milliseconds. */
const GAPS_MS = [500, 1000, 2000, 4000, 8000, 16_000];

const { composeFlowEnd } = proxyLocalActivities<Activities>({ startToCloseTimeout: '10 seconds' });
const { deliverFlowEnd } = proxyActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  heartbeatTimeout: '3 seconds',
  retry: PROMPT_RETRY,
});

/**
 * Marks the outcome and delivers the flow-end webhook, if the flow has one. `ended` is called before the delivery starts.
 * @param marks false when the outcome is marked already
 */
export async function finishFlow(state: CallState, ended: () => void, marks = true): Promise<void> {
  const target = flowEndTarget(state.flow, state.account, workflowInfo().workflowId);
  if (target) state.flowEnd = { delivered: false, attempts: 0, payload: await composeFlowEnd(state.flowEndFacts()) };
  if (marks) markOutcome(state);
  ended();
  if (!target || !state.flowEnd) return;
  await deliverOn(state, { ...target, payload: state.flowEnd.payload });
}

/** Delivers a flow end, of which the first attempt may have been made. */
export async function deliverOn(state: CallState, delivery: FlowEndDelivery, first?: DeliveryAttempt): Promise<void> {
  state.flowEnd ??= { delivered: false, attempts: 0, payload: delivery.payload };
  const left = await tryFirst(state, state.flowEnd, delivery, first);
  if (!left) return;
  if (left.gone === undefined) logUndelivered(state);
  await handOver(state, { ...delivery, ...left });
}

/** Gives null when it is delivered, else what the delivery continues with. */
async function tryFirst(
  state: CallState,
  flowEnd: FlowEndState,
  delivery: FlowEndDelivery,
  first?: DeliveryAttempt,
): Promise<Pick<FlowEndDelivery, 'retryAfter' | 'gone'> | null> {
  const start = Date.now();
  for (const gap of GAPS_MS) {
    flowEnd.attempts += 1;
    const made = flowEnd.attempts === 1 ? first : undefined;
    const summary = `flow end, attempt ${flowEnd.attempts}`;
    const attempt = made ?? (await deliverFlowEnd.executeWithOptions({ summary }, [{ ...delivery, phase: 'call' }]));
    if (attempt.paused) flowEnd.attempts -= 1;
    flowEnd.delivered = attempt.delivered;
    state.timeline.add(
      'flowEnd',
      attempt.delivered ? `flow end delivered: ${attempt.detail}` : `flow end not delivered: ${attempt.detail}`,
    );
    if (attempt.delivered) {
      if (state.endsAtOnce && !made) markDelivery(state, deliveredAt(delivery, flowEnd.attempts, attempt));
      return null;
    }
    if (attempt.gone) return { gone: attempt.detail };
    const wait = Math.max(gap, (attempt.retryAfter ?? 0) * 1000);
    if (attempt.paused || Date.now() - start + wait > FIRST_ATTEMPTS_MS)
      return attempt.retryAfter === undefined ? {} : { retryAfter: attempt.retryAfter };
    await sleep(wait, { summary: failedSummary(delivery, flowEnd.attempts, attempt) });
  }
  return {};
}

/** Where there is a store, it keeps how the delivery goes. */
function withRecord({ keepsReport, flowEnd }: CallState, delivery: FlowEndDelivery): FlowEndDelivery {
  if (!keepsReport) return delivery;
  return { ...delivery, record: { call: workflowInfo().workflowId, attempts: flowEnd?.attempts ?? 0 } };
}

/** The delivery continues in a workflow of its own, so that the call can close; at an endpoint that is gone it ends there. Contract E5. */
async function handOver(state: CallState, delivery: FlowEndDelivery): Promise<void> {
  try {
    await startChild(flowEndDelivery, {
      workflowId: flowEndId(workflowInfo().workflowId),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [withRecord(state, delivery), state.searchAttributes],
      staticSummary: 'flow end that could not be delivered at once',
    });
    markDelivery(state, delivery.gone === undefined ? 'pending' : 'dead');
    const then =
      delivery.gone === undefined ? 'the delivery continues for 72 hours' : 'a dead letter: the endpoint is gone';
    state.timeline.add('flowEnd', then);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
