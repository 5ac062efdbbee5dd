/**
 * The rows by which a webhook reads answers. Contract R4, R5b, R6b, R7.
 * @module
 */
import type { WidgetOf } from '../widgets/index.js';

type Response = WidgetOf<'webhook'>['response'];
/** The rows for one kind of answer, and how their paths are written: those of `response`, or of its `onFailure`. */
export type RowSet = Response | NonNullable<Response['onFailure']>;

/** A row of a mapping, of any kind. It takes its value from `path`, `header`, or, for a list, from `each`. */
export interface AnswerRow {
  saveIn: string;
  sensitive: boolean;
  mandatory?: boolean;
  path?: string | undefined;
  /** How the text at `path` is read on, and the path in it. */
  parse?: 'json' | 'xml' | undefined;
  then?: string | undefined;
  each?: string | undefined;
  max?: number | undefined;
  map?: { name: string; path: string; mandatory?: boolean }[] | undefined;
  header?: string | undefined;
}

/** How successes are read, and how failures are, where they are. */
export function rowSetsOf(response: Response): RowSet[] {
  return [response, ...(response.onFailure ? [response.onFailure] : [])];
}

/** The rows of a set. A response of type none that was stored by an earlier release has none. */
export function rowsIn({ map = [] }: RowSet): readonly AnswerRow[] {
  return map;
}

/** The rows for successes and those for failures. */
export function rowsOf(response: Response): AnswerRow[] {
  return rowSetsOf(response).flatMap(rowsIn);
}

/** A path of a row, with its place below the row. */
export interface RowPath {
  place: PropertyKey[];
  path: string;
  /** What it begins at, or for `then`, how its text is read. */
  from: 'answer' | 'item' | 'json' | 'xml';
}

/** Every path of a row. Contract R5b, R6b. */
export function pathsOf({ path, parse, then, each, map = [] }: AnswerRow): RowPath[] {
  return [
    ...(path === undefined ? [] : [{ place: ['path'], path, from: 'answer' as const }]),
    ...(then === undefined ? [] : [{ place: ['then'], path: then, from: parse ?? ('answer' as const) }]),
    ...(each === undefined ? [] : [{ place: ['each'], path: each, from: 'answer' as const }]),
    ...map.map((field, index) => ({ place: ['map', index, 'path'], path: field.path, from: 'item' as const })),
  ];
}
