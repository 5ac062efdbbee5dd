/**
 * Short links and how often they were followed. Contract F2.
 * @module
 */
import { randomInt } from 'node:crypto';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { type Database, isDuplicate } from './database.js';
import { before, type Page, type PageRequest, pageOf } from './page.js';
import { links } from './schema.js';

/** A short link as kept. */
export type Link = Pick<typeof links.$inferSelect, 'code' | 'url' | 'visits' | 'createdAt'>;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 8;
const TRIES = 5;
const shown = { code: links.code, url: links.url, visits: links.visits, createdAt: links.createdAt };

/** The short links of all accounts; a code is unique among them all. */
export class Links {
  constructor(private readonly db: Database) {}

  /** Makes a link. The same `origin` gives the link that it gave before. */
  async create(accountId: number, url: string, origin: string | null = null): Promise<Link> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const [made] = await this.db.insert(links).values({ code: newCode(), accountId, url, origin }).returning(shown);
        if (made) return made;
      } catch (error) {
        if (!isDuplicate(error) || attempt >= TRIES) throw error;
      }
      const [before] = origin === null ? [] : await this.db.select(shown).from(links).where(eq(links.origin, origin));
      if (before) return before;
    }
  }

  /** A link of an account. */
  async get(accountId: number, code: string): Promise<Link | undefined> {
    const mine = and(eq(links.accountId, accountId), eq(links.code, code));
    const [row] = await this.db.select(shown).from(links).where(mine);
    return row;
  }

  /** Counts a visit and gives where the link leads; undefined when there is none. */
  async follow(code: string): Promise<string | undefined> {
    const [row] = await this.db
      .update(links)
      .set({ visits: sql`${links.visits} + 1` })
      .where(eq(links.code, code))
      .returning({ url: links.url });
    return row?.url;
  }

  /** An account's links, newest first. */
  async list(accountId: number, { limit, after }: PageRequest): Promise<Page<Link>> {
    const from = before(after);
    const rows = await this.db
      .select({ ...shown, seq: links.seq })
      .from(links)
      .where(and(eq(links.accountId, accountId), from === undefined ? undefined : lt(links.seq, from)))
      .orderBy(desc(links.seq))
      .limit(limit + 1);
    return pageOf(rows, limit, ({ seq: _seq, ...link }) => link);
  }

  /** Takes a link away. False when there is none. */
  async remove(accountId: number, code: string): Promise<boolean> {
    const mine = and(eq(links.accountId, accountId), eq(links.code, code));
    return (await this.db.delete(links).where(mine).returning({ code: links.code })).length > 0;
  }
}

function newCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
