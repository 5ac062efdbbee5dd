/**
 * What a mapping writes: from the matches of a row to variables. Contract R5, R6.
 * @module
 */

/** Why an answer gave no writes. Contract R3, R6. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
  constructor(
    readonly reason: 'INVALID_RESPONSE' | 'INVALID_RESPONSE_MAP',
    message: string,
  ) {
    super(message);
  }
}

/** A row of a mapping: the value at `path` goes to the variable `saveIn`. Contract R4-R6. */
export interface MapRow {
  saveIn: string;
  /** As the author wrote it: messages show it so, without a value. */
  path: string;
  /** With the values of its variables; left out: it has none. Contract V4. */
  filled?: string;
  mandatory: boolean;
}

/** One variable to write; null makes it absent. */
export type Write = readonly [saveIn: string, value: string | null];

/** What a mapping gives. */
export interface Mapped {
  /** The writes of all rows, in their order. */
  rows: Write[];
  /** The `saveIn` of each row that wrote something. Contract R5. */
  savedIn: string[];
}

/** What a path found: nothing, one value (null is JSON's), or several, of which `first` are those that are kept. */
export type Found =
  | { kind: 'nothing' }
  | { kind: 'one'; value: string | null }
  | { kind: 'many'; size: number; first: (string | null)[] };

/** How many items of an array are kept. Contract R5. */
export const KEPT_ITEMS = 20;

/** The writes of all rows, by what `find` gives for each. `hint` adds to the message when a mandatory row found nothing. */
export function mapRows(
  rows: readonly MapRow[],
  find: (path: string, written: string) => Found,
  hint?: (path: string, written: string) => string,
): Mapped {
  const written = rows
    .map((row) => {
      const { saveIn, path, filled = path } = row;
      return { saveIn, writes: writesOf(row, find(filled, path), () => hint?.(filled, path) ?? '') };
    })
    .filter(({ writes }) => writes.length > 0);
  const savedIn = written.map(({ saveIn }) => saveIn);
  const others = new Set(savedIn);
  // What an array clears may be the name of another row.
  const kept = written.flatMap(({ saveIn, writes }) =>
    writes.filter(([name, value]) => value !== null || name === saveIn || !others.has(name)),
  );
  return { rows: kept, savedIn };
}

/**
 * The writes of one row. Contract R5, R6.
 *
 * An array, an empty one too, is a match: it fills `NAME_1` ... `NAME_20` and `NAME_size`, clears the rest of the twenty,
 * and leaves NAME itself.
 */
function writesOf(row: MapRow, found: Found, hint: () => string): Write[] {
  if (found.kind === 'many') {
    const items = Array.from({ length: KEPT_ITEMS }, (_, at): Write => [
      `${row.saveIn}_${at + 1}`,
      found.first[at] ?? null,
    ]);
    const filled = Math.min(found.size, KEPT_ITEMS);
    return [...items.slice(0, filled), [`${row.saveIn}_size`, String(found.size)], ...items.slice(filled)];
  }
  if (row.mandatory && (found.kind === 'nothing' || found.value === null)) {
    const what = found.kind === 'nothing' ? 'no value' : 'null';
    throw new MappingError(
      'INVALID_RESPONSE_MAP',
      `The answer had ${what} at ${row.path}, which is mandatory.${hint()}`,
    );
  }
  return found.kind === 'nothing' ? [] : [[row.saveIn, found.value]];
}
