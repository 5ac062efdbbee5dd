/**
 * Keys of the API, by account. A key is `hk_<id>_<secret>`; only a hash of the secret is kept.
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Database } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { apiKeys } from './schema.js';

/** A key as it may be shown. */
export type ApiKey = Pick<typeof apiKeys.$inferSelect, 'id' | 'name' | 'scopes' | 'createdAt'>;

const shown = { id: apiKeys.id, name: apiKeys.name, scopes: apiKeys.scopes, createdAt: apiKeys.createdAt };

/** The keys of all accounts. */
export class ApiKeys {
  constructor(private readonly db: Database) {}

  /** Makes a key; only this returns its text. */
  async create(accountId: number, name: string, scopes: string[]): Promise<ApiKey & { key: string }> {
    const id = randomBytes(6).toString('hex');
    const secret = randomBytes(24).toString('hex');
    const [made] = await this.db
      .insert(apiKeys)
      .values({ id, accountId, name, scopes, hash: hashOf(secret) })
      .returning(shown);
    if (!made) throw new Error('A key was not written.');
    return { ...made, key: `hk_${id}_${secret}` };
  }

  /** Whose key this is and what it may do; undefined when it is no key of ours. */
  async check(key: string): Promise<{ id: string; accountId: number; scopes: string[] } | undefined> {
    const [, id, secret] = /^hk_([0-9a-f]{12})_([0-9a-f]{48})$/.exec(key) ?? [];
    if (id === undefined || secret === undefined) return undefined;
    const [row] = await this.db.select().from(apiKeys).where(eq(apiKeys.id, id));
    // A hash is compared also when there is no such key, so that the time shows nothing.
    const kept = Buffer.from(row?.hash ?? hashOf(''), 'hex');
    const same = timingSafeEqual(kept, Buffer.from(hashOf(secret), 'hex'));
    return row && same ? { id, accountId: row.accountId, scopes: row.scopes } : undefined;
  }

  /** An account's keys, newest first. */
  async list(accountId: number, page: PageRequest): Promise<Page<ApiKey>> {
    const query = this.db
      .select({ ...shown, seq: apiKeys.seq })
      .from(apiKeys)
      .$dynamic();
    const mine = eq(apiKeys.accountId, accountId);
    return pageOf(query, apiKeys.seq, mine, page, ({ seq: _seq, ...key }) => key);
  }

  /** Takes a key away. False when there is no such key. */
  async remove(accountId: number, id: string): Promise<boolean> {
    const mine = and(eq(apiKeys.accountId, accountId), eq(apiKeys.id, id));
    return (await this.db.delete(apiKeys).where(mine).returning({ id: apiKeys.id })).length > 0;
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
