/**
 * The bridge of the bench: carries every command out at once, and remembers when it came. A real one would be no part of what
 * is measured either.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { bridgeActivities } from '../src/telephony/simulator/simulator-worker.js';
import type { BridgeCommand, CommandResult, CommandType, ListedResult } from '../src/telephony/commands.js';

const MEDIA = new Set<CommandType>(['play', 'collect']);

/** A bridge on a task queue of its own. */
export class BenchBridge {
  readonly id = `bench-${randomUUID()}`;
  /** It never loses its calls. Contract B8. */
  readonly epoch = randomUUID();
  readonly #arrived = new Map<string, { type: CommandType; at: number }[]>();
  readonly #ids = new Set<string>();
  /** Commands that came again: a heartbeat was late, or an answer got lost. */
  repeated = 0;
  /** Milliseconds that a prompt plays, or digits are waited for; default 0. */
  mediaMs = 0;
  readonly #over = new AbortController();
  #worker: Worker | undefined;
  #running: Promise<void> | undefined;

  static async start(connection: NativeConnection, namespace: string): Promise<BenchBridge> {
    const bridge = new BenchBridge();
    // Thousands of prompts may play.
    setMaxListeners(0, bridge.#over.signal);
    bridge.#worker = await Worker.create({
      ...{ connection, namespace, taskQueue: bridge.id, identity: bridge.id },
      activities: bridgeActivities({ bridgeCommand: (command) => bridge.#obey(command) }),
      maxConcurrentActivityTaskExecutions: 25_000,
    });
    bridge.#running = bridge.#worker.run();
    return bridge;
  }

  /** Commands of a call in the order in which they came, with when that was by `performance.now()`. */
  commandsOf(callId: string): { type: CommandType; at: number }[] {
    return this.#arrived.get(callId) ?? [];
  }

  async #obey(command: BridgeCommand): Promise<CommandResult> {
    if (command.type === 'watch') return { result: 'done', epoch: this.epoch };
    if (this.#ids.has(command.commandId)) this.repeated += 1;
    this.#ids.add(command.commandId);
    if (command.type === 'sequence') {
      const results: ListedResult[] = [];
      for (const one of command.commands) results.push(await this.#obey(one));
      return { result: 'done', results };
    }
    this.#arrived.set(command.callId, [
      ...this.commandsOf(command.callId),
      { type: command.type, at: performance.now() },
    ]);
    if (MEDIA.has(command.type) && this.mediaMs > 0)
      await pause(this.mediaMs, undefined, { signal: this.#over.signal }).catch(() => undefined);
    return { result: 'done', at: new Date().toISOString() };
  }

  async stop(): Promise<void> {
    this.#over.abort();
    this.#worker?.shutdown();
    await this.#running;
  }
}
