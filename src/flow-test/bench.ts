/**
 * The place where tests run: a time-skipping server with worker and simulator, and a script of answers for each call.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ActivityExecuteInput, WorkerInterceptors } from '@temporalio/worker';
import { Sender } from '../http/send.js';
import { judgeHere } from '../judging/here.js';
import { callProgress } from '../calls/read-call.js';
import { callWorkflowId } from '../calls/call-id.js';
import type { CallReport, TimelineEntry } from '../engine/call-report.js';
import { flowEndId } from '../engine/flow-end-target.js';
import { undoId } from '../engine/undo-task.js';
import { SkippedTime } from './time/skipped-time.js';
import { type TimeSkippingStack, timeSkippingStack } from './time/time-skipping-stack.js';
import type { PartyEvent } from '../telephony/simulator/simulated-bridge.js';
import { PATH_QUERY } from '../telephony/start.js';
import { configuredDataConverter } from '../temporal/codec/data-converter.js';
import { createTimeSkippingEnvironment, skipsTime } from '../temporal/servers/time-skipping.js';
import { AnswerScript } from './answers.js';
import { scriptedCarrier } from './carrier.js';
import { scriptedEmail } from './scripted-email.js';
import type { CallWorld } from './call-world.js';
import type { Observed } from './expectations.js';
import { SCRIPTED_SECRETS } from './scripted-secrets.js';
import { ScriptedShelf } from './scripted-shelf.js';
import { serverTime, TIME_PASSED } from './time/server-time.js';
import type { TestCase } from './test-case.js';

/** Real milliseconds in which the server must let a minute pass; one that takes longer has ceased to skip time. */
const SKIPS_WITHIN_MS = 500;
/** Real milliseconds that a part of the bench has for its end; then its server ends without it. */
const END_WITHIN_MS = 3000;
/** The longest step of time while a command runs, which counts as lost after 30 s of silence. Contract B3. */
const COMMAND_STEP_MS = 8000;
/** Heartbeats are not held back: to the server, seconds pass in milliseconds. */
const THROTTLE_MS = 5;

/** A call as its test saw it; `seen` is null when it did not end in time. */
export interface BenchCall {
  seen: Observed | null;
  timeline: TimelineEntry[];
  /** Why there was no call at all. */
  fault?: string;
}

/** The leg of the caller. Contract B2. */
const CALLER = '1';

/** One server for tests, which run on it one after the other. */
export class Bench {
  readonly #scripts = new Map<string, AnswerScript>();
  /** By workflow id, how far the seeming time of day is ahead of the server's time. */
  readonly #ahead = new Map<string, number>();
  readonly #worlds = new Map<string, CallWorld>();
  readonly #shelf = new ScriptedShelf(() => this.time.now());
  readonly #subflows = new Map<string, TestCase['subflows']>();
  readonly #partyEvents = new Map<string, PartyEvent[]>();
  /** Calls in which time has passed too quickly for an activity. */
  readonly #spoilt = new Set<string>();
  #stack: TimeSkippingStack | undefined;

  private constructor(
    private readonly env: TestWorkflowEnvironment,
    private readonly taskQueue: string,
    private readonly time: SkippedTime,
  ) {}

  /** @throws {HooklineError} NO_TEMPORAL_SERVER, CODEC_KEYS_INVALID. */
  static async open(say: (line: string) => void): Promise<Bench> {
    const env = await createTimeSkippingEnvironment(say, configuredDataConverter());
    const taskQueue = `hookline-${randomUUID()}`;
    const server = serverTime(env, taskQueue, () => time.settled());
    const time = new SkippedTime(server);
    const bench = new Bench(env, taskQueue, time);
    try {
      await bench.#start(server);
      return bench;
    } catch (error) {
      await env.teardown();
      throw error;
    }
  }

  /** The way to the calls that have run here. */
  get client(): Client {
    return this.env.client;
  }

