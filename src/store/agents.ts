/**
 * Agents and whether they are paused. Contract F4.
 * @module
 */
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Database } from './database.js';
import { normalNumber } from './phone-number.js';
import { agents } from './schema.js';
import type { Sealer } from './sealer.js';

/** An agent as kept. */
export interface StoredAgent extends Private {
  paused: boolean;
}

interface Private {
  number: string;
  dialled: string;
  name: string | null;
}

/** The agents of all accounts. Numbers may be written in any way; `countryCode` is that of the account. */
export class Agents {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /** An account's agents, in the account's order. */
  async list(accountId: number): Promise<StoredAgent[]> {
    return this.#list(accountId, this.db);
  }

  /** Of these numbers those that are paused, each as it was written. */
  async paused(accountId: number, written: readonly string[], countryCode?: string): Promise<Set<string>> {
    if (written.length === 0) return new Set();
    const kept = new Map(
      written.map((number) => [number, this.#tokens(accountId, normalNumber(number, countryCode))] as const),
    );
    const rows = await this.db
      .select({ number: agents.number })
      .from(agents)
      .where(
        and(
          eq(agents.accountId, accountId),
          inArray(agents.number, [...kept.values()].flat()),
          eq(agents.paused, true),
        ),
      );
    const paused = new Set(rows.map(({ number }) => number));
    return new Set(written.filter((number) => kept.get(number)?.some((token) => paused.has(token))));
  }

  /** The numbers, as written, whose pause state is known here. */
  async known(accountId: number, written: readonly string[], countryCode?: string): Promise<Set<string>> {
    const kept = new Set((await this.list(accountId)).map(({ number }) => number));
    return new Set(written.filter((number) => kept.has(normalNumber(number, countryCode))));
  }

  /** Pauses an agent or takes the pause back. False when the account has no such agent. */
  async setPaused(accountId: number, written: string, paused: boolean, countryCode?: string): Promise<boolean> {
    const number = normalNumber(written, countryCode);
    const changed = await this.db
      .update(agents)
      .set({ paused })
      .where(and(eq(agents.accountId, accountId), inArray(agents.number, this.#tokens(accountId, number))))
      .returning({ number: agents.number });
    return changed.length > 0;
  }

  /** Notes an agent that only a document named so far, so that its pause has a place. */
  async note(accountId: number, agent: { number: string; paused: boolean }, countryCode?: string): Promise<void> {
    const { number: dialled, paused } = agent;
    if (await this.setPaused(accountId, dialled, paused, countryCode)) return;
    const number = normalNumber(dialled, countryCode);
    await this.db
      .insert(agents)
      .values(await this.#hide(accountId, { number, dialled, name: null, paused }))
      .onConflictDoUpdate({ target: [agents.accountId, agents.number], set: { paused } });
  }

  /** Makes the account's agents these, in this order; those that stay keep whether they are paused. */
  async replace(
    accountId: number,
    list: readonly { number: string; name?: string; paused?: boolean }[],
    countryCode?: string,
    db: Pick<Database, 'insert' | 'delete' | 'select'> = this.db,
  ): Promise<void> {
    const wanted = new Map(list.map((agent) => [normalNumber(agent.number, countryCode), agent]));
    const kept = await this.#list(accountId, db);
    const pausedBefore = new Map(kept.map(({ number, paused }) => [number, paused]));
    // Made again: their order is that of the rows.
    await db.delete(agents).where(eq(agents.accountId, accountId));
    if (wanted.size === 0) return;
    const rows = [...wanted].map(([number, { number: dialled, name = null, paused = false }]) =>
      this.#hide(accountId, { number, dialled, name, paused: pausedBefore.get(number) ?? paused }),
    );
    await db.insert(agents).values(await Promise.all(rows));
  }

  async #list(accountId: number, db: Pick<Database, 'select'>): Promise<StoredAgent[]> {
    const { number, dialled, name, paused, sealed } = agents;
    const rows = await db
      .select({ number, dialled, name, paused, sealed })
      .from(agents)
      .where(eq(agents.accountId, accountId))
      .orderBy(asc(agents.seq));
    return Promise.all(
      rows.map((row) => this.sealer.show<Private, typeof row>(['agents', accountId, row.number], row)),
    );
  }

  #tokens(accountId: number, number: string): string[] {
    return this.sealer.tokens(['agents.number', accountId], number);
  }

  async #hide(accountId: number, { paused, ...columns }: StoredAgent) {
    const number = this.sealer.token(['agents.number', accountId], columns.number);
    const hidden = await this.sealer.hide<Private>(['agents', accountId, number], columns);
    return { ...hidden, accountId, number, paused };
  }
}
