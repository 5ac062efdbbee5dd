/**
 * What is kept of a contact from call to call: the `$user.key` variables. Contract V1, F3.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { and, eq, inArray } from 'drizzle-orm';
import { type Database, oneAtATime } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { isWithheld, normalNumber } from './phone-number.js';
import { contacts } from './schema.js';
import type { Sealer } from './sealer.js';

/** A contact as kept. Variables by full name (`$user.key.NAME`). */
export interface Contact extends Private {
  id: string;
  /** Names of the variables whose values are sensitive. Contract V7. */
  sensitive: string[];
  updatedAt: Date;
}

interface Private {
  number: string;
  variables: Record<string, string>;
}

const shown = {
  id: contacts.id,
  number: contacts.number,
  variables: contacts.variables,
  sensitive: contacts.sensitive,
  sealed: contacts.sealed,
  updatedAt: contacts.updatedAt,
};

/** The contacts of all accounts. Numbers may be written in any way; `countryCode` is that of the account. */
export class Contacts {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /** The contact of a number; undefined for a new contact, and for a number that is withheld. Contract F8. */
  async byNumber(accountId: number, written: string, countryCode?: string): Promise<Contact | undefined> {
    if (isWithheld(written)) return undefined;
    const number = normalNumber(written, countryCode);
    const [row] = await this.db.select(shown).from(contacts).where(this.#ofNumber(accountId, number));
    return row && this.#show(accountId, row);
  }

  /** The contact of an id. */
  async get(accountId: number, id: string): Promise<Contact | undefined> {
    const [row] = await this.db
      .select(shown)
      .from(contacts)
      .where(and(eq(contacts.accountId, accountId), eq(contacts.id, id)));
    return row && this.#show(accountId, row);
  }

  /**
   * Adds to the variables of a contact; a new value replaces the old one of the same name. Undefined when the number is
   * withheld: then nothing is kept. Contract F8.
   * @param sensitive which of these are, by name; default: each as it was before. Contract V7.
   */
  async save(
    accountId: number,
    written: string,
    variables: Record<string, string>,
    countryCode?: string,
    sensitive?: readonly string[],
  ): Promise<Contact | undefined> {
    if (isWithheld(written)) return undefined;
    const number = normalNumber(written, countryCode);
    return this.db.transaction(async (tx) => {
      // A number may be kept under another key, so no unique column keeps two writers apart.
      await oneAtATime(tx, ['contact', accountId, number]);
      const [row] = await tx.select(shown).from(contacts).where(this.#ofNumber(accountId, number));
      const kept = row && (await this.#show(accountId, row));
      const contact = {
        id: kept?.id ?? randomUUID(),
        ...{ number, variables: { ...kept?.variables, ...variables }, updatedAt: new Date() },
        sensitive: marks(kept?.sensitive ?? [], Object.keys(variables), sensitive),
      };
      const values = await this.#hide(accountId, contact);
      if (kept) await tx.update(contacts).set(values).where(eq(contacts.id, kept.id));
      else await tx.insert(contacts).values({ accountId, ...values });
      return contact;
    });
  }

  /** An account's contacts, newest first. */
  async list(accountId: number, page: PageRequest): Promise<Page<Contact>> {
    const query = this.db
      .select({ ...shown, seq: contacts.seq })
      .from(contacts)
      .$dynamic();
    const mine = eq(contacts.accountId, accountId);
    return pageOf(query, contacts.seq, mine, page, ({ seq: _seq, ...row }) => this.#show(accountId, row));
  }

  /** Forgets a contact. False when there is no such contact. */
  async remove(accountId: number, id: string): Promise<boolean> {
    const gone = await this.db
      .delete(contacts)
      .where(and(eq(contacts.accountId, accountId), eq(contacts.id, id)))
      .returning({ id: contacts.id });
    return gone.length > 0;
  }

  #ofNumber(accountId: number, number: string) {
    const kept = this.sealer.tokens(['contacts.number', accountId], number);
    return and(eq(contacts.accountId, accountId), inArray(contacts.number, kept));
  }

  async #hide(accountId: number, { id, updatedAt, sensitive, ...columns }: Contact) {
    const hidden = await this.sealer.hide<Private>(['contacts', accountId, id], columns);
    return {
      ...hidden,
      id,
      updatedAt,
      sensitive,
      number: this.sealer.token(['contacts.number', accountId], columns.number),
    };
  }

  async #show<R extends { id: string; sensitive: string[] | null; sealed: Buffer | null }>(accountId: number, row: R) {
    const shown = await this.sealer.show<Private, R>(['contacts', accountId, row.id], row);
    return { ...shown, sensitive: row.sensitive ?? [] };
  }
}

/** The names that are sensitive after these were written. Contract V7. */
function marks(before: readonly string[], written: readonly string[], sensitive: readonly string[] = before): string[] {
  const kept = before.filter((name) => !written.includes(name));
  return [...kept, ...written.filter((name) => sensitive.includes(name))];
}
