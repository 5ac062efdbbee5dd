/**
 * Lists in pages, newest first.
 * @module
 */

/** Which part of a list is asked for. */
export interface PageRequest {
  /** 1 to 200. */
  limit: number;
  /** As the page before gave it. */
  after?: string | undefined;
}

/** Part of a list. */
export interface Page<T> {
  items: T[];
  /** For the next page; null after the last. */
  next: string | null;
}

/** The number below which the page begins; undefined for the first page. */
export function before(after: string | undefined): number | undefined {
  if (after === undefined) return undefined;
  const number = Number(Buffer.from(after, 'base64url').toString('latin1'));
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

/** Makes a page of one row more than it holds. */
export async function pageOf<R extends { seq: number }, T>(
  rows: R[],
  limit: number,
  show: (row: R) => T | Promise<T>,
): Promise<Page<T>> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: await Promise.all(shown.map(show)),
    next: last ? Buffer.from(String(last.seq)).toString('base64url') : null,
  };
}
