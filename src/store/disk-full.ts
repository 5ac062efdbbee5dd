/**
 * A full disk, as databases and the system report it: reading still works then, and nothing can be written.
 * @module
 */

/** What the log says of the database's disk. */
export const DISK_FULL = 'the disk of the database is full: nothing can be stored until there is room';

/** PostgreSQL's code for a full disk, and the system's for one and for a quota that is used up. */
const CODES = new Set(['53100', 'ENOSPC', 'EDQUOT']);
/** What SQLite, Go and the system write, in errors that come without a code. */
const WORDS = /database or disk is full|no space left on device|disk quota exceeded/i;

/** Whether a code is one of a full disk. */
export function isFullCode(code: string | undefined): boolean {
  return code !== undefined && CODES.has(code);
}

/** Whether a text, such as what a server writes to its log, says that a disk is full. */
export function saysDiskFull(text: string): boolean {
  return WORDS.test(text);
}

/** Whether an error, or one that it was made of, says that a disk is full. */
export function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (isFullCode((cause as NodeJS.ErrnoException).code) || saysDiskFull(cause.message)) return true;
  return false;
}
