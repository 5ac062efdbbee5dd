/**
 * The job on one engine: one call at a time, 50 at a time, at a fixed pace, and through a `kill -9`.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine, RunningEngine, Say, Steps } from '../engine.js';
import { closedLoop, openLoop } from '../load.js';
import { costOf, spent } from '../processes.js';
import { type Spread, round, spread } from '../statistics.js';
import type { BenchTarget } from '../target.js';

/** How long each part takes, in seconds, and how large it is. */
export interface JobScale {
  warmUp: number;
  single: number;
  many: number;
  paced: number;
  perSecond: number;
  crashed: number;
  /** How often single and many calls are measured; engines that are measured together take turns. */
  turns: number;
}

/** For figures, and for a look. */
export const SCALES = {
  full: { warmUp: 4, single: 5, many: 8, paced: 5, perSecond: 5, crashed: 20, turns: 1 },
  quick: { warmUp: 2, single: 3, many: 5, paced: 3, perSecond: 5, crashed: 5, turns: 1 },
} satisfies Record<string, JobScale>;

/** For engines that take turns, since their ratio is what counts. */
export const PHONE_SCALES = {
  full: { ...SCALES.full, turns: 5 },
  quick: { ...SCALES.quick, turns: 2 },
} satisfies Record<string, JobScale>;

/** Times in milliseconds. */
export interface Timed {
  /** From handing the call over to its flow end at the target. */
  call: Spread;
  /** From handing it over to its look-up at the target. */
  toLookup: Spread;
  /** From the answer of the look-up to the flow end: read, branch, and all that the engine does between two requests. */
  step: Spread;
}

/** What one engine gave. */
export interface JobFigures {
  about: string;
  versions: Record<string, string>;
  single: Timed;
  /** What the last of these was made of; null where no server counts it. */
  steps: Steps | null;
  many: Timed & { callsPerSecond: number; cpuMsPerCall: Record<string, number>; memoryMiB: Record<string, number> };
  /** Calls that came at a fixed pace; times count from when each was due. */
  paced: Timed & { perSecond: number };
  /** Calls that waited for an answer when the engine was killed; null when it cannot be. */
  crash: { calls: number; ended: number; seconds: number | null } | null;
  /** Calls without a flow end within 30 s, those of the crash left out; flow ends that came twice. */
  lost: number;
  twice: number;
  wrong: number;
}

/** Milliseconds after which a call without its flow end is lost. */
const LOST_MS = 30_000;

/**
 * Runs everything on some engines, each part on one after the other. Two that are there together differ less by what else the
 * machine does in that minute.
 */
export async function measureJob(
  engines: readonly Engine[],
  target: BenchTarget,
  scale: JobScale,
  say: Say,
): Promise<Record<string, JobFigures>> {
  target.forget();
  const runs: JobRun[] = [];
  try {
    for (const engine of engines) runs.push(new JobRun(engine, await engine.start(target.job), target));
    for (const run of runs) await run.warmUp(scale.warmUp);
    for (let turn = 0; turn < scale.turns; turn++) for (const run of runs) await run.alone(scale.single);
    for (let turn = 0; turn < scale.turns; turn++) for (const run of runs) await run.together(50, scale.many);
    for (const run of runs) await run.pacedAt(scale.perSecond, scale.paced);
    const figures: Record<string, JobFigures> = {};
    for (const run of runs) {
      const one = await run.figures(scale.crashed);
      figures[run.engine.name] = one;
      say(`${run.engine.name}: one at a time, p50 ${one.single.call.p50} ms, a step ${one.single.step.p50} ms`);
      say(`${run.engine.name}: 50 at once, ${one.many.callsPerSecond} calls/s, p50 ${one.many.call.p50} ms`);
    }
    return figures;
  } finally {
    await Promise.all(runs.map(({ running }) => running.stop()));
  }
}

function mapped<T>(values: Record<string, T>, read: (value: T) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(read(value))]));
}

/** A call, and from when its time counts. */
type Begun = readonly [id: string, start: number];

/** The calls of one engine. */
class JobRun {
  readonly #single: Begun[] = [];
  readonly #many: Begun[] = [];
  readonly #paced: Begun[] = [];
  readonly #spent: Record<string, number> = {};
  #memory: Record<string, number> = {};
  #manyMs = 0;
  #perSecond = 0;
  #lost = 0;

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
    await this.#closed(1, seconds, this.#single);
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
    const [single, many, paced] = [this.#single, this.#many, this.#paced].map((calls) => this.#timed(calls)) as [
      Timed,
      Timed,
      Timed,
    ];
    const ends = [...this.#single, ...this.#many, ...this.#paced].map(([id]) => this.target.of(id).flowEnds);
    return {
      ...{ about: engine.about, versions: running.versions, single, steps },
      many: {
        ...many,
        callsPerSecond: round((this.#many.length / this.#manyMs) * 1000),
        cpuMsPerCall: mapped(this.#spent, (cpu) => cpu / this.#many.length),
        memoryMiB: this.#memory,
      },
      paced: { ...paced, perSecond: this.#perSecond },
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
