/**
 * Accounts and their documents. Contract D3, F7.
 * @module
 */
import { and, eq, inArray } from 'drizzle-orm';
import type { SecretReference } from '../flow/documents/account.js';
import type { Agents } from './agents.js';
import type { Database } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { accounts } from './schema.js';
import type { Sealer } from './sealer.js';

/** An account as it is kept: a document, whole. */
export interface StoredAccount {
  id: number;
  document: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
}

interface Private {
  document: Record<string, unknown>;
}

/** A document's agents, which have a table of their own. */
interface AgentEntry {
  number: string;
  name?: string;
  paused?: boolean;
}

/** A security id finds its account, so its hash is that of no account. */
const OF_ALL = ['accounts.securityId', 0] as const;

/** The accounts of a deployment. */
export class Accounts {
  constructor(
    private readonly db: Database,
    private readonly agents: Agents,
    private readonly sealer: Sealer,
  ) {}

  /** Keeps a new account. False when there is one of this id, or of its security id, already. */
  async create(id: number, document: Record<string, unknown>): Promise<boolean> {
    const { agents = [], ...rest } = document;
    const columns = await this.#hide(id, rest);
    return this.db.transaction(async (tx) => {
      const made = await tx
        .insert(accounts)
        .values({ id, ...columns, secretsAnywhere: false })
        .onConflictDoNothing()
        .returning();
      if (made.length === 0) return false;
      await this.agents.replace(id, agents as AgentEntry[], countryCode(rest), tx);
      return true;
    });
  }

  /** Replaces an account's document. Agents that stay keep whether they are paused. Undefined when there is no such account. */
  async update(id: number, document: Record<string, unknown>): Promise<StoredAccount | undefined> {
    const { agents = [], ...rest } = document;
    const values = { ...(await this.#hide(id, rest)), secretsAnywhere: false, updatedAt: new Date() };
    const there = await this.db.transaction(async (tx) => {
      const changed = await tx.update(accounts).set(values).where(eq(accounts.id, id)).returning({ id: accounts.id });
      if (changed.length > 0) await this.agents.replace(id, agents as AgentEntry[], countryCode(rest), tx);
      return changed.length > 0;
    });
    return there ? this.get(id) : undefined;
  }

  /** The account with its agents as they are now. */
  async get(id: number): Promise<StoredAccount | undefined> {
    const [row] = await this.db.select().from(accounts).where(eq(accounts.id, id));
    return row && this.#whole(row);
  }

  /** The account that a security id belongs to. Contract F1. */
  async bySecurityId(securityId: string): Promise<StoredAccount | undefined> {
    const [row] = await this.db
      .select()
      .from(accounts)
      .where(inArray(accounts.securityId, this.sealer.tokens(OF_ALL, securityId)));
    return row && this.#whole(row);
  }

  /** The secrets of an account as a release before 0.7 stored them: they may lie outside of its places. Else none. Contract C4. */
  async formerSecrets(id: number): Promise<Record<string, SecretReference>> {
    const [row] = await this.db
      .select()
      .from(accounts)
      .where(and(eq(accounts.id, id), accounts.secretsAnywhere));
    return row ? (((await this.#show(row)).document.secrets ?? {}) as Record<string, SecretReference>) : {};
  }

  /** All accounts, newest first. */
  async list(page: PageRequest): Promise<Page<{ id: number; name: string | null; createdAt: Date }>> {
    const query = this.db.select().from(accounts).$dynamic();
    return pageOf(query, accounts.seq, undefined, page, async (row) => {
      const { id, document, createdAt } = await this.#show(row);
      return { id, name: typeof document.name === 'string' ? document.name : null, createdAt };
    });
  }

  async #whole(row: typeof accounts.$inferSelect): Promise<StoredAccount> {
    const agents = await this.agents.list(row.id);
    const entries = agents.map(({ dialled, name, paused }) => ({
      number: dialled,
      ...(name !== null && { name }),
      paused,
    }));
    const { id, createdAt, updatedAt, document } = await this.#show(row);
    return { id, createdAt, updatedAt, document: { ...document, ...(entries.length > 0 && { agents: entries }) } };
  }

  async #hide(id: number, document: Record<string, unknown>) {
    const given = securityIdOf(document);
    const securityId = given === null ? null : this.sealer.token(OF_ALL, given);
    return { ...(await this.sealer.hide<Private>(['accounts', id], { document })), securityId };
  }

  #show(row: typeof accounts.$inferSelect) {
    return this.sealer.show<Private, typeof row>(['accounts', row.id], row);
  }
}

function securityIdOf({ securityId }: Record<string, unknown>): string | null {
  return typeof securityId === 'string' ? securityId : null;
}

function countryCode({ countryCode }: Record<string, unknown>): string | undefined {
  return typeof countryCode === 'string' ? countryCode : undefined;
}
