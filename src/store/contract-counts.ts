/**
 * How many answers were judged by their contracts, and how many were otherwise, by account, flow and widget. Contract R10.
 * @module
 */
import { gt, lt, sql } from 'drizzle-orm';
import type { Database } from './database.js';
import { contractCounts } from './schema.js';

/** Milliseconds that one row counts for. */
const BUCKET_MS = 5 * 60_000;
/** Milliseconds that are looked at for drift. */
const HOUR_MS = 3_600_000;
/** Milliseconds for which counts are kept. */
const KEPT_MS = 7 * 24 * HOUR_MS;
/** A widget drifts when more than one in so many of at least that many answers is otherwise. */
const DRIFT = { oneIn: 100, answers: 200 };

/** What is counted of one widget. */
export interface ContractCount {
  accountId: number;
  flowId: string;
  widget: string;
  answers: number;
  mismatches: number;
}

/** The counts of all accounts. */
export class ContractCounts {
  constructor(private readonly db: Database) {}

  /** Adds to the counts of now, and removes those of last week. */
  async add(counts: readonly ContractCount[], now = Date.now()): Promise<void> {
    const bucket = new Date(Math.floor(now / BUCKET_MS) * BUCKET_MS);
    for (const { answers, mismatches, ...widget } of counts) {
      await this.db
        .insert(contractCounts)
        .values({ ...widget, bucket, answers, mismatches })
        .onConflictDoUpdate({
          target: [contractCounts.accountId, contractCounts.flowId, contractCounts.widget, contractCounts.bucket],
          set: {
            answers: sql`${contractCounts.answers} + ${answers}`,
            mismatches: sql`${contractCounts.mismatches} + ${mismatches}`,
          },
        });
    }
    await this.db.delete(contractCounts).where(lt(contractCounts.bucket, new Date(now - KEPT_MS)));
  }

  /** The widgets of which more than 1 % of at least 200 answers of the last hour were otherwise. */
  async drifting(now = Date.now()): Promise<ContractCount[]> {
    const { accountId, flowId, widget } = contractCounts;
    const answers = sql<number>`sum(${contractCounts.answers})`.mapWith(Number);
    const mismatches = sql<number>`sum(${contractCounts.mismatches})`.mapWith(Number);
    return this.db
      .select({ accountId, flowId, widget, answers, mismatches })
      .from(contractCounts)
      .where(gt(contractCounts.bucket, new Date(now - HOUR_MS)))
      .groupBy(accountId, flowId, widget)
      .having(sql`${answers} >= ${DRIFT.answers} and ${mismatches} * ${DRIFT.oneIn} > ${answers}`);
  }
}
