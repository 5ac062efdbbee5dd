/**
 * What a thread of the pool runs: the entry point of each.
 * @module
 */
import type { Work } from './judge.js';
import type { Done } from './work.js';
import { yieldToCalls } from './yield.js';

/** What a thread is given: the work, and where it notes in nanoseconds when it began and when it was done. */
export interface Timed {
  work: Work;
  times: BigInt64Array;
}

// To load what reads takes longer than most answers do: that yields, too.
yieldToCalls();
const { carryOut } = await import('./work.js');

/** Carries work out. Waiting before is not counted, nor is the way of the result back. */
export default function carryOutTimed({ work, times }: Timed): Done {
  Atomics.store(times, 0, process.hrtime.bigint());
  try {
    return carryOut(work);
  } finally {
    Atomics.store(times, 1, process.hrtime.bigint());
  }
}
