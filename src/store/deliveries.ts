/**
 * Flow ends and undo requests that left their calls, and the dead letters among them. Contract E5, H10.
 * @module
 */
import { and, asc, count, eq, gt, gte, like, ne, not, or, sql } from 'drizzle-orm';
import type { Endpoint } from '../engine/deliveries.js';
import { undoId } from '../engine/undo-task.js';
import type { Database } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { deliveries, type DeliveryState } from './schema.js';
import type { Sealer } from './sealer.js';

/** A delivery as kept, without its payload; `url` is where it goes. */
export type StoredDelivery = Omit<
  typeof deliveries.$inferSelect,
  'seq' | 'accountId' | 'delivery' | 'sealed' | 'url'
> & {
  url: string | null;
};

/** Which deliveries are meant. */
export interface OnlyDeliveries {
  state?: DeliveryState | undefined;
  /** An origin, or the beginning of a URL up to the end of one of its segments. */
  target?: string | undefined;
  /** Only those that left their calls from this moment on. */
  since?: Date | undefined;
}

/** Where a delivery stands. */
export interface DeliveryNote {
  /** The `webhook-id`. */
  id: string;
  /** Workflow id of the call. */
  call: string;
  state: DeliveryState;
  /** Attempts so far. */
  attempts: number;
  detail: string;
  /** What its workflow was started with, for a replay. */
  delivery?: unknown;
  /** Where it goes; in the first note alone. */
  url?: string;
}

/** Where a delivery goes. */
const url = sql<string | null>`coalesce(${deliveries.url}, ${deliveries.delivery} #>> '{webhook,url}')`;
/** Undo requests, by their id. Contract H10. */
const IS_UNDO = like(deliveries.id, `%${undoId('')}`);
const shown = {
  id: deliveries.id,
  call: deliveries.call,
  state: deliveries.state,
  attempts: deliveries.attempts,
  detail: deliveries.detail,
  url,
  createdAt: deliveries.createdAt,
  updatedAt: deliveries.updatedAt,
};

/** The deliveries of all accounts. */
export class Deliveries {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Notes where a delivery stands. A note with `delivery` holds what is left of it, for a replay. */
  async note(accountId: number, { id, call, delivery, url, ...how }: DeliveryNote): Promise<void> {
    const mine = and(eq(deliveries.accountId, accountId), eq(deliveries.id, id));
    if (delivery === undefined) {
      await this.db
        .update(deliveries)
        .set({ ...how, updatedAt: new Date() })
        .where(mine);
      return;
    }
    const hidden = await this.sealer.hide(['deliveries', accountId, id], { delivery });
    await this.db
      .insert(deliveries)
      .values({ accountId, id, call, url, ...hidden, ...how })
      .onConflictDoUpdate({ target: deliveries.id, set: { ...how, ...hidden, updatedAt: new Date() } });
  }

  /** A delivery with what it was started with. */
  async get(accountId: number, id: string): Promise<(StoredDelivery & { delivery: unknown }) | undefined> {
    const mine = and(eq(deliveries.accountId, accountId), eq(deliveries.id, id));
    const [row] = await this.db
      .select({ ...shown, delivery: deliveries.delivery, sealed: deliveries.sealed })
      .from(deliveries)
      .where(mine);
    return row && this.sealer.show<{ delivery: unknown }, typeof row>(['deliveries', accountId, id], row);
  }

  /** How many of all accounts are on their way, and how many are dead letters: flow ends, or undo requests. */
  async undelivered(kind: 'flowEnd' | 'undo' = 'flowEnd'): Promise<{ pending: number; dead: number }> {
    const rows = await this.db
      .select({ state: deliveries.state, number: count() })
      .from(deliveries)
      .where(and(ne(deliveries.state, 'delivered'), kind === 'undo' ? IS_UNDO : not(IS_UNDO)))
      .groupBy(deliveries.state);
    const of = (state: DeliveryState) => rows.find((row) => row.state === state)?.number ?? 0;
    return { pending: of('pending'), dead: of('dead') };
  }

  /** Notes that a dead letter is sent again; whatever its workflow has noted since stays. */
  async sentAgain(accountId: number, id: string): Promise<void> {
    await this.db
      .update(deliveries)
      .set({ state: 'pending', detail: 'is sent again', updatedAt: new Date() })
      .where(and(eq(deliveries.accountId, accountId), eq(deliveries.id, id), eq(deliveries.state, 'dead')));
  }

  /** Those on their way to an endpoint, oldest first, from behind a place in the list. */
  async pendingAt(endpoint: Endpoint, after: number, limit: number): Promise<{ seq: number; call: string }[]> {
    const { accountId } = endpoint;
    return this.db
      .select({ seq: deliveries.seq, call: deliveries.call })
      .from(deliveries)
      .where(
        and(
          chosen(accountId, { state: 'pending' }),
          sql`${url} = ${endpoint.url}`,
          not(IS_UNDO),
          gt(deliveries.seq, after),
        ),
      )
      .orderBy(asc(deliveries.seq))
      .limit(limit);
  }

  /** An account's deliveries, newest first. */
  async list(accountId: number, page: PageRequest, only: OnlyDeliveries = {}): Promise<Page<StoredDelivery>> {
    const query = this.db
      .select({ ...shown, seq: deliveries.seq })
      .from(deliveries)
      .$dynamic();
    return pageOf(query, deliveries.seq, chosen(accountId, only), page, ({ seq: _seq, ...delivery }) => delivery);
  }
}

function chosen(accountId: number, { state, target, since }: OnlyDeliveries) {
  const below = ['/', '?'].map((end) => sql`starts_with(${url}, ${`${target ?? ''}${end}`})`);
  return and(
    eq(deliveries.accountId, accountId),
    state === undefined ? undefined : eq(deliveries.state, state),
    target === undefined ? undefined : or(sql`${url} = ${target}`, ...below),
    since === undefined ? undefined : gte(deliveries.createdAt, since),
  );
}
