/**
 * What the runs of the bench gave, as `bench/results.json` keeps it: part by part, each with the run that it is from.
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { AnswerCost, WidgetCost } from './measures/growth.js';
import type { HookFigures } from './measures/hooks.js';
import type { JobFigures } from './measures/job.js';
import type { ReadingFigures } from './measures/reading.js';
import type { RecoveryFigures } from './measures/recovery.js';
import type { SilenceFigures } from './measures/silence.js';
import type { WaitingFigures } from './measures/waiting.js';

/** What can be measured alone, in the order of a whole run. */
export const PARTS = ['job', 'phone', 'ivr', 'postgresql', 'silence', 'growth', 'recovery', 'waiting'] as const;

/** One of them. */
export type Part = (typeof PARTS)[number];

/** Where it ran. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
}

/** One command: parts with the same date were measured by the same. */
export interface Run {
  /** When it began, ISO 8601. */
  date: string;
  machine: Machine;
  /** Fewer calls: figures vary more. */
  quick: boolean;
}

/** Figures of an engine, or why there are none. */
export type EngineResult = JobFigures | { unavailable: string };

/** All figures. */
export interface Results {
  /** Which run each part is from; left out: it was never measured. */
  runs: Partial<Record<Part, Run>>;
  /** The same job, by engine. */
  job: Record<string, EngineResult>;
  /** A telephone call, by engine: Hookline and its floor. */
  phone: Record<string, EngineResult>;
  /** An IVR of ten widgets: Hookline, and its release 0.6.0. */
  ivr: Record<string, EngineResult>;
  /** The telephone call on the real server with PostgreSQL. */
  postgresql: Record<string, EngineResult>;
  /** `before`: the same of release 0.6.0, left out where that cannot be had. */
  silence: { hooks: HookFigures; hookline: SilenceFigures; before?: SilenceFigures } | null;
  growth: { widgets: WidgetCost[]; answers: AnswerCost[]; reading: ReadingFigures[] } | null;
  waiting: WaitingFigures[];
  recovery: RecoveryFigures | null;
}

const FILE = new URL('results.json', import.meta.url);

/** What the runs before gave. */
export async function readResults(): Promise<Results> {
  return JSON.parse(await readFile(FILE, 'utf8')) as Results;
}

/** Keeps what there is so far: a fault in a later part loses nothing of the others. */
export async function keepResults(results: Results): Promise<void> {
  await writeFile(FILE, `${JSON.stringify(results, null, 2)}\n`);
}