  /**
   * Runs the call of a test; gives it up after so many seconds of real time.
   * @param world answers what the call asks, instead of the answers of the test
   */
  async call(test: TestCase, timeoutSeconds: number, world?: CallWorld): Promise<BenchCall> {
    if (!this.#stack) throw new Error('The bench is closed.');
    const { bridge } = this.#stack.simulator;
    const { account, flow, caller, subflows, test: said } = test;
    const callId = world?.start.callId ?? randomUUID();
    const workflowId = callWorkflowId(account.id, bridge.id, callId);
    const script = new AnswerScript(said.answers, flow);
    const partyEvents: PartyEvent[] = [];
    this.#scripts.set(workflowId, script);
    this.#shelf.begin(said.kept);
    this.#partyEvents.set(callId, partyEvents);
    this.#subflows.set(workflowId, subflows);
    if (world) this.#worlds.set(workflowId, world);
    if (said.at !== undefined) this.#ahead.set(workflowId, Date.parse(said.at) - (await this.time.current()));
    const startedAt = new Date(said.at ?? Date.now()).toISOString();
    const call = {
      callId,
      account,
      flow,
      caller,
      variables: said.set,
      direction: flow.type,
      startedAt,
      ...world?.start,
    };
    try {
      const handle = await this.#stack.place(call);
      const report = await withinSeconds(this.#stack.report(handle), timeoutSeconds);
      const timeline = await timelineOf(handle);
      if (!report) return { seen: null, timeline };
      if (this.#spoilt.delete(workflowId))
        return {
          seen: null,
          timeline,
          fault: 'was disturbed, for the machine is too busy: an activity was begun twice',
        };
      await this.#giveUpDelivery(report);
      const hears = partyEvents.filter(({ leg }) => leg === CALLER);
      const spoken = hears.flatMap((one) => (one.kind === 'hears' ? [one] : []));
      const answeredAt = Date.parse((hears.find(({ kind }) => kind === 'answered') ?? hears[0])?.at ?? '');
      const heardAt = spoken.map(({ at }) => (Date.parse(at) - answeredAt) / 1000);
      const prompts = spoken.map(({ text }) => text);
      const holdTune = hears.some(({ kind }) => kind === 'hold');
      const unscripted = partyEvents.flatMap((one) => (one.kind === 'unscripted' ? [one.text] : []));
      return { seen: { report, prompts, heardAt, holdTune, sent: script.sent, unscripted }, timeline };
    } finally {
      bridge.removeCall(callId);
      await this.#forgetAgents(account.id);
      this.#scripts.delete(workflowId);
      this.#ahead.delete(workflowId);
      this.#worlds.delete(workflowId);
      this.#subflows.delete(workflowId);
      this.#partyEvents.delete(callId);
    }
  }

  /** Whether time still passes quickly. */
  async isWell(): Promise<boolean> {
    return skipsTime(this.env, SKIPS_WITHIN_MS);
  }

  async close(): Promise<void> {
    this.time.close();
    // What still waits on a server that hangs ends with it.
    await withinSeconds(this.#stack?.close() ?? Promise.resolve(), END_WITHIN_MS / 1000);
    this.#stack = undefined;
    await withinSeconds(this.env.teardown(), END_WITHIN_MS / 1000);
  }

  async #start({ activities, locks }: ReturnType<typeof serverTime>): Promise<void> {
    const { time } = this;
    const carrier = scriptedCarrier(this.#scripts, time);
    const shelf = this.#shelf;
    const timeOfDay = () => time.now();
    const sender = new Sender({ clock: time, judge: judgeHere, carrier, secrets: SCRIPTED_SECRETS, shelf, timeOfDay });
    const clockShiftMs = (workflowId: string) => this.#ahead.get(workflowId) ?? 0;
    const sendEmail = scriptedEmail(this.#scripts);
    const heartbeatThrottleMs = THROTTLE_MS;
    this.#stack = await timeSkippingStack(this.env, {
      locks,
      worker: {
        ...{ taskQueue: this.taskQueue, sender, clockShiftMs, heartbeatThrottleMs, endsApart: true },
        subflows: (workflowId) => this.#subflows.get(workflowId) ?? {},
        // None is read: an account may name what it likes.
        secrets: { places: 'anywhere', secretsDir: null },
        activities: { ...activities, sendEmail },
        functionsElsewhere: (method) => ({ url: `https://functions.invalid/${method}`, auth: { type: 'none' } }),
        interceptors: this.#watching(),
      },
      simulator: {
        heartbeatThrottleMs,
        sleep: (ms, signal) => time.sleep(ms, signal),
        now: () => time.now(),
        onPartyEvent: (entry) => void this.#partyEvents.get(entry.callId)?.push(entry),
      },
    });
    const { bridge } = this.#stack.simulator;
    const obey = bridge.bridgeCommand.bind(bridge);
    bridge.bridgeCommand = async (command) => {
      const context = Context.current();
      await this.#worldOf(context)?.command(command, () => this.#entered(context));
      // What the server skipped meanwhile is the caller's time, too.
      await time.current();
      try {
        const beat = () => context.heartbeat();
        return await time.during(beat, () => obey(command), COMMAND_STEP_MS);
      } finally {
        // The party's next step begins to wait before the call continues, else time would be skipped without it.
        await time.settled();
      }
    };
  }

  /** Activities show after each step of time that they live; one that had to be begun again spoils its call. */
  #watching(): WorkerInterceptors {
    const execute = async (context: Context, work: () => Promise<unknown>) => {
      if (context.info.activityType === TIME_PASSED) return work();
      if (context.info.isLocal) return this.time.current().then(work);
      if (context.info.attempt > 1) this.#spoilt.add(context.info.workflowExecution?.workflowId ?? '');
      return this.time.during(() => context.heartbeat(), work);
    };
    const perform = async (context: Context, input: ActivityExecuteInput, next: () => Promise<unknown>) => {
      const world = this.#worldOf(context);
      const entered = () => this.#entered(context);
      const performed = await world?.perform(context.info.activityType, input.args.at(-1), entered);
      if (!performed) return next();
      if (performed.after > 0) await this.time.sleep(performed.after * 1000, context.cancellationSignal);
      return performed.result();
    };
    return {
      activity: [
        (context) => ({
          inbound: { execute: (input, next) => execute(context, () => perform(context, input, () => next(input))) },
        }),
      ],
    };
  }

  #worldOf({ info }: Context): CallWorld | undefined {
    return this.#worlds.get(info.workflowExecution?.workflowId ?? '');
  }

  /** The widgets that a call has entered so far. */
  #entered({ info }: Context): Promise<string[]> {
    return this.client.workflow.getHandle(info.workflowExecution?.workflowId ?? '').query<string[]>(PATH_QUERY);
  }

