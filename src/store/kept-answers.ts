/**
 * Answers of targets that webhooks may reuse, for two days at most. Contract R11.
 * @module
 */
import { createHash } from 'node:crypto';
import { and, asc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import type { Database } from './database.js';
import { isWithheld, normalNumber } from './phone-number.js';
import { keptAnswers } from './schema.js';
import type { Sealer } from './sealer.js';

/** Answers of one account; the oldest make room. */
const MAX_OF_ACCOUNT = 10_000;

/** An answer as it is kept. */
export interface KeptAnswer {
  /** JSON of what the engine needs to read it again. */
  answer: string;
  keptAt: Date;
  /** Whether its request held a sensitive value. Contract V7. */
  sensitive: boolean;
}

/** What is said of an answer when it is kept. */
export interface Keeping extends Pick<KeptAnswer, 'answer' | 'sensitive'> {
  /** Seconds. */
  keptFor: number;
  /** The other party of the call: forgetting that one deletes the answer. */
  contact: string;
  countryCode?: string | undefined;
}

/** The answers of all accounts. A key is whatever text identifies a request. */
export class KeptAnswers {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /** The answer that is kept under a key, and has not expired. */
  async get(accountId: number, key: string): Promise<KeptAnswer | undefined> {
    const [row] = await this.db
      .select()
      .from(keptAnswers)
      .where(and(this.#under(accountId, key), gt(keptAnswers.expiresAt, new Date())))
      .limit(1);
    if (!row) return undefined;
    const place = ['kept_answers', accountId, row.key] as const;
    const { answer, keptAt, sensitive } = await this.sealer.show<{ answer: string | null }, typeof row>(place, row);
    return answer === null ? undefined : { answer, keptAt, sensitive };
  }

  /** Keeps an answer in place of an earlier one, and removes what has expired. */
  async keep(
    accountId: number,
    key: string,
    { answer, sensitive, keptFor, contact, countryCode }: Keeping,
  ): Promise<void> {
    const token = this.sealer.token(['kept_answers.key', accountId], digest(key));
    const now = Date.now();
    const hidden = await this.sealer.hide(['kept_answers', accountId, token], { answer });
    const values = {
      ...hidden,
      ...{ keptAt: new Date(now), expiresAt: new Date(now + keptFor * 1000), sensitive },
      contact: isWithheld(contact) ? null : this.#contactToken(accountId, normalNumber(contact, countryCode)),
    };
    await this.db
      .insert(keptAnswers)
      .values({ accountId, key: token, ...values })
      .onConflictDoUpdate({ target: [keptAnswers.accountId, keptAnswers.key], set: values });
    await this.db.delete(keptAnswers).where(lt(keptAnswers.expiresAt, new Date(now)));
    await this.#makeRoom(accountId);
  }

  /** Deletes what calls of a number have kept. @param number in its normal form */
  async forget(accountId: number, number: string): Promise<void> {
    const tokens = this.sealer.tokens(['kept_answers.contact', accountId], number);
    await this.db
      .delete(keptAnswers)
      .where(and(eq(keptAnswers.accountId, accountId), inArray(keptAnswers.contact, tokens)));
  }

  #under(accountId: number, key: string) {
    const tokens = this.sealer.tokens(['kept_answers.key', accountId], digest(key));
    return and(eq(keptAnswers.accountId, accountId), inArray(keptAnswers.key, tokens));
  }

  #contactToken(accountId: number, number: string): string {
    return this.sealer.token(['kept_answers.contact', accountId], number);
  }

  async #makeRoom(accountId: number): Promise<void> {
    const mine = eq(keptAnswers.accountId, accountId);
    const over = (await this.db.$count(keptAnswers, mine)) - MAX_OF_ACCOUNT;
    if (over <= 0) return;
    const oldest = this.db.select({ key: keptAnswers.key }).from(keptAnswers).where(mine).orderBy(asc(keptAnswers.keptAt)).limit(over); // prettier-ignore
    await this.db.delete(keptAnswers).where(and(mine, sql`${keptAnswers.key} in ${oldest}`));
  }
}

/** Keys are as long as requests. */
function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
