/**
 * The parts of a JSON path as RFC 9535 names them. Types only. Contract R4.
 * @module
 */
import { type JsonNumber } from '../json-text.js';

/** `data...` or `$...` (from the whole body), or `@...` (from the item that a filter looks at). */
export interface Query {
  from: 'root' | 'current';
  segments: Segment[];
}

/** `.x`, `[...]`, or with `descendant` `..x`, `..[...]`. */
export interface Segment {
  descendant: boolean;
  selectors: Selector[];
}

export type Selector =
  | { kind: 'name'; name: string }
  | { kind: 'wildcard' }
  | { kind: 'index'; index: number }
  | { kind: 'slice'; start?: number; end?: number; step: number }
  | { kind: 'filter'; test: Test };

/** What is true or false inside a filter. */
export type Test =
  | { kind: 'or' | 'and'; terms: Test[] }
  | { kind: 'not'; term: Test }
  | { kind: 'exists'; query: Query }
  | { kind: 'compare'; left: Operand; operator: Comparison; right: Operand }
  | { kind: 'match' | 'search'; text: Operand; pattern: Operand };

export type Comparison = '==' | '!=' | '<=' | '>=' | '<' | '>';

/** What has a value inside a filter; `query` finds at most one. */
export type Operand =
  | { kind: 'literal'; value: string | boolean | null | JsonNumber }
  | { kind: 'query' | 'count' | 'value'; query: Query }
  | { kind: 'length'; of: Operand };

/** Whether a query can find at most one value, and so be compared. RFC 9535, 2.3.5.1. */
export function isSingular(query: Query): boolean {
  return query.segments.every(
    ({ descendant, selectors }) =>
      !descendant && selectors.length === 1 && (selectors[0]?.kind === 'name' || selectors[0]?.kind === 'index'),
  );
}
