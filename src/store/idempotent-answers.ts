/**
 * Answers to POSTs that carried an `Idempotency-Key`, kept for a day.
 * @module
 */
import { and, eq, gt, isNotNull, isNull, lt } from 'drizzle-orm';
import type { Database } from './database.js';
import { idempotentAnswers } from './schema.js';
import type { Sealer } from './sealer.js';

/** What a key stands for: nothing yet, a request that is under way, another request, or an answer. */
export type KeyState = 'new' | 'underWay' | 'other' | { status: number; body: string };

const KEPT_MS = 24 * 3600_000;
/** After this time a request that never got its answer is taken for dead. */
const UNDER_WAY_MS = 60_000;

/** The answers of all accounts. */
export class IdempotentAnswers {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Claims a key for a request of a user, whose own it is; `request` identifies it. */
  async claim(accountId: number, user: string, given: string, request: string): Promise<KeyState> {
    const former = await this.#former(accountId, given, request);
    if (former !== undefined) return former;
    const key = keyOf(user, given);
    const now = Date.now();
    const mine = and(eq(idempotentAnswers.accountId, accountId), eq(idempotentAnswers.key, key));
    await this.db.delete(idempotentAnswers).where(lt(idempotentAnswers.createdAt, new Date(now - KEPT_MS)));
    await this.db
      .delete(idempotentAnswers)
      .where(
        and(mine, isNull(idempotentAnswers.status), lt(idempotentAnswers.createdAt, new Date(now - UNDER_WAY_MS))),
      );
    const made = await this.db
      .insert(idempotentAnswers)
      .values({ accountId, key, request: this.sealer.token(['idempotent_answers', accountId, key], request) })
      .onConflictDoNothing()
      .returning({ key: idempotentAnswers.key });
    if (made.length > 0) return 'new';
    const [row] = await this.db.select().from(idempotentAnswers).where(mine);
    return row ? this.#stateOf(row, request) : 'other';
  }

  /**
   * What the key stands for when a release before 0.7 claimed it, which kept keys by account alone: for a day after an upgrade
   * the same request is still done once. Undefined: it did not, or for another request.
   */
  async #former(accountId: number, key: string, request: string): Promise<KeyState | undefined> {
    const since = new Date(Date.now() - KEPT_MS);
    const [row] = await this.db
      .select()
      .from(idempotentAnswers)
      .where(
        and(
          eq(idempotentAnswers.accountId, accountId),
          eq(idempotentAnswers.key, key),
          isNotNull(idempotentAnswers.status),
          gt(idempotentAnswers.createdAt, since),
        ),
      );
    const state = row && (await this.#stateOf(row, request));
    return state === 'other' ? undefined : state;
  }

  async #stateOf(row: typeof idempotentAnswers.$inferSelect, request: string): Promise<KeyState> {
    // A plain hash of a request could be guessed, for a number can: so it is keyed.
    const place = ['idempotent_answers', row.accountId, row.key] as const;
    if (!this.sealer.tokens(place, request).includes(row.request)) return 'other';
    const { status, body } = await this.sealer.show<{ body: string | null }, typeof row>(place, row);
    return status === null || body === null ? 'underWay' : { status, body };
  }

  /** Keeps the answer; without one (null) the key is free again. */
  async settle(
    accountId: number,
    user: string,
    given: string,
    answer: { status: number; body: string } | null,
  ): Promise<void> {
    const key = keyOf(user, given);
    const mine = and(eq(idempotentAnswers.accountId, accountId), eq(idempotentAnswers.key, key));
    if (answer === null) {
      await this.db.delete(idempotentAnswers).where(mine);
      return;
    }
    const { status, body } = answer;
    const hidden = await this.sealer.hide(['idempotent_answers', accountId, key], { body });
    await this.db
      .update(idempotentAnswers)
      .set({ status, ...hidden })
      .where(mine);
  }
}

/** A key as the row has it. Keys hold no blank, so that none passes for that of another user, or of a release before 0.7. */
function keyOf(user: string, key: string): string {
  return `${user} ${key}`;
}
