/**
 * How many numbers calls of an account dialled in a day. A dial counts once, however often it is asked for. Contract D3.
 * @module
 */
import { and, eq, lt, sql } from 'drizzle-orm';
import type { Database } from './database.js';
import { dialDays, dials } from './schema.js';

/** One dial that wants to be counted. */
export interface CountedDial {
  account: number;
  /** A day of the account's time zone, `2026-12-01`. */
  day: string;
  /** A UUID: the same when the question is repeated. */
  dial: string;
  perDay: number;
}

/** The day's dials are used up: nothing of the transaction holds. */
class UsedUp extends Error {}

/** The dials of all accounts. Writers of one account wait for each other, and for nobody else. */
export class Dials {
  constructor(private readonly db: Database) {}

  /** Counts a dial; false, and nothing is counted, when the account has dialled as many as it may. */
  async count({ account: accountId, day, dial, perDay }: CountedDial): Promise<boolean> {
    try {
      await this.db.transaction(async (tx) => {
        const fresh = await tx.insert(dials).values({ id: dial, accountId, day }).onConflictDoNothing().returning();
        if (fresh.length === 0) return;
        const [counted] = await tx
          .insert(dialDays)
          .values({ accountId, day, dialled: 1 })
          .onConflictDoUpdate({
            target: [dialDays.accountId, dialDays.day],
            set: { dialled: sql`${dialDays.dialled} + 1` },
            setWhere: lt(dialDays.dialled, perDay),
          })
          .returning({ dialled: dialDays.dialled });
        if (!counted) throw new UsedUp();
        // The first of a day: nobody asks again for those of days before the last one.
        if (counted.dialled === 1)
          await tx.delete(dials).where(and(eq(dials.accountId, accountId), lt(dials.day, dayBefore(day))));
      });
      return true;
    } catch (error) {
      if (error instanceof UsedUp) return false;
      throw error;
    }
  }
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
