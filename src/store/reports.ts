/**
 * What calls left behind. Contract D4, R9.
 * @module
 */
import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm';
import type { Database } from './database.js';
import { before, type Page, type PageRequest, pageOf } from './page.js';
import { callReports } from './schema.js';

/** A call's report as kept. `persisted` holds what widgets with `persist` wrote. */
export type StoredReport = Omit<typeof callReports.$inferSelect, 'seq' | 'accountId'>;

/** Which reports are meant: of one flow, with one value that a widget persisted. Contract R9. */
export interface OnlyReports {
  flowId?: string | undefined;
  udf?: { name: string; value: string } | undefined;
}

/** Rows that are read at once when all are wanted. */
const BATCH = 200;

/** The reports of all accounts. */
export class Reports {
  constructor(private readonly db: Database) {}

  /** Keeps a report; a repeated one replaces the first. */
  async save(accountId: number, given: StoredReport): Promise<void> {
    const { from, to, persisted } = given;
    const values = Object.entries(persisted).map(([name, value]) => [name, kept(value)] as const);
    const report = { ...given, from: kept(from), to: kept(to), persisted: Object.fromEntries(values) };
    await this.db
      .insert(callReports)
      .values({ accountId, ...report })
      .onConflictDoUpdate({ target: callReports.call, set: report });
  }

  /** The report of a call. */
  async get(accountId: number, call: string): Promise<StoredReport | undefined> {
    const mine = and(eq(callReports.accountId, accountId), eq(callReports.call, call));
    const [row] = await this.db.select().from(callReports).where(mine);
    return row && shown(row);
  }

  /** An account's reports, newest first. */
  async list(accountId: number, { limit, after }: PageRequest, only: OnlyReports = {}): Promise<Page<StoredReport>> {
    const from = before(after);
    const rows = await this.db
      .select()
      .from(callReports)
      .where(and(chosen(accountId, only), from === undefined ? undefined : lt(callReports.seq, from)))
      .orderBy(desc(callReports.seq))
      .limit(limit + 1);
    return pageOf(rows, limit, shown);
  }

  /** All of an account's reports, oldest first. */
  async *all(accountId: number, only: OnlyReports = {}): AsyncGenerator<StoredReport> {
    let seq = 0;
    for (;;) {
      const rows = await this.db
        .select()
        .from(callReports)
        .where(and(chosen(accountId, only), gt(callReports.seq, seq)))
        .orderBy(asc(callReports.seq))
        .limit(BATCH);
      yield* rows.map(shown);
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      seq = last.seq;
    }
  }
}

/** PostgreSQL keeps any character but NUL. */
function kept(text: string): string {
  return text.replaceAll('\0', '');
}

function chosen(accountId: number, { flowId, udf }: OnlyReports) {
  return and(
    eq(callReports.accountId, accountId),
    flowId === undefined ? undefined : eq(callReports.flowId, flowId),
    udf === undefined ? undefined : sql`${callReports.persisted} ->> ${udf.name} = ${udf.value}`,
  );
}

function shown({ seq: _seq, accountId: _accountId, ...report }: typeof callReports.$inferSelect): StoredReport {
  return report;
}
