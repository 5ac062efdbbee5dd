/**
 * Random numbers that a seed repeats.
 * @module
 */

/** Gives a number from `from` up to, not including, `to`. */
export type Random = (from: number, to: number) => number;

/** A row of random numbers (mulberry32), the same for the same seed. */
export function seeded(seed: number): Random {
  let state = seed;
  return (from, to) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return from + (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * (to - from);
  };
}

/** The same values in a random order. */
export function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, place: random(0, 1) }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}
