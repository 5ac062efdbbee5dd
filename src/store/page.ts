/**
 * Lists in pages, newest first.
 * @module
 */
import { and, desc, lt, type SQL } from 'drizzle-orm';
import type { PgColumn, PgSelect } from 'drizzle-orm/pg-core';

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

/**
 * A page of a query, newest first.
 * @param query without condition, order and limit; its rows have the column as `seq`
 * @param seq grows from row to row
 * @param chosen which rows the list has
 */
export async function pageOf<Q extends PgSelect, T>(
  query: Q,
  seq: PgColumn,
  chosen: SQL | undefined,
  { limit, after }: PageRequest,
  show: (row: RowOf<Q>) => T | Promise<T>,
): Promise<Page<T>> {
  const below = after === undefined ? undefined : lt(seq, seqOf(after));
  // One row more than the page holds shows whether there is a next page.
  const ordered = query.where(and(chosen, below)).orderBy(desc(seq));
  const rows = (await ordered.limit(limit + 1)) as RowOf<Q>[];
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: await Promise.all(shown.map(show)),
    next: last ? Buffer.from(String(last.seq)).toString('base64url') : null,
  };
}

type RowOf<Q extends PgSelect> = Q['_']['result'][number] & { seq: number };

/** The number below which the page begins; 0, below which there is nothing, for what is the `next` of no page. */
function seqOf(after: string): number {
  const number = Number(Buffer.from(after, 'base64url').toString('latin1'));
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}
