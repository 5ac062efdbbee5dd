/**
 * What a run measures.
 * @module
 */
import { parseArgs } from 'node:util';
import { type Part, PARTS } from './results.js';

/** A run of the bench. */
export interface BenchOptions {
  parts: readonly Part[];
  /** Names of engines; null for all. With some only, nothing is written. */
  engines: string[] | null;
  /** Fewer calls: figures vary more. */
  quick: boolean;
}

/** What a quick run leaves out, since it does not compare with anything: the peers, and how Hookline's cost grows. */
const LONG: readonly Part[] = ['job', 'growth'];
/** What compares engines. */
const COMPARED: readonly Part[] = ['job', 'phone', 'ivr', 'postgresql'];

/** Reads the command line. @throws {RangeError} for a part or an engine that there is not. */
export function benchOptions(args: string[], engines: readonly string[]): BenchOptions {
  const list = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { engines: list, parts: list, quick: { type: 'boolean' } } });
  const quick = values.quick ?? false;
  const some = chosen('--engines', values.engines, engines);
  const all = some ? COMPARED : PARTS;
  return {
    parts: chosen('--parts', values.parts, PARTS) ?? all.filter((part) => !quick || !LONG.includes(part)),
    engines: some,
    quick,
  };
}

function chosen<T extends string>(option: string, text: string | undefined, known: readonly T[]): T[] | null {
  if (text === undefined) return null;
  const names = text.split(',');
  const unknown = names.filter((name) => !known.includes(name as T));
  if (unknown.length > 0) throw new RangeError(`${option}: no ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  return known.filter((name) => names.includes(name));
}
