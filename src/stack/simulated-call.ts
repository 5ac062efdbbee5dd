/**
 * One call with a simulated caller, from its start to its flow end. Contract D4.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { startCall } from '../calls/start-call.js';
import { callProgress, callReport } from '../calls/read-call.js';
import { callWorkflowId } from '../calls/call-id.js';
import type { Account } from '../flow/documents/account.js';
import type { CallProgress, CallReport, TimelineEntry } from '../engine/call-report.js';
import type { Caller } from '../flow/documents/caller.js';
import type { Flow } from '../flow/documents/flow.js';
import { HooklineError } from '../flow/errors.js';
import type { PartyEvent } from '../telephony/simulator/party-event.js';
import { startSimulator } from '../telephony/simulator/simulator-worker.js';
import { CALL_TASK_QUEUE } from '../telephony/start.js';
import { connectNative } from '../temporal/connect-native.js';
import { connectClient } from '../temporal/connect.js';
import { limitCall } from './call-limit.js';

/** What a simulated call is made of. */
export interface SimulatedCallOptions {
  address: string;
  namespace: string;
  flow: Flow;
  account: Account;
  caller: Caller;
  variables: Record<string, string>;
  /** Seconds that the flow end is waited for after the call. */
  waitFlowEnd: number;
  /** Seconds of real time after which a call that still runs is cancelled; default: none. */
  maxSeconds?: number | undefined;
  /** Called with each entry of the call's timeline as it comes. */
  onEntry(entry: TimelineEntry, startedAt: number): void;
  /** Called with what happens on the side of the parties. */
  onPartyEvent?: (event: PartyEvent) => void;
}

/** A call that has ended, or whose flow end is still on its way. */
export interface SimulatedCall {
  report: CallReport;
  /** Whether the call was cancelled because it took `maxSeconds`. */
  limitReached: boolean;
  /** Resolves when the workflow has closed: requests that were not waited for have ended then too. */
  settled: Promise<void>;
  /** Ends the simulated bridge. */
  close(): Promise<void>;
}

const POLL_MS = 50;
/** Milliseconds within which a worker must show. */
const WORKER_SHOWS_MS = 2000;

/** Runs one call. @throws {HooklineError} NO_WORKER, TEMPORAL_UNREACHABLE. */
export async function simulateCall(options: SimulatedCallOptions): Promise<SimulatedCall> {
  const { address, namespace, caller, onPartyEvent } = options;
  const { connection, client } = await connectClient(address, namespace);
  const [native] = await Promise.all([connectNative(address), requireWorker(client, namespace, address)]);
  const simulator = await startSimulator({ connection: native, client, namespace, onPartyEvent });
  const close = async () => {
    await simulator.shutdown();
    await native.close();
    await connection.close();
  };
  try {
    const callId = randomUUID();
    const workflowId = callWorkflowId(options.account.id, simulator.bridge.id, callId);
    const direction = options.flow.type;
    simulator.bridge.addCall({ callId, workflowId, direction, caller });
    const handle = await startCall(client, {
      account: options.account,
      flow: options.flow,
      call: { id: callId, direction, from: caller.from, to: caller.to, startedAt: new Date().toISOString() },
      variables: options.variables,
      bridge: { id: simulator.bridge.id, taskQueue: simulator.taskQueue },
    });
    const limit = limitCall(handle, options.maxSeconds);
    try {
      return { ...(await watch(handle, options, limit.lift)), limitReached: limit.reached, close };
    } finally {
      limit.lift();
    }
  } catch (error) {
    await close();
    throw error;
  }
}

/** Follows the call until its flow end is delivered, its wait for that is over, or its workflow has closed. */
async function watch(
  handle: WorkflowHandle,
  options: SimulatedCallOptions,
  ended: () => void,
): Promise<{ report: CallReport; settled: Promise<void> }> {
  const startedAt = Date.now();
  let reported = 0;
  let first: TimelineEntry | undefined;
  let endedAt: number | undefined;
  const reportEntries = (progress: CallProgress) => {
    // A call that continues as new begins a new timeline.
    if (progress.timeline[0]?.at !== first?.at) reported = 0;
    first = progress.timeline[0];
    for (const entry of progress.timeline.slice(reported)) options.onEntry(entry, startedAt);
    reported = progress.timeline.length;
  };
  let closed = false;
  const settled = handle.result().then(
    () => undefined,
    () => undefined,
  );
  void settled.then(() => {
    closed = true;
  });
  for (;;) {
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, POLL_MS))]);
    if (closed) break;
    const progress = await callProgress(handle).catch(() => undefined);
    if (!progress) continue;
    reportEntries(progress);
    if (progress.state === 'running' || !progress.report) continue;
    ended();
    endedAt ??= Date.now();
    const { flowEnd } = progress.report;
    if (flowEnd === null || flowEnd.delivered || Date.now() - endedAt >= options.waitFlowEnd * 1000) {
      return { report: progress.report, settled };
    }
  }
  const last = await callProgress(handle).catch(() => undefined);
  if (last) reportEntries(last);
  return { report: await callReport(handle), settled };
}

/** A worker that was only just started shows after some moments. */
async function requireWorker(client: Client, namespace: string, address: string): Promise<void> {
  const deadline = Date.now() + WORKER_SHOWS_MS;
  do {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: CALL_TASK_QUEUE },
      taskQueueType: 1,
    });
    if (pollers && pollers.length > 0) return;
    await pause(POLL_MS);
  } while (Date.now() < deadline);
  throw new HooklineError(
    'NO_WORKER',
    `No worker takes calls from task queue ${CALL_TASK_QUEUE} at ${address}. Start one with: hookline start`,
  );
}
