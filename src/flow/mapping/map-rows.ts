/**
 * The rows of a mapping as they are carried out: their paths with the values of variables in them, and what they take from the
 * answer's head. Contract R4-R6, R5b, R6b.
 * @module
 */

/** A path. */
export interface RowPath {
  /** As the author wrote it: messages show it so, without a value. */
  path: string;
  /** With the values of its variables; left out: it has none. Contract V4. */
  filled?: string;
}

/** The value at a path goes to the variable `saveIn`. */
export interface ValueRow extends RowPath {
  saveIn: string;
  mandatory: boolean;
  /** The text found is parsed again, and this path is read in it. Contract R6b. */
  then?: RowPath & { parse: 'json' | 'xml' };
}

/** Of each item of a list, fields go to `NAME_n_FIELD`. Contract R5b. */
export interface ListRow {
  saveIn: string;
  each: RowPath;
  /** How many items are written at most. */
  max: number;
  fields: (RowPath & { name: string; mandatory: boolean })[];
}

/** A header of the answer goes to the variable `saveIn`. Contract R6b. */
export interface HeaderRow {
  saveIn: string;
  header: string;
  /** Its values in the answer, in their order; none where the answer lacks it. */
  values: readonly string[];
  mandatory: boolean;
}

/** A row of a mapping. */
export type MapRow = ValueRow | ListRow | HeaderRow;

/** What a path found: nothing, one value (null is JSON's), or several, of which `first` are those that are kept. */
export type Found =
  | { kind: 'nothing' }
  | { kind: 'one'; value: string | null }
  | { kind: 'many'; size: number; first: (string | null)[] };

/** The items that a path found. */
export interface List {
  /** How many there are. */
  size: number;
  /** A field of each of the first items; null where an item lacks it. Several matches are the JSON text of their list. */
  column(field: RowPath): (string | null)[];
}

/** Looks into one answer, or one text of it. Each look throws MappingError for a path that cannot be evaluated. */
export interface Finder {
  find(path: RowPath): Found;
  /** The items of a list, of which at most `max` are looked into. */
  list(each: RowPath, max: number): List;
  /** What to add to the message when a mandatory row found nothing. */
  hint?(path: RowPath): string;
}

/** Several values as a row sees them: one alone is that value, more are an array. Contract R5. */
export function foundValues(values: readonly (string | null)[]): Found {
  const [only] = values;
  if (only === undefined) return { kind: 'nothing' };
  return values.length === 1 ? { kind: 'one', value: only } : manyOf(values);
}

/** An array, of one item too. Contract R5. */
export function manyOf(values: readonly (string | null)[]): Found {
  return { kind: 'many', size: values.length, first: values.slice(0, KEPT_ITEMS) };
}

/** How many items of an array are kept. Contract R5. */
export const KEPT_ITEMS = 20;
