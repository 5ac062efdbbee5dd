/**
 * What earlier answers left under a name: once a row of a mapping writes NAME, no item or size of an array of before stays
 * beside it. Contract R5.
 * @module
 */
import type { Assignment } from './variables.js';

/** The most items that a row writes. Contract R5, R5b. */
const MAX_ITEMS = 100;
/** `NAME_size`, `NAME_n` or `NAME_n_FIELD`; NAME may hold such an ending too. */
const ITEM = /^(?<base>.+)_(?:size|(?<at>[1-9]\d{0,2})(?:_[A-Za-z][A-Za-z0-9]*)?)$/;

/**
 * The assignments that clear what is left of arrays under the names that rows wrote; none for a variable that the same
 * answer writes, and none for one that is not there. Contract R5.
 *
 * @param savedIn the `saveIn` of each row that wrote
 * @param written what the answer writes
 * @param present names of the variables that have a value; a name may stand twice
 */
export function arrayLeftovers(
  savedIn: readonly string[],
  written: readonly Assignment[],
  present: readonly string[],
): Assignment[] {
  const bases = new Set(savedIn);
  const fresh = new Set(written.map(([name]) => name));
  const left = new Set(present.filter((name) => bases.has(arrayOf(name)) && !fresh.has(name)));
  return [...left].map((name) => [name, null] as const);
}

/** The name of the array that a variable is an item or the size of; empty when it is neither. Contract R5, R5b. */
export function arrayOf(name: string): string {
  const { base = '', at = '1' } = ITEM.exec(name)?.groups ?? {};
  return Number(at) <= MAX_ITEMS ? base : '';
}
