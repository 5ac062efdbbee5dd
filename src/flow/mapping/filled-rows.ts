/**
 * The rows of a mapping with the values of the variables in their paths, and of the headers that they take. Contract V4, R6b.
 * @module
 */
import { type AnswerRow, type RowSet, rowsIn } from '../values/response-rows.js';
import { type PathLanguage, filledPath } from './filled-path.js';
import { KEPT_ITEMS, type MapRow, type RowPath } from './map-rows.js';

/** The values of a header of an answer, by its name in lower case. */
export type AnswerHeaders = (name: string) => readonly string[];

/** How the paths of rows are written. */
export function languageOf(rows: RowSet): PathLanguage {
  return rows.type === 'json' ? rows.dialect : 'xpath';
}

/** How the path is written by which a row reads on in a text: JSON in JSON in the dialect of its rows. Contract R6b. */
export function languageWithin(rows: RowSet, parse: 'json' | 'xml'): PathLanguage {
  if (parse === 'xml') return 'xpath';
  return rows.type === 'json' ? rows.dialect : 'rfc9535';
}

/**
 * The rows as they are carried out.
 * @param headers those of the answer; default: none is there yet
 * @throws {TemplateError} Contract V4
 */
export function filledRows(
  rows: RowSet,
  variables: Readonly<Record<string, string>>,
  headers: AnswerHeaders = () => [],
): MapRow[] {
  const lookup = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const filled = (path: string, language = languageOf(rows)): RowPath => {
    const text = filledPath(path, language, lookup);
    return text === path ? { path } : { path, filled: text };
  };
  return rowsIn(rows).map((row) => rowFor(row, rows, filled, headers));
}

function rowFor(
  { saveIn, path = '', parse, then, each, max = KEPT_ITEMS, map = [], header, mandatory = false }: AnswerRow,
  rows: RowSet,
  filled: (path: string, language?: PathLanguage) => RowPath,
  headers: AnswerHeaders,
): MapRow {
  if (header !== undefined) {
    return { saveIn, header, values: headers(header.toLowerCase()), mandatory };
  }
  if (each !== undefined) {
    const fields = map.map((field) => ({
      name: field.name,
      mandatory: field.mandatory ?? false,
      ...filled(field.path),
    }));
    return { saveIn, each: filled(each), max, fields };
  }
  const readOn = parse && then !== undefined && { then: { parse, ...filled(then, languageWithin(rows, parse)) } };
  return { saveIn, ...filled(path), mandatory, ...readOn };
}
