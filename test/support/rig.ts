/**
 * Everything that a call needs, for tests: a Temporal server, a worker, and a simulated bridge with its caller.
 * @module
 */
import './runtime.js';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { inject, onTestFailed, TestRunner } from 'vitest';
import { callReport } from '../../src/calls/read-call.js';
import type { CallReport } from '../../src/engine/call-report.js';
import { validateCaller } from '../../src/flow/validation/validate.js';
import { type TimeSkippingStack, timeSkippingStack } from '../../src/flow-test/time/time-skipping-stack.js';
import type { RunningSimulator } from '../../src/telephony/simulator/simulator-worker.js';
import type { BridgeCommand, CommandResult } from '../../src/telephony/commands.js';
import { createTimeSkippingEnvironment, skipsTime } from '../../src/temporal/servers/time-skipping.js';
import { openRigs } from './open-rigs.js';
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
  const rig = new TimeSkippingRig(options);
  await rig.open();
  openRigs.add(rig);
  return rig;
}

/** Real milliseconds in which a server lets a minute pass, however busy the machine is; one that takes longer stands still. */
const SKIPS_WITHIN_MS = 5000;
/** Real milliseconds that a server which stands still has to end. */
const END_WITHIN_MS = 10_000;

interface Server {
  env: TestWorkflowEnvironment;
  stack: TimeSkippingStack;
}

class TimeSkippingRig implements Rig {
  readonly commands: BridgeCommand[] = [];
  #calls = new Set<string>();
  #server: Server | undefined;

  constructor(private readonly options: RigOptions) {}

  get env(): TestWorkflowEnvironment {
    return this.#opened.env;
  }

  get stack(): TimeSkippingStack {
    return this.#opened.stack;
  }

  get #opened(): Server {
    if (!this.#server) throw new Error('The rig is not open.');
    return this.#server;
  }

  async open(): Promise<void> {
    const env = await createTimeSkippingEnvironment();
    const worker = { bundle: { codePath: inject('workflowBundle') }, ...this.options };
    const stack = await timeSkippingStack(env, { worker });
    this.#server = { env, stack };
    const { bridge } = stack.simulator;
    const obey = bridge.bridgeCommand.bind(bridge);
    bridge.bridgeCommand = (command: BridgeCommand): Promise<CommandResult> => {
      this.commands.push(command);
      return obey(command);
    };
  }

  /** Gives up a server whose time stands still, with its calls. */
  async replaceUnlessWell(): Promise<void> {
    if (await skipsTime(this.env, SKIPS_WITHIN_MS)) return;
    const { env, stack } = this.#opened;
    await Promise.race([stack.close().then(() => env.teardown()), pause(END_WITHIN_MS)]).catch(() => undefined);
    this.#calls = new Set();
    await this.open();
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
    return { handle, report: () => callReport(handle) };
  }

  async run(call: TestCall): Promise<CallReport> {
    return (await this.start(call)).report();
  }

  async close(): Promise<void> {
    openRigs.delete(this);
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
