/**
 * What a whole run gives, as `bench/results.json` keeps it.
 * @module
 */
import type { AnswerCost, WidgetCost } from './measures/growth.js';
import type { HookFigures } from './measures/hooks.js';
import type { JobFigures } from './measures/job.js';
import type { ReadingFigures } from './measures/reading.js';
import type { SilenceFigures } from './measures/silence.js';
import type { WaitingFigures } from './measures/waiting.js';

/** Where it ran. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
}

/** Figures of an engine, or why there are none. */
export type EngineResult = JobFigures | { unavailable: string };

/** Figures of one run. */
export interface Results {
  date: string;
  machine: Machine;
  /** The same job, by engine. */
  job: Record<string, EngineResult>;
  /** A telephone call, by engine: Hookline and its floor. */
  phone: Record<string, EngineResult>;
  /** An IVR of ten widgets: Hookline with commands alone, and in sequences. Left out by runs before 0.7. */
  ivr?: Record<string, EngineResult>;
  /** The telephone call on the real server with PostgreSQL. */
  postgresql: Record<string, EngineResult>;
  /** Hookline alone; null where it was not asked for. */
  hookline: {
    hooks: HookFigures;
    silence: SilenceFigures;
    widgets: WidgetCost[];
    answers: AnswerCost[];
    reading?: ReadingFigures[];
    waiting: WaitingFigures[];
  } | null;
}
