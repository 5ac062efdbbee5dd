/**
 * Everything that a call needs, for tests: a Temporal server, a worker, and a simulated bridge with its caller.
 * @module
 */
import './runtime.js';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject, onTestFailed, TestRunner } from 'vitest';
import type { CallReport } from '../../src/engine/call-report.js';
import { validateCaller } from '../../src/flow/validation/validate.js';
import { type TimeSkippingStack, timeSkippingStack } from '../../src/flow-test/time/time-skipping-stack.js';
import type { RunningSimulator } from '../../src/telephony/simulator/simulator-worker.js';
import type { BridgeCommand, CommandResult } from '../../src/telephony/commands.js';
import { createTimeSkippingEnvironment } from '../../src/temporal/servers/time-skipping.js';
import { printTimeline } from './print-timeline.js';
import { replayAll } from './replays.js';
import type { CallWorkerOptions } from '../../src/temporal/worker.js';
import type { BridgeAbilities, CallInput } from '../../src/telephony/start.js';

/** What a test says of a call; the rest has defaults. */
export interface TestCall extends BridgeAbilities {
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
  /** Replays every call that was started, with its further runs and children, then ends the server. */
  close(): Promise<void>;
}

/** What differs from the defaults of a worker. */
export type RigOptions = Pick<
  CallWorkerOptions,
  'activities' | 'limits' | 'clockShiftMs' | 'http' | 'bridgeTimes' | 'store' | 'publicUrl' | 'serverJustBack'
>;

/** A time-skipping server with a worker: hours of delay pass in a moment. */
export async function timeSkippingRig(options: RigOptions = {}): Promise<Rig> {
  const env = await createTimeSkippingEnvironment();
  const worker = { bundle: { codePath: inject('workflowBundle') }, ...options };
  return new TimeSkippingRig(env, await timeSkippingStack(env, { worker }));
}

class TimeSkippingRig implements Rig {
  readonly commands: BridgeCommand[] = [];
  readonly #calls = new Set<string>();

  constructor(
    readonly env: TestWorkflowEnvironment,
    private readonly stack: TimeSkippingStack,
  ) {
    const { bridge } = stack.simulator;
    const obey = bridge.bridgeCommand.bind(bridge);
    bridge.bridgeCommand = (command: BridgeCommand): Promise<CommandResult> => {
      this.commands.push(command);
      return obey(command);
    };
  }

  get taskQueue(): string {
    return this.stack.taskQueue;
  }

  get simulator(): RunningSimulator {
    return this.stack.simulator;
  }

  async start({ account, caller, variables = {}, direction = 'inbound', ...test }: TestCall): Promise<StartedCall> {
    const party = validateCaller(caller ?? {}).value;
    if (!party) throw new Error('The caller of the test is not valid.');
    const call = { ...test, account: { id: 1, ...account }, caller: party, variables, direction };
    const handle = await this.stack.place(call);
    this.#calls.add(handle.workflowId);
    if (TestRunner.getCurrentTest()) onTestFailed(() => printTimeline(handle));
    return { handle, report: () => this.stack.report(handle) };
  }

  async run(call: TestCall): Promise<CallReport> {
    return (await this.start(call)).report();
  }

  async close(): Promise<void> {
    try {
      await replayAll(this.env.client, inject('workflowBundle'), this.#calls);
    } finally {
      await this.stack.close();
      await this.env.teardown();
    }
  }
}

/** A flow document of these widgets, starting at the first. */
export function flowOf(widgets: Record<string, object>, more: object = {}): object {
  return { hookline: 1, id: 'testflow', start: Object.keys(widgets)[0], widgets, ...more };
}
