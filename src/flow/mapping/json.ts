/**
 * Maps a JSON answer to variables. Contract R4-R6.
 * @module
 */
import { Budget } from './budget.js';
import { evaluate } from './json-path/evaluate.js';
import { parseJsonPath } from './json-path/parse.js';
import { JsonNumber, JsonSyntaxError, readJson, writeJson, type JsonTree } from './json-text.js';
import { PlusDocument } from './jsonpath-plus.js';
import { checkJsonPath, type JsonDialect } from './paths.js';
import { KEPT_ITEMS, MappingError, writesOf, type Found, type MapRow, type Write } from './write.js';

/**
 * The writes of all rows over an answer, or MappingError and none of them. Contract R4-R6.
 *
 * @example mapJson('{"order":{"status":"sent"}}', [{ saveIn: '$flow.key.status', path: 'data.order.status', mandatory: true }], 'rfc9535')
 */
export function mapJson(text: string, rows: MapRow[], dialect: JsonDialect): Write[] {
  const body = read(text);
  const budget = new Budget();
  const plus = dialect === 'jsonpath-plus' ? new PlusDocument(body, budget) : undefined;
  return rows.flatMap((row) => {
    const fault = checkJsonPath(row.path, dialect);
    if (fault !== undefined) throw new MappingError('INVALID_RESPONSE_MAP', fault);
    return writesOf(row, found(plus ? plus.find(row.path) : evaluate(parseJsonPath(row.path), body, budget)));
  });
}

function read(text: string): JsonTree {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new MappingError('INVALID_RESPONSE', `The answer is not JSON: ${error.message}.`);
  }
}

function found(values: JsonTree[]): Found {
  const [only] = values;
  if (only === undefined) return { kind: 'nothing' };
  const many = values.length > 1 ? values : Array.isArray(only) ? only : undefined;
  if (many === undefined) return { kind: 'one', value: textOf(only) };
  return { kind: 'many', size: many.length, first: many.slice(0, KEPT_ITEMS).map(textOf) };
}

/** Contract V3, R5: scalars as text, null as absent, objects and inner arrays as their JSON text. */
function textOf(value: JsonTree): string | null {
  if (value === null || typeof value === 'string') return value;
  return value instanceof JsonNumber ? value.text : writeJson(value);
}
