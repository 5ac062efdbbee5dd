/**
 * How a set of times is told.
 * @module
 */

/** Times in milliseconds. */
export interface Spread {
  p50: number;
  p95: number;
  p99: number;
  count: number;
}

/** The spread of some times; all 0 when there are none. */
export function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), count: sorted.length };
}

/** To a tenth. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
