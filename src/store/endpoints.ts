/**
 * Endpoints of flow ends that fail, and those of them that are paused. Contract E5.
 * @module
 */
import { and, count, eq, gte, isNotNull, isNull, lt, lte, or, sql } from 'drizzle-orm';
import type { Endpoint } from '../engine/deliveries.js';
import type { Database } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { endpoints } from './schema.js';

/** An endpoint in trouble, as kept. */
export type StoredEndpoint = Omit<typeof endpoints.$inferSelect, 'prober'>;

/** When one is paused: after so many failures in a row, if the first is so long ago. */
export interface PauseRule {
  failures: number;
  milliseconds: number;
}

const shown = {
  id: endpoints.id,
  accountId: endpoints.accountId,
  url: endpoints.url,
  failures: endpoints.failures,
  failingSince: endpoints.failingSince,
  detail: endpoints.detail,
  pausedAt: endpoints.pausedAt,
  probes: endpoints.probes,
  probeAt: endpoints.probeAt,
};

/** The endpoints of all accounts; only those whose last attempt failed are known. */
export class Endpoints {
  constructor(private readonly db: Database) {}

  /** How an endpoint stands; undefined: nothing is wrong with it. */
  async get(endpoint: Endpoint): Promise<StoredEndpoint | undefined> {
    const [row] = await this.db.select(shown).from(endpoints).where(is(endpoint));
    return row;
  }

  /** Notes that an attempt failed. True for the one failure that pauses the endpoint. */
  async failed(endpoint: Endpoint, detail: string, now: Date, rule: PauseRule): Promise<boolean> {
    const text = detail.replaceAll('\0', '');
    await this.db
      .insert(endpoints)
      .values({ ...endpoint, failures: 1, failingSince: now, detail: text })
      .onConflictDoUpdate({
        target: [endpoints.accountId, endpoints.url],
        set: { failures: sql`${endpoints.failures} + 1`, detail: text },
      });
    const long = and(
      isNull(endpoints.pausedAt),
      gte(endpoints.failures, rule.failures),
      lte(endpoints.failingSince, new Date(now.getTime() - rule.milliseconds)),
    );
    const paused = await this.db
      .update(endpoints)
      .set({ pausedAt: now })
      .where(and(is(endpoint), long))
      .returning({ id: endpoints.id });
    return paused.length > 0;
  }

  /** Forgets the trouble of an endpoint; gives what it was. Of several that do so at once, one gets it. */
  async recovered(endpoint: Endpoint): Promise<StoredEndpoint | undefined> {
    const [row] = await this.db.delete(endpoints).where(is(endpoint)).returning(shown);
    return row;
  }

  /**
   * Makes a delivery the one that tries whether a paused endpoint is back: when it is that one already, or there is no other,
   * or that one is overdue. Gives how often was tried before; undefined for all others.
   */
  async claimProbe(endpoint: Endpoint, prober: string, now: Date, overdueMs: number): Promise<number | undefined> {
    const free = or(
      eq(endpoints.prober, prober),
      isNull(endpoints.prober),
      lt(endpoints.probeAt, new Date(now.getTime() - overdueMs)),
    );
    const [row] = await this.db
      .update(endpoints)
      .set({ prober, probes: sql`${endpoints.probes} + 1`, probeAt: now })
      .where(and(is(endpoint), isNotNull(endpoints.pausedAt), free))
      .returning({ probes: endpoints.probes });
    return row && row.probes - 1;
  }

  /** Notes when a delivery tries again whether its endpoint is back. */
  async probeNext(endpoint: Endpoint, prober: string, probeAt: Date): Promise<void> {
    await this.db
      .update(endpoints)
      .set({ probeAt })
      .where(and(is(endpoint), eq(endpoints.prober, prober)));
  }

  /** One of an account, by its id. */
  async find(accountId: number, id: number): Promise<StoredEndpoint | undefined> {
    const mine = and(eq(endpoints.accountId, accountId), eq(endpoints.id, id));
    const [row] = await this.db.select(shown).from(endpoints).where(mine);
    return row;
  }

  /** Those in trouble of an account, or of all, newest first. */
  async list(accountId: number | undefined, page: PageRequest): Promise<Page<StoredEndpoint>> {
    const query = this.db
      .select({ ...shown, seq: endpoints.id })
      .from(endpoints)
      .$dynamic();
    const mine = accountId === undefined ? undefined : eq(endpoints.accountId, accountId);
    return pageOf(query, endpoints.id, mine, page, ({ seq: _seq, ...endpoint }) => endpoint);
  }

  /** How many are paused, of all accounts. */
  async paused(): Promise<number> {
    const [row] = await this.db.select({ number: count() }).from(endpoints).where(isNotNull(endpoints.pausedAt));
    return row?.number ?? 0;
  }
}

function is({ accountId, url }: Endpoint) {
  return and(eq(endpoints.accountId, accountId), eq(endpoints.url, url));
}
