/**
 * Secrets of accounts: their values are sealed, and leave the store only to where they are used. Contract D3, W3.
 * @module
 */
import { and, asc, count, eq } from 'drizzle-orm';
import { HooklineError } from '../flow/errors.js';
import { type Database, oneAtATime } from './database.js';
import { secrets } from './schema.js';
import type { RowKey, Sealer } from './sealer.js';

/** Secrets that one account may have. */
export const MAX_SECRETS = 500;

/** A secret as it may be shown. */
export type StoredSecret = Pick<typeof secrets.$inferSelect, 'name' | 'createdAt' | 'updatedAt'>;

const shown = { name: secrets.name, createdAt: secrets.createdAt, updatedAt: secrets.updatedAt };

/** The secrets of all accounts. */
export class Secrets {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Keeps a value, in place of the one before.
   * @returns undefined when the account has {@link MAX_SECRETS} others already
   * @throws {HooklineError} CODEC_REQUIRED without a key: a value is never kept plain
   */
  async put(accountId: number, name: string, value: string): Promise<StoredSecret | undefined> {
    const { sealed } = await this.sealer.hide(placeOf(accountId, name), { value });
    if (sealed === null)
      throw new HooklineError('CODEC_REQUIRED', 'A secret is stored with a key only: set HOOKLINE_CODEC_KEYS.');
    return this.db.transaction(async (tx) => {
      await oneAtATime(tx, ['secrets', accountId]);
      const now = new Date();
      const [changed] = await tx
        .update(secrets)
        .set({ sealed, updatedAt: now })
        .where(one(accountId, name))
        .returning(shown);
      if (changed) return changed;
      const [{ known = 0 } = {}] = await tx
        .select({ known: count() })
        .from(secrets)
        .where(eq(secrets.accountId, accountId));
      if (known >= MAX_SECRETS) return undefined;
      const row = { accountId, name, sealed, createdAt: now, updatedAt: now };
      const [made] = await tx.insert(secrets).values(row).returning(shown);
      return made;
    });
  }

  /** The value of a secret; undefined when there is none. @throws {HooklineError} STORE_UNREADABLE */
  async value(accountId: number, name: string): Promise<string | undefined> {
    const [row] = await this.db.select({ sealed: secrets.sealed }).from(secrets).where(one(accountId, name));
    if (!row) return undefined;
    return (await this.sealer.show<{ value: string }, typeof row>(placeOf(accountId, name), row)).value;
  }

  /** The secrets of an account by name, without their values: {@link MAX_SECRETS} at most. */
  async list(accountId: number): Promise<StoredSecret[]> {
    return this.db.select(shown).from(secrets).where(eq(secrets.accountId, accountId)).orderBy(asc(secrets.name));
  }

  /** Takes a secret away. False when there is no such secret. */
  async remove(accountId: number, name: string): Promise<boolean> {
    return (await this.db.delete(secrets).where(one(accountId, name)).returning({ name: secrets.name })).length > 0;
  }
}

function one(accountId: number, name: string) {
  return and(eq(secrets.accountId, accountId), eq(secrets.name, name));
}

function placeOf(accountId: number, name: string): RowKey {
  return ['secrets', accountId, name];
}
