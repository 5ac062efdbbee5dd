/**
 * Calls of Hookline whose requests and commands are watched one by one.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CALL_TASK_QUEUE } from '../src/telephony/start.js';
import { startWatch } from '../src/calls/watched-node.js';
import { accountOf, type BenchAbilities, readFlowEnd, startBenchCall } from './calls.js';
import { hooklineWorker } from './engines/hookline/engine.js';
import type { BenchTarget, Moments } from './target.js';
import { TemporalStack, type WorkerProgram } from './temporal-stack.js';

/** What happened to one call. */
export interface WatchedCall extends Moments {
  start: number;
  /** When each command came, by `performance.now()`. */
  commands: { type: string; at: number }[];
}

/** What a line is made of. */
export interface LineOptions extends BenchAbilities {
  /** Default: Hookline's. */
  worker?: WorkerProgram;
}

/** A stack with Hookline's worker, and the target of its requests. */
export class PhoneLine {
  private constructor(
    readonly stack: TemporalStack,
    readonly target: BenchTarget,
    private readonly abilities: BenchAbilities,
  ) {}

  static async open(
    target: BenchTarget,
    { worker = hooklineWorker, ...abilities }: LineOptions = {},
  ): Promise<PhoneLine> {
    target.forget();
    target.readFlowEnd = readFlowEnd;
    const stack = await TemporalStack.start(worker);
    const { id } = stack.bridge;
    if (abilities.watched) await startWatch(stack.client, { id, taskQueue: id }, CALL_TASK_QUEUE);
    return new PhoneLine(stack, target, abilities);
  }

  /** Starts a call and gives its id. */
  async start(flow: object, id: string = randomUUID()): Promise<string> {
    await startBenchCall(this.stack, id, flow, accountOf(this.target.job), this.abilities);
    return id;
  }

  /** Runs a call to its flow end. */
  async run(flow: object): Promise<WatchedCall> {
    const id = randomUUID();
    const ended = this.target.ended(id);
    const start = performance.now();
    await this.start(flow, id);
    await ended;
    return { ...this.seen(id), start };
  }

  /** Runs so many calls, one after the other. */
  async runInTurn(count: number, flow: object): Promise<WatchedCall[]> {
    const calls: WatchedCall[] = [];
    for (let n = 0; n < count; n++) calls.push(await this.run(flow));
    return calls;
  }

  /** When the first command of a call came; one that takes half a minute is given up, and counts as that long. */
  async firstCommand(id: string): Promise<number> {
    const late = performance.now() + 30_000;
    for (;;) {
      const [first] = this.seen(id).commands;
      if (first) return first.at;
      if (performance.now() > late) return late;
      await pause(1);
    }
  }

  seen(id: string): Omit<WatchedCall, 'start'> {
    return { ...this.target.of(id), commands: this.stack.bridge.commandsOf(id) };
  }

  close(): Promise<void> {
    return this.stack.stop();
  }
}
