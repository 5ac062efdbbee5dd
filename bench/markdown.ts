/**
 * Tables of Markdown.
 * @module
 */
import type { Spread } from './statistics.js';

/** What stands in a cell. */
export type Cell = string | number;

/** A table of Markdown. */
export function table(head: Cell[], rows: Cell[][]): string {
  const line = (cells: Cell[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Median and tail of some times, a cell each. */
export const spreadCells = ({ p50, p95, p99 }: Spread): Cell[] => [p50, p95, p99];
