/**
 * Maps a JSON answer to variables. Contract R4-R6.
 * @module
 */
import { JSONPathError } from 'json-p3';
import { JsonDocument, type Location } from './json-document.js';
import { nodesOf } from './json-path-library.js';
import { PathSyntaxError, compilePath } from './json-path.js';
import { checkPlusPath, findPlus } from './jsonpath-plus.js';
import { KEPT_ITEMS, MappingError, mapRows, type Found, type MapRow, type Mapped } from './write.js';

/** How JSON paths are written: RFC 9535 with `data` for `$`, or jsonpath-plus. */
export type JsonDialect = 'rfc9535' | 'jsonpath-plus';

/**
 * The writes of all rows over an answer, or MappingError and none of them. Contract R4-R6.
 *
 * @example mapJson('{"order":{"status":"sent"}}', [{ saveIn: '$flow.key.status', path: 'data.order.status', mandatory: true }], 'rfc9535')
 */
export function mapJson(text: string, rows: MapRow[], dialect: JsonDialect): Mapped {
  const document = new JsonDocument(text);
  return mapRows(rows, (path, written) => find(path, written, document, dialect));
}

/** @param written the path as the author wrote it, for messages */
function find(path: string, written: string, document: JsonDocument, dialect: JsonDialect): Found {
  try {
    if (dialect === 'rfc9535') {
      const nodes = nodesOf(compilePath(path), document.tree, document.tree);
      return foundAt(
        nodes.map((node) => node.location),
        document,
      );
    }
    checkPlusPath(path);
    const matches = findPlus(path, document);
    const names = matches.flatMap((match) => ('name' in match ? [match.name] : []));
    if (names.length > 0) return foundValues(names);
    return foundAt(
      matches.flatMap((match) => ('location' in match ? [match.location] : [])),
      document,
    );
  } catch (error) {
    if (!(error instanceof PathSyntaxError || error instanceof JSONPathError || error instanceof RangeError))
      throw error;
    const why = error instanceof PathSyntaxError ? error.message : 'it looks too deep into this answer';
    throw new MappingError('INVALID_RESPONSE_MAP', `The path ${written} cannot be evaluated: ${why}.`);
  }
}

/** One match is its value, an array fans out; several matches behave as an array. Contract R5. */
function foundAt(locations: Location[], document: JsonDocument): Found {
  const [only, ...more] = locations;
  if (only === undefined) return { kind: 'nothing' };
  if (more.length > 0) return foundValues(locations.map((location) => document.text(location)));
  const items = document.items(only);
  return items ? many(items) : { kind: 'one', value: document.text(only) };
}

function foundValues(values: (string | null)[]): Found {
  const [only, ...more] = values;
  return more.length === 0 && only !== undefined ? { kind: 'one', value: only } : many(values);
}

function many(values: (string | null)[]): Found {
  return { kind: 'many', size: values.length, first: values.slice(0, KEPT_ITEMS) };
}