  /** Who was picked in one test must not decide who is picked in the next. */
  async #forgetAgents(account: number): Promise<void> {
    const desk = this.env.client.workflow.getHandle(`agents-${account}`);
    await desk.terminate('the test is over').catch(() => undefined);
  }

  /** The delivery of a flow end would continue for 72 hours. Contract E5. */
  async #giveUpDelivery({ call, flowEnd, undo = [] }: CallReport): Promise<void> {
    const left = [
      ...(flowEnd?.delivered === false ? [flowEndId(call)] : []),
      ...(undo.some(({ state }) => state === 'onItsWay') ? [undoId(call)] : []),
    ];
    const { workflow } = this.env.client;
    const end = (id: string) => workflow.getHandle(id).terminate('the test is over');
    await Promise.all(left.map((id) => end(id).catch(() => undefined)));
  }
}

async function timelineOf(handle: WorkflowHandle): Promise<TimelineEntry[]> {
  const asked = callProgress(handle).catch(() => undefined);
  return (await withinSeconds(asked, 2))?.timeline ?? [];
}

/** What comes within so many seconds of real time, else undefined; what comes later is dropped. */
async function withinSeconds<T>(work: Promise<T>, seconds: number): Promise<T | undefined> {
  const stop = new AbortController();
  const late = pause(seconds * 1000, undefined, { signal: stop.signal });
  late.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}
