/**
 * Rows of CSV, RFC 4180.
 * @module
 */

/** One row. A field that a spreadsheet would take for a formula gets an apostrophe before it. */
export function csvRow(fields: readonly string[]): string {
  return `${fields.map(field).join(',')}\r\n`;
}

function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
