/**
 * Tables of Markdown.
 * @module
 */

/** What stands in a cell. */
export type Cell = string | number;

/** A table of Markdown. */
export function table(head: Cell[], rows: Cell[][]): string {
  const line = (cells: Cell[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
