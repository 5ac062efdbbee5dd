/**
 * Agents and whether they are paused. Contract F4.
 * @module
 */
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Database } from './database.js';
import { normalNumber } from './phone-number.js';
import { agents } from './schema.js';

/** An agent as kept. */
export type StoredAgent = Pick<typeof agents.$inferSelect, 'number' | 'dialled' | 'name' | 'paused'>;

/** The agents of all accounts. Numbers may be written in any way; `countryCode` is that of the account. */
export class Agents {
  constructor(private readonly db: Database) {}

  /** An account's agents, in the account's order. */
  async list(accountId: number): Promise<StoredAgent[]> {
    return this.db
      .select({ number: agents.number, dialled: agents.dialled, name: agents.name, paused: agents.paused })
      .from(agents)
      .where(eq(agents.accountId, accountId))
      .orderBy(asc(agents.seq));
  }

  /** Of these numbers those that are paused, each as it was written. */
  async paused(accountId: number, written: readonly string[], countryCode?: string): Promise<Set<string>> {
    if (written.length === 0) return new Set();
    const normal = new Map(written.map((number) => [number, normalNumber(number, countryCode)]));
    const rows = await this.db
      .select({ number: agents.number })
      .from(agents)
      .where(
        and(eq(agents.accountId, accountId), inArray(agents.number, [...normal.values()]), eq(agents.paused, true)),
      );
    const paused = new Set(rows.map(({ number }) => number));
    return new Set(written.filter((number) => paused.has(normal.get(number) ?? number)));
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
      .where(and(eq(agents.accountId, accountId), eq(agents.number, number)))
      .returning({ number: agents.number });
    return changed.length > 0;
  }

  /** Notes an agent that only a document named so far, so that its pause has a place. */
  async note(accountId: number, agent: { number: string; paused: boolean }, countryCode?: string): Promise<void> {
    const number = normalNumber(agent.number, countryCode);
    await this.db
      .insert(agents)
      .values({ accountId, number, dialled: agent.number, paused: agent.paused })
      .onConflictDoUpdate({ target: [agents.accountId, agents.number], set: { paused: agent.paused } });
  }

  /** Makes the account's agents these, in this order; those that stay keep whether they are paused. */
  async replace(
    accountId: number,
    list: readonly { number: string; name?: string; paused?: boolean }[],
    countryCode?: string,
    db: Pick<Database, 'insert' | 'delete' | 'select'> = this.db,
  ): Promise<void> {
    const wanted = new Map(list.map((agent) => [normalNumber(agent.number, countryCode), agent]));
    const numbers = [...wanted.keys()];
    const kept = await db
      .select({ number: agents.number, paused: agents.paused })
      .from(agents)
      .where(eq(agents.accountId, accountId));
    const pausedBefore = new Map(kept.map(({ number, paused }) => [number, paused]));
    // Made anew, for their order is that of the rows.
    await db.delete(agents).where(eq(agents.accountId, accountId));
    if (numbers.length === 0) return;
    await db.insert(agents).values(
      [...wanted].map(([number, { number: dialled, name, paused = false }]) => ({
        accountId,
        number,
        dialled,
        name: name ?? null,
        paused: pausedBefore.get(number) ?? paused,
      })),
    );
  }
}
