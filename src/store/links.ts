/**
 * Short links and how often they were followed. Contract F2.
 * @module
 */
import { randomInt } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { type Database, isDuplicate } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { links } from './schema.js';
import type { Sealer } from './sealer.js';

/** A short link as kept. */
export interface Link extends Private {
  code: string;
  /** Whether the address holds a sensitive value. Contract V7. */
  sensitive: boolean;
  visits: number;
  createdAt: Date;
}

interface Private {
  url: string;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 8;
const TRIES = 5;
const shown = {
  ...{ accountId: links.accountId, code: links.code, url: links.url, sealed: links.sealed },
  ...{ visits: links.visits, sensitive: links.sensitive, createdAt: links.createdAt },
};

/** The short links of all accounts; a code is unique among them all. */
export class Links {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Makes a link. The same `origin` gives the link that it gave before. */
  async create(
    accountId: number,
    url: string,
    { origin = null, sensitive = false }: { origin?: string | null; sensitive?: boolean } = {},
  ): Promise<Link> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const code = newCode();
        const hidden = await this.sealer.hide<Private>(['links', accountId, code], { url });
        const [made] = await this.db
          .insert(links)
          .values({ code, accountId, origin, sensitive, ...hidden })
          .returning(shown);
        if (made) return await this.#show(made);
      } catch (error) {
        if (!isDuplicate(error) || attempt >= TRIES) throw error;
      }
      const [before] = origin === null ? [] : await this.db.select(shown).from(links).where(eq(links.origin, origin));
      if (before) return this.#show(before);
    }
  }

  /** A link of an account. */
  async get(accountId: number, code: string): Promise<Link | undefined> {
    const mine = and(eq(links.accountId, accountId), eq(links.code, code));
    const [row] = await this.db.select(shown).from(links).where(mine);
    return row && this.#show(row);
  }

  /** The account of a link; undefined when there is no such link. */
  async ownerOf(code: string): Promise<number | undefined> {
    const [row] = await this.db.select({ accountId: links.accountId }).from(links).where(eq(links.code, code));
    return row?.accountId;
  }

  /** Counts a visit and gives where the link leads; undefined when there is no such link. */
  async follow(code: string): Promise<string | undefined> {
    const [row] = await this.db
      .update(links)
      .set({ visits: sql`${links.visits} + 1` })
      .where(eq(links.code, code))
      .returning(shown);
    return row && (await this.#show(row)).url;
  }

  /** An account's links, newest first. */
  async list(accountId: number, page: PageRequest): Promise<Page<Link>> {
    const query = this.db
      .select({ ...shown, seq: links.seq })
      .from(links)
      .$dynamic();
    const mine = eq(links.accountId, accountId);
    return pageOf(query, links.seq, mine, page, ({ seq: _seq, ...row }) => this.#show(row));
  }

  /** Takes a link away. False when there is no such link. */
  async remove(accountId: number, code: string): Promise<boolean> {
    const mine = and(eq(links.accountId, accountId), eq(links.code, code));
    return (await this.db.delete(links).where(mine).returning({ code: links.code })).length > 0;
  }

  async #show<R extends { accountId: number; code: string; sealed: Buffer | null }>(row: R) {
    return withoutAccount(await this.sealer.show<Private, R>(['links', row.accountId, row.code], row));
  }
}

function withoutAccount<R extends { accountId: number }>({ accountId: _accountId, ...link }: R) {
  return link;
}

function newCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
