/**
 * What a mapping writes: from the matches of a row to variables. Contract R5, R5b, R6, R6b.
 * @module
 */
import type { Mismatch } from './contract.js';
import {
  type Finder,
  type Found,
  foundValues,
  type HeaderRow,
  KEPT_ITEMS,
  type ListRow,
  type MapRow,
  type RowPath,
  type ValueRow,
} from './map-rows.js';

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

/** One variable to write; null makes it absent. */
export type Write = readonly [saveIn: string, value: string | null];

/** What a mapping gives. */
export interface Mapped {
  /** The writes of all rows, in their order. */
  rows: Write[];
  /** The `saveIn` of each row that wrote something. Contract R5. */
  savedIn: string[];
  /** Where the answer breaks its contract; left out: it has none. Contract R10. */
  mismatches?: Mismatch[];
}

/** Parses a text that was found, named for messages by its path. @throws {MappingError} INVALID_RESPONSE */
export type ReadOn = (text: string, language: 'json' | 'xml', name: string) => Finder;

/** The writes of all rows. */
export function mapRows(rows: readonly MapRow[], finder: Finder, readOn: ReadOn): Mapped {
  const written = rows
    .map((row) => ({ saveIn: row.saveIn, writes: writesOf(row, finder, readOn) }))
    .filter(({ writes }) => writes.length > 0);
  const savedIn = written.map(({ saveIn }) => saveIn);
  const others = new Set(savedIn);
  // What an array clears may be the name of another row.
  const kept = written.flatMap(({ saveIn, writes }) =>
    writes.filter(([name, value]) => value !== null || name === saveIn || !others.has(name)),
  );
  return { rows: kept, savedIn };
}

function writesOf(row: MapRow, finder: Finder, readOn: ReadOn): Write[] {
  if ('each' in row) return listWrites(row, finder);
  if ('header' in row) return headerWrites(row);
  return row.then ? readOnWrites(row, row.then, finder, readOn) : valueWrites(row, finder.find(row), row, finder);
}

/** A field that an item lacks is absent at its number, and shifts nothing. Contract R5b. */
function listWrites({ saveIn, each, max, fields }: ListRow, finder: Finder): Write[] {
  const list = finder.list(each, max);
  const columns = fields.map((field) => ({ field, values: list.column(field) }));
  for (const { field, values } of columns) {
    const without = field.mandatory ? values.indexOf(null) : -1;
    if (without >= 0) throw lacking(`no value in item ${without + 1}`, field.path);
  }
  const items = Array.from({ length: Math.min(list.size, max) }, (_, at) =>
    columns.map(({ field, values }): Write => [`${saveIn}_${at + 1}_${field.name}`, values[at] ?? null]),
  );
  return [...items.flat(), [`${saveIn}_size`, String(list.size)]];
}

function headerWrites(row: HeaderRow): Write[] {
  const found = foundValues(row.values);
  if (found.kind === 'nothing' && row.mandatory) {
    throw new MappingError('INVALID_RESPONSE_MAP', `The answer had no header ${row.header}, which is mandatory.`);
  }
  return writesFor(row.saveIn, found);
}

/** The text that a path found, parsed again. An empty one holds nothing. Contract R6b. */
function readOnWrites(row: ValueRow, then: NonNullable<ValueRow['then']>, finder: Finder, readOn: ReadOn): Write[] {
  const found = finder.find(row);
  if (found.kind === 'many') {
    const detail = `The path ${row.path} found several values, and only one text can be read on.`;
    throw new MappingError('INVALID_RESPONSE_MAP', detail);
  }
  if (found.kind === 'nothing' || found.value === null) return valueWrites(row, found, row, finder);
  if (found.value === '') return valueWrites(row, { kind: 'nothing' }, row, finder);
  const inner = readOn(found.value, then.parse, `The text at ${row.path}`);
  return valueWrites(row, inner.find(then), then, inner);
}

function valueWrites(row: ValueRow, found: Found, path: RowPath, finder: Finder): Write[] {
  if (row.mandatory && (found.kind === 'nothing' || (found.kind === 'one' && found.value === null))) {
    throw lacking(found.kind === 'nothing' ? 'no value' : 'null', path.path, finder.hint?.(path));
  }
  return writesFor(row.saveIn, found);
}

function lacking(what: string, path: string, hint = ''): MappingError {
  return new MappingError('INVALID_RESPONSE_MAP', `The answer had ${what} at ${path}, which is mandatory.${hint}`);
}

/**
 * The writes of what was found. Contract R5, R6.
 *
 * An array, an empty one too, is a match: it fills `NAME_1` ... `NAME_20` and `NAME_size`, clears the rest of the twenty,
 * and leaves NAME itself.
 */
function writesFor(saveIn: string, found: Found): Write[] {
  if (found.kind === 'nothing') return [];
  if (found.kind === 'one') return [[saveIn, found.value]];
  const items = Array.from({ length: KEPT_ITEMS }, (_, at): Write => [`${saveIn}_${at + 1}`, found.first[at] ?? null]);
  const filled = Math.min(found.size, KEPT_ITEMS);
  return [...items.slice(0, filled), [`${saveIn}_size`, String(found.size)], ...items.slice(filled)];
}
