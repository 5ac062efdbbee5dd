/**
 * Tables of Markdown.
 * @module
 */

/** A table: the names of its columns, and the cells of each row as Markdown. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `|${cells.map((cell) => (cell === '' ? ' ' : ` ${escaped(cell)} `)).join('|')}|`;
  return [line(columns), `|${'---|'.repeat(columns.length)}`, ...rows.map(line)].join('\n');
}

/** Text as code; nothing for no text. */
export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/** Several texts as code, separated by commas. */
export function codes(texts: readonly string[]): string {
  return texts.map(code).join(', ');
}

/** A bar ends a cell, in code too. */
function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
