/**
 * Everything that a call needs, for tests: a Temporal server, a worker, and a simulated bridge with its caller.
 * @module
 */
import './runtime.js';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import { callReport } from '../../src/calls.js';
import type { CallReport } from '../../src/flow/call-report.js';
import { validateCaller } from '../../src/flow/validation/validate.js';
import { timeSkippingStack } from '../../src/stack/time-skipping.js';
import type { RunningSimulator } from '../../src/telephony/simulator/worker.js';
import type { BridgeCommand, CommandResult } from '../../src/telephony/commands.js';
import { createTimeSkippingEnvironment } from '../../src/temporal/servers/time-skipping.js';
import type { CallWorkerOptions } from '../../src/temporal/worker.js';
import type { CallInput } from '../../src/telephony/start.js';

/** What a test says of a call; the rest has defaults. */
export interface TestCall {
  flow: object;
  account?: object;
  caller?: object;
  variables?: Record<string, unknown>;
  direction?: 'inbound' | 'outbound';
  /** Instead of the simulated bridge. */
  bridge?: CallInput['bridge'];
  callId?: string;
}

export interface StartedCall {
  handle: WorkflowHandle;
  /** Waits for the end; on the time-skipping server time passes quickly only while somebody waits. */
  report: () => Promise<CallReport>;
}

/** A server on which calls run. */
export interface Rig {
  env: TestWorkflowEnvironment;
  taskQueue: string;
  simulator: RunningSimulator;
  /** Commands that the simulated bridge was given, in order. */
  commands: BridgeCommand[];
  start(call: TestCall): Promise<StartedCall>;
  /** Runs a call to its end. */
  run(call: TestCall): Promise<CallReport>;
  close(): Promise<void>;
}

/** What differs from the defaults of a worker. */
export type RigOptions = Pick<
  CallWorkerOptions,
  'limits' | 'clockShiftMs' | 'http' | 'bridgeTimes' | 'store' | 'publicUrl' | 'serverJustBack'
>;

/** A time-skipping server with a worker: hours of delay pass in a moment. */
export async function timeSkippingRig(options: RigOptions = {}): Promise<Rig> {
  const env = await createTimeSkippingEnvironment();
  const stack = await timeSkippingStack(env, {
    worker: {
      bundle: { codePath: inject('workflowBundle') },
      ...options,
      ...(process.env.HOOKLINE_TEST_NO_CACHE ? { maxCachedWorkflows: 0 } : {}),
    },
  });
  const { simulator, taskQueue } = stack;
  const commands: BridgeCommand[] = [];
  const obey = simulator.bridge.bridgeCommand.bind(simulator.bridge);
  simulator.bridge.bridgeCommand = (command: BridgeCommand): Promise<CommandResult> => {
    commands.push(command);
    return obey(command);
  };

  const start = async ({ account, caller, variables = {}, direction = 'inbound', ...test }: TestCall) => {
    const party = validateCaller(caller ?? {}).value;
    if (!party) throw new Error('The caller of the test is not valid.');
    const call = { ...test, account: { id: 1, ...account }, caller: party, variables, direction };
    const handle = await stack.place(call);
    return { handle, report: () => callReport(handle) };
  };
  return {
    env,
    taskQueue,
    simulator,
    commands,
    start,
    run: async (call) => (await start(call)).report(),
    close: async () => {
      await stack.close();
      await env.teardown();
    },
  };
}

/** A flow document of these widgets, starting at the first. */
export function flowOf(widgets: Record<string, object>, more: object = {}): object {
  return { hookline: 1, id: 'testflow', start: Object.keys(widgets)[0], widgets, ...more };
}
