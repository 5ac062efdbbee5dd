/**
 * Maps an answer to variables. Contract R4-R6, R5b, R6b.
 * @module
 */
import { type Contract, jsonMismatches, xmlMismatches } from './contract.js';
import { jsonFinder, type JsonDialect } from './map-json.js';
import { xmlFinder } from './map-xml.js';
import type { Finder, MapRow } from './map-rows.js';
import { type Mapped, mapRows, type ReadOn } from './write.js';

/** How the paths of rows are written. With `none` the body is not read: there are rows for headers alone. */
export type Reading =
  { type: 'json'; dialect: JsonDialect } | { type: 'xml'; namespaces: Record<string, string> } | { type: 'none' };

/** Finds nothing: there is no body, or nobody reads it. */
const NOWHERE: Finder = { find: () => ({ kind: 'nothing' }), list: () => ({ size: 0, column: () => [] }) };

/**
 * The writes of all rows over the text of an answer, or MappingError and none of them; and where it breaks its contract.
 *
 * @example mapAnswer('{"order":{"status":"sent"}}', [{ saveIn: '$flow.key.status', path: 'data.order.status', mandatory: true }], { type: 'json', dialect: 'rfc9535' })
 */
export function mapAnswer(text: string, rows: readonly MapRow[], by: Reading, contract?: Contract): Mapped {
  // A text within the answer is read as its rows would be: in their dialect, with their namespaces.
  const dialect = by.type === 'json' ? by.dialect : 'rfc9535';
  const namespaces = by.type === 'xml' ? by.namespaces : {};
  const finderOf = (language: 'json' | 'xml', one: string, name?: string) =>
    language === 'json' ? jsonFinder(one, dialect, name) : xmlFinder(one, namespaces, name);
  const finder = by.type === 'none' ? NOWHERE : finderOf(by.type, text);
  const readOn: ReadOn = (inner, language, name) => finderOf(language, inner, name);
  if (!contract) return mapRows(rows, finder, readOn);
  const mismatches = 'json' in contract ? jsonMismatches(text, contract.json) : xmlMismatches(finder, contract.xml);
  // All or nothing: such an answer writes nothing where it fails.
  const fails = mismatches.length > 0 && contract.onMismatch === 'fail';
  return { ...(fails ? { rows: [], savedIn: [] } : mapRows(rows, finder, readOn)), mismatches };
}
