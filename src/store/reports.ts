/**
 * What calls left behind. Contract D4, R9.
 * @module
 */
import { and, arrayOverlaps, asc, eq, gt, gte, lt, or, sql } from 'drizzle-orm';
import type { Outcome } from '../engine/call-report.js';
import type { Database } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { callReports } from './schema.js';
import type { Sealer } from './sealer.js';

type Row = typeof callReports.$inferSelect;

/** A call's report as kept. */
export type StoredReport = Omit<Row, 'seq' | 'accountId' | 'persistedHashes' | 'sealed' | keyof Private> & Private;

interface Private {
  from: string;
  to: string;
  error: Row['error'];
  /** What widgets with `persist` wrote. */
  persisted: Record<string, string>;
}

/** Which reports are meant: of one flow, with one outcome, of calls that began in a time, with one value that is kept. Contract R9. */
export interface OnlyReports {
  flowId?: string | undefined;
  outcome?: Outcome | undefined;
  /** The first moment of a start that counts, and the first that does not. */
  from?: Date | undefined;
  to?: Date | undefined;
  udf?: { name: string; value: string } | undefined;
}

/** Rows that are read at once when all are wanted. */
const BATCH = 200;

/** The reports of all accounts. */
export class Reports {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Keeps a report; a repeated one replaces the first. */
  async save(accountId: number, given: StoredReport): Promise<void> {
    const { from, to, persisted, error, ...rest } = given;
    const values = Object.entries(persisted).map(([name, value]) => [name, kept(value)] as const);
    const columns: Private = { from: kept(from), to: kept(to), error, persisted: Object.fromEntries(values) };
    const report = {
      ...{ ...rest, ...(await this.sealer.hide(['call_reports', accountId, given.call], columns)) },
      persistedHashes: this.sealer.seals ? values.map(([name, value]) => this.#hash(accountId, name, value)) : null,
    };
    await this.db
      .insert(callReports)
      .values({ accountId, ...report })
      .onConflictDoUpdate({ target: callReports.call, set: report });
  }

  /** The report of a call. */
  async get(accountId: number, call: string): Promise<StoredReport | undefined> {
    const mine = and(eq(callReports.accountId, accountId), eq(callReports.call, call));
    const [row] = await this.db.select().from(callReports).where(mine);
    return row && this.#show(row);
  }

  /** An account's reports, newest first. */
  async list(accountId: number, page: PageRequest, only: OnlyReports = {}): Promise<Page<StoredReport>> {
    const query = this.db.select().from(callReports).$dynamic();
    return pageOf(query, callReports.seq, this.#chosen(accountId, only), page, (row) => this.#show(row));
  }

  /** All of an account's reports, oldest first. */
  async *all(accountId: number, only: OnlyReports = {}): AsyncGenerator<StoredReport> {
    let seq = 0;
    for (;;) {
      const rows = await this.db
        .select()
        .from(callReports)
        .where(and(this.#chosen(accountId, only), gt(callReports.seq, seq)))
        .orderBy(asc(callReports.seq))
        .limit(BATCH);
      for (const row of rows) yield await this.#show(row);
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      seq = last.seq;
    }
  }

  #chosen(accountId: number, { flowId, from, outcome, to, udf }: OnlyReports) {
    return and(
      eq(callReports.accountId, accountId),
      flowId === undefined ? undefined : eq(callReports.flowId, flowId),
      outcome === undefined ? undefined : eq(callReports.outcome, outcome),
      from === undefined ? undefined : gte(callReports.startedAt, from),
      to === undefined ? undefined : lt(callReports.startedAt, to),
      udf === undefined ? undefined : this.#persisted(accountId, udf),
    );
  }

  /** A value stands plain, or its hash does. */
  #persisted(accountId: number, { name, value }: { name: string; value: string }) {
    const plain = sql`${callReports.persisted} ->> ${name} = ${value}`;
    const hashes = this.sealer.hashes(udfKey(accountId, name), value);
    return hashes.length === 0 ? plain : or(plain, arrayOverlaps(callReports.persistedHashes, hashes));
  }

  #hash(accountId: number, name: string, value: string): string {
    return this.sealer.token(udfKey(accountId, name), value);
  }

  async #show(row: Row): Promise<StoredReport> {
    return shown(await this.sealer.show<Private, Row>(['call_reports', row.accountId, row.call], row));
  }
}

function udfKey(accountId: number, name: string) {
  return ['call_reports.persisted', accountId, name] as const;
}

/** PostgreSQL keeps any character but NUL. */
function kept(text: string): string {
  return text.replaceAll('\0', '');
}

function shown({
  seq: _seq,
  accountId: _accountId,
  persistedHashes: _hashes,
  ...report
}: StoredReport & Pick<Row, 'seq' | 'accountId' | 'persistedHashes'>): StoredReport {
  return report;
}
