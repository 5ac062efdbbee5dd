/**
 * The time in which requests are waited for. Contract H1, H4.
 * @module
 */
import { setTimeout as realSleep } from 'node:timers/promises';

/** A clock that never goes back, in milliseconds. */
export interface Clock {
  now(): number;
  /** Resolves when so many milliseconds have passed; rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls `act` in so many milliseconds; returns what cancels that. */
  after(ms: number, act: () => void): () => void;
}

/** Real time, as `performance.now()` tells it. */
export const REAL_TIME: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => realSleep(ms, undefined, { signal }),
  after: (ms, act) => {
    const timer = setTimeout(act, Math.max(0, ms));
    return () => clearTimeout(timer);
  },
};
