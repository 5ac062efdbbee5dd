/**
 * Attempts to deliver flow ends: what was sent when, and what came back. Contract E5.
 * @module
 */
import { and, asc, desc, eq, inArray } from 'drizzle-orm';
import type { Database } from './database.js';
import { deliveryAttempts } from './schema.js';
import type { RowKey, Sealer } from './sealer.js';

/** Attempts that are kept of one flow end, the newest. 72 hours make about 30. */
export const KEPT_ATTEMPTS = 100;

/** One attempt as kept. */
export type StoredAttempt = Omit<typeof deliveryAttempts.$inferSelect, 'seq' | 'accountId' | 'delivery' | 'sealed'>;

/** The attempts of all accounts. */
export class Attempts {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Keeps an attempt; of one delivery the newest {@link KEPT_ATTEMPTS}. */
  async add(accountId: number, delivery: string, given: StoredAttempt): Promise<void> {
    const attempt = { ...given, detail: kept(given.detail) };
    const answer = given.answer === null ? null : kept(given.answer);
    const hidden = await this.sealer.hide(rowOf(accountId, delivery), { answer });
    await this.db.insert(deliveryAttempts).values({ accountId, delivery, ...attempt, ...hidden });
    // A call alone makes few.
    if (attempt.by === 'call') return;
    const surplus = this.db
      .select({ seq: deliveryAttempts.seq })
      .from(deliveryAttempts)
      .where(eq(deliveryAttempts.delivery, delivery))
      .orderBy(desc(deliveryAttempts.seq))
      .offset(KEPT_ATTEMPTS);
    await this.db.delete(deliveryAttempts).where(inArray(deliveryAttempts.seq, surplus));
  }

  /** Those of a delivery, in the order in which they ended. */
  async of(accountId: number, delivery: string): Promise<StoredAttempt[]> {
    const { by, at, status, detail, durationMs, answer, sealed } = deliveryAttempts;
    const rows = await this.db
      .select({ by, at, status, detail, durationMs, answer, sealed })
      .from(deliveryAttempts)
      .where(and(eq(deliveryAttempts.accountId, accountId), eq(deliveryAttempts.delivery, delivery)))
      .orderBy(asc(deliveryAttempts.seq));
    const place = rowOf(accountId, delivery);
    return Promise.all(rows.map((row) => this.sealer.show<Pick<StoredAttempt, 'answer'>, typeof row>(place, row)));
  }
}

function rowOf(accountId: number, delivery: string): RowKey {
  return ['delivery_attempts', accountId, delivery];
}

/** PostgreSQL keeps any character but NUL. */
function kept(text: string): string {
  return text.replaceAll('\0', '');
}
