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
}

/** For figures, and for a look. */
export const SCALES = {
  full: { warmUp: 4, single: 5, many: 8, paced: 5, perSecond: 5, crashed: 20 },
  quick: { warmUp: 2, single: 3, many: 5, paced: 3, perSecond: 5, crashed: 5 },
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

/** Runs everything on one engine. */
export async function measureJob(engine: Engine, target: BenchTarget, scale: JobScale, say: Say): Promise<JobFigures> {
  target.forget();
  target.readFlowEnd = engine.readFlowEnd ?? ((body) => body as { call: string; status: string });
  const running = await engine.start(target.job);
  const run = new JobRun(running, target);
  try {
    await run.closed(10, scale.warmUp);
    await pause(1000);
    const { timed: single, last } = await run.closed(1, scale.single);
    const steps = (last ? await running.steps?.(last) : undefined) ?? null;
    say(`${engine.name}: one at a time, p50 ${single.call.p50} ms, a step ${single.step.p50} ms`);
    const before = costOf(running.processes());
    const { timed, ended, ms } = await run.closed(50, scale.many);
    const after = costOf(running.processes());
    const many = {
      ...timed,
      callsPerSecond: round((ended / ms) * 1000),
      cpuMsPerCall: mapped(spent(before, after), (cpu) => cpu / ended),
      memoryMiB: mapped(after, ({ memory }) => memory / 2 ** 20),
    };
    say(`${engine.name}: 50 at once, ${many.callsPerSecond} calls/s, p50 ${many.call.p50} ms`);
    await pause(1000);
    const paced = { ...(await run.open(scale.perSecond, scale.paced)), perSecond: scale.perSecond };
    const { lost, twice, wrong } = run;
    const crash = await crashed(running, target, scale.crashed);
    return { about: engine.about, versions: running.versions, single, steps, many, paced, crash, lost, twice, wrong };
  } finally {
    await running.stop();
  }
}

function mapped<T>(values: Record<string, T>, read: (value: T) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(read(value))]));
}

/** The calls of one engine. */
class JobRun {
  lost = 0;
  twice = 0;
  wrong = 0;

  constructor(
    private readonly engine: RunningEngine,
    private readonly target: BenchTarget,
  ) {}

  async closed(
    atOnce: number,
    seconds: number,
  ): Promise<{ timed: Timed; ended: number; ms: number; last: string | undefined }> {
    const calls: [id: string, start: number][] = [];
    const ran = await closedLoop(atOnce, seconds, async () => {
      const start = performance.now();
      calls.push([await this.#call(), start]);
    });
    return { ...ran, timed: this.#timed(calls), last: calls.at(-1)?.[0] };
  }

  async open(perSecond: number, seconds: number): Promise<Timed> {
    const calls: [id: string, start: number][] = [];
    await openLoop(perSecond, seconds, async (due) => {
      calls.push([await this.#call(), due]);
    });
    return this.#timed(calls);
  }

  async #call(): Promise<string> {
    const id = randomUUID();
    const ended = this.target.ended(id);
    await this.engine.call(id);
    if (!(await within(ended, LOST_MS))) this.lost += 1;
    return id;
  }

  #timed(calls: readonly [id: string, start: number][]): Timed {
    const seen = calls.map(([id, start]) => ({ start, ...this.target.of(id) }));
    this.twice += seen.filter(({ flowEnds }) => flowEnds.length > 1).length;
    this.wrong += seen.filter(({ flowEnds }) => flowEnds.some(({ status }) => status !== 'sent')).length;
    const times = seen.flatMap(({ start, lookups: [lookup], flowEnds: [end] }) =>
      lookup && end
        ? [{ call: end.came - start, toLookup: lookup.came - start, step: end.came - lookup.answered }]
        : [],
    );
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
