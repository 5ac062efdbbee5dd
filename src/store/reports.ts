/**
 * What calls left behind. Contract D4, R9.
 * @module
 */
import { and, asc, desc, eq, gt, lt } from 'drizzle-orm';
import type { Database } from './database.js';
import { before, type Page, type PageRequest, pageOf } from './page.js';
import { callReports } from './schema.js';

/** A call's report as kept. `persisted` holds what widgets with `persist` wrote. */
export type StoredReport = Omit<typeof callReports.$inferSelect, 'seq' | 'accountId'>;

/** Rows that are read at once when all are wanted. */
const BATCH = 200;

/** The reports of all accounts. */
export class Reports {
  constructor(private readonly db: Database) {}

  /** Keeps a report; a repeated one replaces the first. */
  async save(accountId: number, report: StoredReport): Promise<void> {
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
  async list(accountId: number, { limit, after }: PageRequest, flowId?: string): Promise<Page<StoredReport>> {
    const from = before(after);
    const rows = await this.db
      .select()
      .from(callReports)
      .where(and(ofFlow(accountId, flowId), from === undefined ? undefined : lt(callReports.seq, from)))
      .orderBy(desc(callReports.seq))
      .limit(limit + 1);
    return pageOf(rows, limit, shown);
  }

  /** All of an account's reports, oldest first. */
  async *all(accountId: number, flowId?: string): AsyncGenerator<StoredReport> {
    let seq = 0;
    for (;;) {
      const rows = await this.db
        .select()
        .from(callReports)
        .where(and(ofFlow(accountId, flowId), gt(callReports.seq, seq)))
        .orderBy(asc(callReports.seq))
        .limit(BATCH);
      yield* rows.map(shown);
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      seq = last.seq;
    }
  }
}

function ofFlow(accountId: number, flowId: string | undefined) {
  return and(eq(callReports.accountId, accountId), flowId === undefined ? undefined : eq(callReports.flowId, flowId));
}

function shown({ seq: _seq, accountId: _accountId, ...report }: typeof callReports.$inferSelect): StoredReport {
  return report;
}
