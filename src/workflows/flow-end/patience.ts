/**
 * How long, and how often, what is left of a call is tried after its end. Contract E5, H10.
 * @module
 */

const MINUTE = 60_000;
/** It is given up when this long has passed, in milliseconds. */
export const PATIENCE_MS = 72 * 60 * MINUTE;
/** Gaps between attempts; the last is repeated. */
const GAPS_MS = [0.5, 1, 2, 5, 10, 20, 40, 60, 120, 240].map((minutes) => minutes * MINUTE);
/** Each gap varies by this part, so that calls that failed together do not come back together. */
const JITTER = 0.2;

/** Milliseconds before an attempt, the first being 1. */
export function gapBefore(round: number): number {
  return (GAPS_MS[round - 1] ?? GAPS_MS.at(-1) ?? MINUTE) * (1 + JITTER * (2 * Math.random() - 1));
}
