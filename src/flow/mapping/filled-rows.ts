/**
 * The rows of a mapping with the values of the variables in their paths. Contract V4.
 * @module
 */
import type { RowSet } from '../values/response-rows.js';
import { type PathLanguage, filledPath } from './filled-path.js';
import type { MapRow } from './write.js';

/** How the paths of rows are written. */
export function languageOf(rows: RowSet): PathLanguage {
  return rows.type === 'json' ? rows.dialect : 'xpath';
}

/** The rows with the values of the variables in their paths. @throws {TemplateError} Contract V4 */
export function filledRows(rows: RowSet, variables: Readonly<Record<string, string>>): MapRow[] {
  const lookup = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const language = languageOf(rows);
  // A row for failures is never mandatory: what it does not find changes no reason. Contract R7.
  return rows.map.map((row) => ({ mandatory: false, ...row, filled: filledPath(row.path, language, lookup) }));
}
