/**
 * The workflow of one call, from its first leg to its flow end. Contract C, E.
 * @module
 */
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ActivityFailure,
  condition,
  isCancellation,
  proxyLocalActivities,
  setHandler,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import type { OpenedCall } from '../engine/opened-call.js';
import type { Activities } from '../activities/index.js';
import type { CallProgress, CallReport, Outcome } from '../engine/call-report.js';
import { type PackedReport, packReport } from '../engine/packed-report.js';
import type { CallInput } from '../telephony/start.js';
import { releaseAgents } from './desks/claimed-agents.js';
import { readEvent } from '../telephony/messages.js';
import { Bridge } from './bridge/bridge.js';
import { logEnd, logRefusal } from './telling/log-call.js';
import { countCall } from './telling/call-metrics.js';
import { CallState } from './call-state.js';
import type { FlowPosition } from './carried-state.js';
import { traceCall } from './telling/call-trace.js';
import { recordCall } from './telling/call-record.js';
import { endAtOnce } from './flow-end/end-at-once.js';
import { finishFlow } from './flow-end/first-attempts.js';
import { EventInbox } from './bridge/inbox.js';
import { CallFailed, runBranch } from './interpreter.js';
import { Interrupted } from './interruption.js';
import { Legs } from './bridge/legs.js';
import { CAUSE } from '../telephony/causes.js';
import { bridgeEvent, bridgeLost, path, progress, unfinished } from './call-messages.js';
import { guard } from './call-guard.js';
import { undoAfter } from './requests/undo.js';
import { placeCall } from './bridge/place-call.js';
import { unfinishedOf } from './reconciler/unfinished.js';
import { Recordings } from './bridge/recordings.js';
import { ContinueAsNewRequest, ContinueAsNewGate, carriedOf, reopened } from './continue-as-new.js';
import { markStart } from './telling/search.js';
import { Timeline } from './telling/timeline.js';

const { openCall } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
});

/** How a call ends that its own code ends; Temporal closes others. */
type Ended = Exclude<Outcome, 'timedOut'>;

/** Widgets and time that On Remote Hangup and On Flow Complete each have. Contract C3. */
const AFTERWARDS = { maxWidgets: 100, timeoutMs: 10 * 60_000 };

// A call ends on the build that it began on. The server refuses this from a worker without a version.
setWorkflowOptions(
  () => (workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'PINNED' } : {}),
  call,
);

/** Runs one call. Its failure has the code as type and the report as first detail. Contract B1, C1, D4. */
export async function call(input: CallInput): Promise<CallReport | PackedReport> {
  const timeline = new Timeline();
  const carried = carriedOf(input);
  const legs = carried ? Legs.resumed(input, carried.legs) : new Legs(input ?? {});
  const recordings = new Recordings(carried?.recordings);
  const inbox = new EventInbox((event) => {
    legs.apply(event);
    recordings.apply(event);
    timeline.event(event);
  }, carried?.inbox);
  let state: CallState | undefined;
  let phase: CallProgress['state'] = 'running';
  const onBridgeEvent = (payload: unknown) => {
    const event = readEvent(payload);
    if (event) inbox.record(event);
    else timeline.add('note', 'the bridge sent something that is no event');
  };
  setHandler(bridgeEvent, onBridgeEvent, { description: 'An event of the bridge' });
  setHandler(progress, () => ({
    state: phase,
    report: state ? packReport(state.report()) : null,
    timeline: timeline.entries,
  }));
  setHandler(path, () => state?.path.map((entry) => entry.widget) ?? []);
  setHandler(unfinished, () => (state ? unfinishedOf(state) : null));

  const bridge = new Bridge(input, legs, () => state?.position ?? null, carried?.bridge);
  setHandler(bridgeLost, (node) => bridge.presence.lost(node), { description: 'The bridge node has lost the call' });
  timeline.now = () => bridge.now;
  const opened = carried ? reopened(input, carried) : await open(input, bridge);
  if (opened.watched !== undefined) bridge.presence.watchedAs(opened.watched);
  state = new CallState(input, opened, legs, recordings, bridge, timeline, carried?.state);
  markStart(state);
  const stopGuard = guard(state);
  const continuation = new ContinueAsNewGate(state, inbox);
  const outcome = await runStart(state, continuation, carried?.place);
  if (outcome instanceof ContinueAsNewRequest) {
    traceCall(state, true);
    return continuation.continue(outcome.position);
  }

  await CancellationScope.nonCancellable(async () => {
    stopGuard();
    await bridge.release(causeOf(outcome));
    if (outcome === 'hungUp') await runAfterwards(state, 'onRemoteHangup');
    await undoAfter(state, outcome);
    await runAfterwards(state, 'onFlowComplete');
    state.outcome = outcome;
    countCall(outcome, state.report().error?.code);
    state.endedAt ??= new Date().toISOString();
    logEnd(state);
    traceCall(state);
    if (!bridge.gone) await recordings.settle();
    await releaseAgents(state);
    const ended = () => {
      phase = 'ended';
    };
    if (state.endsAtOnce) await endAtOnce(state, ended);
    else {
      const recorded = recordCall(state);
      await finishFlow(state, ended);
      await recorded;
    }
    // A request that is not waited for is never cut by the end of its call (H3).
    await condition(() => state.background === 0);
    phase = 'settled';
  });
  return conclude(state, outcome);
}

