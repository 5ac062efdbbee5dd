/**
 * The calls of the job on one engine that runs.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine, RunningEngine, Served } from '../engine.js';
import { closedLoop, openLoop } from '../load.js';
import { costOf, spent } from '../processes.js';
import { round, spread } from '../statistics.js';
import type { BenchTarget } from '../target.js';
import type { JobFigures, Timed } from './job.js';

/** Milliseconds after which a call without its flow end is lost. */
const LOST_MS = 30_000;

function mapped<T>(values: Record<string, T>, read: (value: T) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(read(value))]));
}

/** Milliseconds in which the server is done with the last call: its flow end is sent before it closes. */
const CLOSING_MS = 500;

/** A call, and from when its time counts. */
type Begun = readonly [id: string, start: number];

/** The calls of one engine. */
export class JobRun {
  readonly #single: Begun[] = [];
  readonly #many: Begun[] = [];
  readonly #paced: Begun[] = [];
  readonly #spent: Record<string, number> = {};
  #memory: Record<string, number> = {};
  #manyMs = 0;
  #perSecond = 0;
  #lost = 0;
  readonly #served: Served = { requests: 0, writes: 0 };

  constructor(
    readonly engine: Engine,
    readonly running: RunningEngine,
    private readonly target: BenchTarget,
  ) {
    target.readFlowEnd = engine.readFlowEnd ?? ((body) => body as { call: string; status: string });
  }

  async warmUp(seconds: number): Promise<void> {
    await this.#closed(10, seconds, []);
    await pause(1000);
  }

  async alone(seconds: number): Promise<void> {
    await pause(CLOSING_MS);
    const before = await this.running.served?.();
    await this.#closed(1, seconds, this.#single);
    await pause(CLOSING_MS);
    const after = await this.running.served?.();
    if (!before || !after) return;
    this.#served.requests += after.requests - before.requests;
    this.#served.writes += after.writes - before.writes;
  }

  async together(atOnce: number, seconds: number): Promise<void> {
    const before = costOf(this.running.processes());
    this.#manyMs += await this.#closed(atOnce, seconds, this.#many);
    const after = costOf(this.running.processes());
    for (const [name, cpu] of Object.entries(spent(before, after))) this.#spent[name] = (this.#spent[name] ?? 0) + cpu;
    this.#memory = mapped(after, ({ memory }) => memory / 2 ** 20);
    await pause(1000);
  }

  async pacedAt(perSecond: number, seconds: number): Promise<void> {
    this.#perSecond = perSecond;
    await openLoop(perSecond, seconds, async (due) => void this.#paced.push([await this.#call(), due]));
  }

  /** Ends with the kill. */
  async figures(crashedCalls: number): Promise<JobFigures> {
    const { engine, running } = this;
    const last = this.#single.at(-1)?.[0];
    const steps = (last === undefined ? undefined : await running.steps?.(last)) ?? null;
    const each = (all: number) => round(all / this.#single.length);
    const { requests, writes } = this.#served;
    const ends = [...this.#single, ...this.#many, ...this.#paced].map(([id]) => this.target.of(id).flowEnds);
    return {
      ...{ about: engine.about, versions: running.versions, single: this.#timed(this.#single), steps },
      served: running.served ? { requests: each(requests), writes: each(writes) } : null,
      many: {
        ...this.#timed(this.#many),
        callsPerSecond: round((this.#many.length / this.#manyMs) * 1000),
        cpuMsPerCall: mapped(this.#spent, (cpu) => cpu / this.#many.length),
        memoryMiB: this.#memory,
      },
      paced: { ...this.#timed(this.#paced), perSecond: this.#perSecond },
      crash: await crashed(running, this.target, crashedCalls),
      lost: this.#lost,
      twice: ends.filter(({ length }) => length > 1).length,
      wrong: ends.filter((told) => told.some(({ status }) => status !== 'sent')).length,
    };
  }

  /** Milliseconds that it took. */
  async #closed(atOnce: number, seconds: number, calls: Begun[]): Promise<number> {
    return closedLoop(atOnce, seconds, async () => {
      const start = performance.now();
      calls.push([await this.#call(), start]);
    });
  }

  async #call(): Promise<string> {
    const id = randomUUID();
    const ended = this.target.ended(id);
    await this.running.call(id);
    if (!(await within(ended, LOST_MS))) this.#lost += 1;
    return id;
  }

  #timed(calls: readonly Begun[]): Timed {
    const times = calls.flatMap(([id, start]) => {
      const { lookups: [lookup], flowEnds: [end] } = this.target.of(id); // prettier-ignore
      return lookup && end
        ? [{ call: end.came - start, toLookup: lookup.came - start, step: end.came - lookup.answered }]
        : [];
    });
    const of = (name: keyof Timed) => spread(times.map((time) => time[name]));
    return { call: of('call'), toLookup: of('toLookup'), step: of('step') };
  }
}

/** Kills the engine while calls wait for an answer of a second. */
async function crashed(engine: RunningEngine, target: BenchTarget, count: number): Promise<JobFigures['crash']> {
  if (!engine.crash) return null;
  target.answer = { afterMs: 1000 };
  const ids = Array.from({ length: count }, () => randomUUID());
  const ends = ids.map((id) => target.ended(id));
  await Promise.all(ids.map((id) => engine.call(id)));
  while (ids.some((id) => target.of(id).lookups.length === 0)) await pause(5);
  const killed = performance.now();
  await engine.crash();
  await Promise.all(ends.map((end) => within(end, 20_000)));
  target.answer = {};
  const came = ids.flatMap((id) => target.of(id).flowEnds.slice(0, 1)).map(({ came }) => came);
  const last = came.length === count ? round((Math.max(...came) - killed) / 1000) : null;
  return { calls: count, ended: came.length, seconds: last };
}

async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = pause(ms, false, { signal: timer.signal }).catch(() => false);
  const ended = await Promise.race([promise.then(() => true), late]);
  timer.abort();
  return ended;
}
