/**
 * Sensitive values: which values bear the mark. It goes by the name of the variable.
 * Contract V7.
 * @module
 */
import { arrayOf } from './array-leftovers.js';
import type { Lookup } from './fill.js';
import { masked } from './mask.js';
import { textsBelow, variablesIn } from './reference.js';
import type { Assignment } from './variables.js';

/** Whether a variable, by its full name, holds a sensitive value. */
export type IsSensitive = (name: string) => boolean;

/** A row that saves a value under a name. */
interface Row {
  saveIn: string;
  sensitive?: boolean | undefined;
}

/** Reads variables as they are shown. */
export function maskedLookup(lookup: Lookup, isSensitive: IsSensitive): Lookup {
  return (name) => {
    const value = lookup(name);
    return value === undefined ? undefined : masked(value, isSensitive(name));
  };
}

/** Values with the marks of those that are sensitive. Contract V7. */
export function markedValues(
  values: Readonly<Record<string, string>>,
  sensitive: readonly string[] = [],
): Assignment[] {
  return Object.entries(values).map(([name, value]) => [name, value, sensitive.includes(name)]);
}

/** The same assignment as it is shown. Contract V7. */
export function shownAssignment([name, value, sensitive = false]: Assignment): Assignment {
  return [name, value === null ? null : masked(value, sensitive)];
}

/** Whether a text below a value names a variable that is sensitive, or something there says that it is sensitive itself. */
export function holdsSensitive(value: unknown, isSensitive: IsSensitive): boolean {
  return saysSensitive(value) || [...textsBelow(value)].some((text) => variablesIn(text).some(isSensitive));
}

/** Which names sensitive rows write: each its own, and the items and the size of an array. Contract R5, V7. */
export function writtenBySensitive(rows: readonly Row[]): IsSensitive {
  const own = new Set(rows.filter(({ sensitive }) => sensitive).map(({ saveIn }) => saveIn));
  return (name) => own.has(name) || own.has(arrayOf(name));
}

function saysSensitive(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ('sensitive' in value && value.sensitive === true) || Object.values(value).some(saysSensitive);
}
