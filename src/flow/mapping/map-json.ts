/**
 * Looks into a JSON answer by paths. Contract R4-R6, R5b.
 * @module
 */
import { JSONPathError } from 'json-p3';
import { JsonDocument, type Location } from './json-document.js';
import { nodesOf } from './json-path-library.js';
import { PathSyntaxError, compilePath, fromItem } from './json-path.js';
import { checkPlusPath, findPlus } from './jsonpath-plus.js';
import { type Finder, type Found, foundValues, type List, manyOf, type RowPath } from './map-rows.js';
import { MappingError } from './write.js';

/** How JSON paths are written: RFC 9535 with `data` for `$`, or jsonpath-plus. */
export type JsonDialect = 'rfc9535' | 'jsonpath-plus';

/** Matches of a path: places in the document, or names of properties, which stand at none. */
type Matches = Location[] | { names: string[] };

/**
 * Looks into a JSON text.
 * @param name how messages call the text
 * @throws {MappingError} INVALID_RESPONSE for what is no JSON
 */
export function jsonFinder(text: string, dialect: JsonDialect, name?: string): Finder {
  const document = new JsonDocument(text, name);
  return {
    find: (path) => evaluated(path, (one) => found(looker(one, document, dialect)([]), document)),
    list: (each, max) => listAt(each, max, document, dialect),
  };
}

/** The items of the one array that a path finds, else what it finds; null is no item. Contract R5b. */
function listAt(each: RowPath, max: number, document: JsonDocument, dialect: JsonDialect): List {
  const matches = evaluated(each, (path) => looker(path, document, dialect)([]));
  const places = 'names' in matches ? [] : itemPlaces(matches, document);
  const first = places.slice(0, max);
  return {
    size: places.length,
    column: (field) =>
      evaluated(field, (path) => {
        const look = looker(fromItem(path), document, dialect);
        return first.map((place) => fieldText(look(place), document));
      }),
  };
}

function itemPlaces(matches: Location[], document: JsonDocument): Location[] {
  const [only] = matches;
  if (only === undefined || matches.length > 1) return matches;
  const value = document.valueAt(only);
  if (Array.isArray(value)) return value.map((_item, index) => [...only, index]);
  return value === null ? [] : matches;
}

/** A field of an item: an array is its JSON text, and so are several matches. Contract R5b. */
function fieldText(matches: Matches, document: JsonDocument): string | null {
  if ('names' in matches) return matches.names.length > 1 ? JSON.stringify(matches.names) : (matches.names[0] ?? null);
  const [only] = matches;
  if (only === undefined) return null;
  if (matches.length === 1) return document.text(only);
  return `[${matches.map((place) => document.json(place)).join(',')}]`;
}

/** A path, ready to look from any place of a document on. */
function looker(path: string, document: JsonDocument, dialect: JsonDialect): (from: Location) => Matches {
  if (dialect === 'rfc9535') {
    const query = compilePath(path);
    return (from) =>
      nodesOf(query, document.valueAt(from), document.tree).map(({ location }) => [...from, ...location]);
  }
  checkPlusPath(path);
  return (from) => {
    const matches = findPlus(path, document.valueAt(from));
    const names = matches.flatMap((match) => ('name' in match ? [match.name] : []));
    if (names.length > 0) return { names };
    return matches.flatMap((match) => ('location' in match ? [[...from, ...match.location]] : []));
  };
}

/** Looks by a path; what cannot be evaluated is a fault of the row. */
function evaluated<T>({ path, filled = path }: RowPath, look: (path: string) => T): T {
  try {
    return look(filled);
  } catch (error) {
    if (!(error instanceof PathSyntaxError || error instanceof JSONPathError || error instanceof RangeError))
      throw error;
    const why = error instanceof PathSyntaxError ? error.message : 'it looks too deep into this answer';
    throw new MappingError('INVALID_RESPONSE_MAP', `The path ${path} cannot be evaluated: ${why}.`);
  }
}

/** One match is its value, an array fans out; several matches behave as an array. Contract R5. */
function found(matches: Matches, document: JsonDocument): Found {
  if ('names' in matches) return foundValues(matches.names);
  const [only] = matches;
  const items = only && matches.length === 1 ? document.items(only) : undefined;
  return items ? manyOf(items) : foundValues(matches.map((location) => document.text(location)));
}
