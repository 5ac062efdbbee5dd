/**
 * A server on which hours pass in a moment, with a worker and a simulated bridge in this process: for tests.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { startCall } from '../../calls/start-call.js';
import { callWorkflowId } from '../../calls/call-id.js';
import type { Caller } from '../../flow/documents/caller.js';
import type { CallReport } from '../../engine/call-report.js';
import type { BridgeAbilities, CallInput } from '../../telephony/start.js';
import {
  type RunningSimulator,
  type SimulatorOptions,
  startSimulator,
} from '../../telephony/simulator/simulator-worker.js';
import { temporalHooks } from '../../telephony/temporal-hooks.js';
import { type CallWorkerOptions, createCallWorker } from '../../temporal/worker.js';
import type { TimeLocks } from '../../temporal/servers/time-locks.js';
import { AwaitedCalls } from './awaited-calls.js';
import { LeapingTime } from './leaping-time.js';

/** What may be different from the defaults. */
export interface TimeSkippingOptions {
  worker?: Partial<CallWorkerOptions>;
  simulator?: Partial<SimulatorOptions>;
  /** Those of the work under way in this process; default: of the commands of each call. */
  locks?: TimeLocks;
}

/** A call to be placed. */
export interface PlacedCall extends BridgeAbilities {
  /** The bridge's own id of the call, default a new one. */
  callId?: string;
  /** Default: one is made. */
  uuid?: string | undefined;
  account: { id: number };
  /** A flow document, valid or not. */
  flow: object;
  caller: Caller;
  variables: Record<string, unknown>;
  direction: 'inbound' | 'outbound';
  /** ISO 8601, default now. */
  startedAt?: string;
  /** Default: the simulated bridge. */
  bridge?: CallInput['bridge'];
}

/** Worker and simulator of a server; the caller ends them before the server. */
export interface TimeSkippingStack {
  taskQueue: string;
  simulator: RunningSimulator;
  /** Places a call. On this server time passes quickly only while somebody waits for a result. */
  place(call: PlacedCall): Promise<WorkflowHandle>;
  /** Waits until a call has closed. */
  report(handle: WorkflowHandle): Promise<CallReport>;
  close(): Promise<void>;
}

/** Starts a worker and a simulator on a server. */
export async function timeSkippingStack(
  env: TestWorkflowEnvironment,
  options: TimeSkippingOptions = {},
): Promise<TimeSkippingStack> {
  const taskQueue = options.worker?.taskQueue ?? `hookline-${randomUUID()}`;
  const common = { connection: env.nativeConnection, namespace: env.namespace ?? 'default' };
  const { dataConverter } = env.client.options;
  const settings = { ...common, searchAttributes: true, dataConverter, ...options.worker, taskQueue };
  const worker = await createCallWorker(settings);
  const running = worker.run();
  // `close` reports a failure; before that it must not end the process.
  running.catch(() => undefined);
  const time = new LeapingTime(env);
  const awaited = new AwaitedCalls();
  const hooks = temporalHooks(env.client);
  const simulator = await startSimulator({
    ...common,
    client: env.client,
    sleep: (ms, signal, workflowId) => time.sleep(ms, signal, workflowId),
    calls: {
      sendEvent: (workflowId, event) => time.duringEvent(workflowId, () => hooks.sendEvent(workflowId, event)),
      entered: (workflowId) => time.duringQuestion(workflowId, () => hooks.entered(workflowId)),
    },
    ...options.simulator,
  });
  const obey = simulator.bridge.bridgeCommand.bind(simulator.bridge);
  simulator.bridge.bridgeCommand = (command) => time.duringCommand(command, () => obey(command));
  return {
    taskQueue,
    simulator,
    report: (handle) => awaited.report(handle, options.locks ?? time.locksOf(handle.workflowId)),
    place: (call) => place(env, { taskQueue, simulator }, call),
    close: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      await simulator.shutdown();
    },
  };
}

async function place(
  env: TestWorkflowEnvironment,
  { taskQueue, simulator }: Pick<TimeSkippingStack, 'taskQueue' | 'simulator'>,
  { account, flow, caller, variables, direction, ...more }: PlacedCall,
): Promise<WorkflowHandle> {
  const callId = more.callId ?? randomUUID();
  const { can, watched } = more;
  const simulated = {
    id: simulator.bridge.id,
    taskQueue: simulator.taskQueue,
    ...(can && { can }),
    ...(watched && { watched }),
  };
  const bridge = more.bridge ?? simulated;
  const workflowId = callWorkflowId(account.id, bridge.id, callId);
  if (!more.bridge) simulator.bridge.addCall({ callId, workflowId, direction, caller });
  const startedAt = more.startedAt ?? new Date().toISOString();
  const { uuid } = more;
  const call = {
    id: callId,
    direction,
    from: caller.from,
    to: caller.to,
    startedAt,
    ...(uuid !== undefined && { uuid }),
  };
  return startCall(env.client, { account, flow: flow as { id: string }, call, variables, bridge }, { taskQueue });
}
