/**
 * The job on one engine or on some in turns: one call at a time, 50 at a time, at a fixed pace, and through a `kill -9`.
 * @module
 */
import type { Engine, Say, Served, Steps } from '../engine.js';
import type { Spread } from '../statistics.js';
import type { BenchTarget } from '../target.js';
import { JobRun } from './job-run.js';

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
  /** What the server did for a call alone, in the mean; null where none counts it. Left out by runs before 0.7. */
  served?: Served | null;
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