/** Checks and resolves the start; a call that is refused does not leave its caller on a silent line. */
async function open(input: CallInput, bridge: Bridge): Promise<OpenedCall> {
  try {
    return await openCall(input, Date.now());
  } catch (error) {
    if (canHangUp(input)) await bridge.release(CAUSE.temporaryFailure);
    const cause = error instanceof ActivityFailure ? error.cause : error;
    const refusal = cause instanceof ApplicationFailure && cause.nonRetryable ? cause : null;
    if (isCancellation(error)) countCall('cancelled', 'CANCELLED');
    else {
      countCall('refused', refusal?.type ?? 'other');
      logRefusal(refusal?.type ?? 'other');
    }
    throw refusal ?? error;
  }
}

/** Whether a start that may be anything names a bridge and its call. */
function canHangUp(input: { bridge?: object; call?: { id?: unknown } } | null | undefined): boolean {
  const bridge: { taskQueue?: unknown; url?: unknown } = input?.bridge ?? {};
  const reached = typeof bridge.taskQueue === 'string' || typeof bridge.url === 'string';
  return reached && typeof input?.call?.id === 'string';
}

/** Runs the Start branch, from its first widget or from where an earlier run of the call left it. */
async function runStart(
  state: CallState,
  continuation: ContinueAsNewGate,
  from?: FlowPosition,
): Promise<Ended | ContinueAsNewRequest> {
  const limits = {
    maxWidgets: state.limits.maxWidgets,
    executed: state.path.length,
    continueAsNewDue: () => continuation.due,
  };
  try {
    if (from) state.timeline.add('note', 'the call continues as new; its timeline so far is that of the run before');
    else await placeCall(state);
    await runBranch(state, from ?? [state.flow.start], limits);
    return 'completed';
  } catch (error) {
    return error instanceof ContinueAsNewRequest ? error : outcomeOf(error, state);
  } finally {
    state.afterwards = true;
  }
}

function outcomeOf(error: unknown, state: CallState): Ended {
  if (error instanceof Interrupted) {
    switch (error.by) {
      case 'remoteHangup':
        return 'hungUp';
      case 'legEnded':
        return 'completed';
      case 'bridgeGone':
        state.fail('BRIDGE_GONE', 'The bridge took no command any more.');
        return 'failed';
      case 'callTooLong':
        state.fail('CALL_TOO_LONG', `The call lasted longer than ${state.limits.maxCallSeconds} seconds.`);
        return 'failed';
    }
  }
  if (isCancellation(error)) {
    state.fail('CANCELLED', 'The call was cancelled from outside.');
    return 'cancelled';
  }
  if (error instanceof CallFailed) state.fail(error.code, error.message);
  else state.fail('WIDGET_FAULT', error instanceof Error ? error.message : String(error));
  return 'failed';
}

/** Runs On Remote Hangup or On Flow Complete within its own budget; what goes wrong there is noted, no more. Contract C3. */
async function runAfterwards(state: CallState, entry: 'onRemoteHangup' | 'onFlowComplete'): Promise<void> {
  const start = state.flow[entry];
  if (start === null) return;
  const { maxWidgets, timeoutMs } = AFTERWARDS;
  try {
    await CancellationScope.withTimeout(timeoutMs, () => runBranch(state, [start], { maxWidgets }));
  } catch (error) {
    const why = isCancellation(error)
      ? 'it took more than 10 minutes'
      : error instanceof Error
        ? error.message
        : String(error);
    state.timeline.add('note', `${entry} was cut: ${why}`);
  }
}

function causeOf(outcome: Outcome): number {
  return outcome === 'failed' ? CAUSE.temporaryFailure : outcome === 'cancelled' ? CAUSE.unspecified : CAUSE.normal;
}

function conclude(state: CallState, outcome: Outcome): CallReport | PackedReport {
  const report = packReport(state.report());
  if (outcome === 'cancelled')
    throw new CancelledFailure(`The call ${workflowInfo().workflowId} was cancelled.`, [report]);
  if (outcome === 'failed' && report.error) {
    throw ApplicationFailure.nonRetryable(report.error.message, report.error.code, report);
  }
  return report;
}
