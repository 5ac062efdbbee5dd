/**
 * What a run measures.
 * @module
 */
import { parseArgs } from 'node:util';

/** A run of the bench. */
export interface BenchOptions {
  /** Names of engines; null for all, which also writes the results. */
  engines: string[] | null;
  /** A short look instead of figures: nothing is written. */
  quick: boolean;
}

/** Reads the command line. @throws {RangeError} for an engine that there is not. */
export function benchOptions(args: string[], known: readonly string[]): BenchOptions {
  const { values } = parseArgs({ args, options: { engines: { type: 'string' }, quick: { type: 'boolean' } } });
  const engines = values.engines?.split(',') ?? null;
  const unknown = engines?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) throw new RangeError(`--engines: no ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  return { engines, quick: values.quick ?? false };
}
