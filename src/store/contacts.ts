/**
 * What is kept of a contact from call to call: the `$user.key` variables. Contract V1, F3.
 * @module
 */
import { and, desc, eq, lt } from 'drizzle-orm';
import type { Database } from './database.js';
import { before, type Page, type PageRequest, pageOf } from './page.js';
import { normalNumber } from './phone-number.js';
import { contacts } from './schema.js';

/** A contact as kept. Variables by full name (`$user.key.NAME`). */
export type Contact = Pick<typeof contacts.$inferSelect, 'id' | 'number' | 'variables' | 'updatedAt'>;

const shown = {
  id: contacts.id,
  number: contacts.number,
  variables: contacts.variables,
  updatedAt: contacts.updatedAt,
};

/** The contacts of all accounts. Numbers may be written in any way; `countryCode` is that of the account. */
export class Contacts {
  constructor(private readonly db: Database) {}

  /** The contact of a number. */
  async byNumber(accountId: number, written: string, countryCode?: string): Promise<Contact | undefined> {
    const number = normalNumber(written, countryCode);
    const [row] = await this.db
      .select(shown)
      .from(contacts)
      .where(and(eq(contacts.accountId, accountId), eq(contacts.number, number)));
    return row;
  }

  /** The contact of an id. */
  async get(accountId: number, id: string): Promise<Contact | undefined> {
    const [row] = await this.db
      .select(shown)
      .from(contacts)
      .where(and(eq(contacts.accountId, accountId), eq(contacts.id, id)));
    return row;
  }

  /** Adds to what is kept of a contact; of two values for one name the new one stays. */
  async save(
    accountId: number,
    written: string,
    variables: Record<string, string>,
    countryCode?: string,
  ): Promise<Contact> {
    const number = normalNumber(written, countryCode);
    return this.db.transaction(async (tx) => {
      await tx.insert(contacts).values({ accountId, number, variables: {} }).onConflictDoNothing();
      const mine = and(eq(contacts.accountId, accountId), eq(contacts.number, number));
      const [kept] = await tx.select({ variables: contacts.variables }).from(contacts).where(mine).for('update');
      const all = { ...kept?.variables, ...variables };
      const [saved] = await tx
        .update(contacts)
        .set({ variables: all, updatedAt: new Date() })
        .where(mine)
        .returning(shown);
      if (!saved) throw new Error('A contact went while it was written.');
      return saved;
    });
  }

  /** An account's contacts, newest first. */
  async list(accountId: number, { limit, after }: PageRequest): Promise<Page<Contact>> {
    const from = before(after);
    const rows = await this.db
      .select({ ...shown, seq: contacts.seq })
      .from(contacts)
      .where(and(eq(contacts.accountId, accountId), from === undefined ? undefined : lt(contacts.seq, from)))
      .orderBy(desc(contacts.seq))
      .limit(limit + 1);
    return pageOf(rows, limit, ({ seq: _seq, ...contact }) => contact);
  }

  /** Forgets a contact. False when there is none. */
  async remove(accountId: number, id: string): Promise<boolean> {
    const gone = await this.db
      .delete(contacts)
      .where(and(eq(contacts.accountId, accountId), eq(contacts.id, id)))
      .returning({ id: contacts.id });
    return gone.length > 0;
  }
}
