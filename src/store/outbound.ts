/**
 * Outbound calls: what was asked for, and how far each call is. Contract F1.
 * @module
 */
import { and, asc, count, eq, inArray, isNull, lte, min, notInArray, sql } from 'drizzle-orm';
import type { Outcome } from '../engine/call-report.js';
import { HooklineError } from '../flow/errors.js';
import { type Database, isDuplicate, oneAtATime } from './database.js';
import { OutboundLists, type OutboundRow, type Private, readRow } from './outbound-lists.js';
import { outboundCalls, outboundRequests, type OutboundState } from './schema.js';
import type { Sealer } from './sealer.js';

/** A request for calls. */
export interface OutboundRequest {
  id: string;
  flowId: string;
  /** Null: the version that is published when a call is placed. */
  flowVersion: number | null;
  /** Of the request's body: one that came before is refused. */
  checksum: string | null;
  /** The idempotency key of what asked; the same gives the same request. */
  origin: string | null;
}

/** A call that is asked for. */
export interface NewOutboundCall extends Private {
  id: string;
  startAt: Date;
  /** Which of its values are sensitive, as `WantedCall` has them; default: none. Contract V7. */
  sensitive?: string[] | null;
}

/** A call that is to be placed, with the flow that it runs. */
export type DueCall = NewOutboundCall & Pick<OutboundRequest, 'flowId' | 'flowVersion'>;

/** Calls that are not placed yet. */
const OPEN = ['waiting', 'placing'] as const;

/** The outbound calls of all accounts. */
export class Outbound {
  /** What was asked for, to look at. */
  readonly lists: OutboundLists;

  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {
    this.lists = new OutboundLists(db, sealer);
  }

  /**
   * Keeps a request with its calls, all or none. `repeated`: its checksum was there before. With an `origin` that was there
   * before nothing is written, and the calls of then are given.
   */
  async create(
    accountId: number,
    request: OutboundRequest,
    calls: readonly NewOutboundCall[],
    beforeCommit: () => Promise<void>,
  ): Promise<{ repeated: boolean; request: string; calls: string[] }> {
    const rows = await Promise.all(calls.map((call) => this.#hide(accountId, request.id, call)));
    const checksum = this.#checksum(accountId, request.checksum);
    const taken = await this.db
      .transaction(async (tx) => {
        if (await this.#isKept(tx, accountId, request.checksum)) return false;
        await tx.insert(outboundRequests).values({ accountId, ...request, checksum });
        await tx.insert(outboundCalls).values(rows);
        await beforeCommit();
        return true;
      })
      .catch((error: unknown) => {
        if (isDuplicate(error)) return false;
        throw error;
      });
    if (taken) return { repeated: false, request: request.id, calls: calls.map(({ id }) => id) };
    const first = request.origin === null ? undefined : await this.#byOrigin(request.origin);
    if (!first) return { repeated: true, request: request.id, calls: [] };
    const before = await this.lists.calls(accountId, first);
    return { repeated: false, request: first, calls: before.map(({ id }) => id) };
  }

  /**
   * Takes calls whose time has come, those first whose placing was cut off. A call whose row cannot be read is left as it
   * is, and stops no other; `unreadable` counts those that were met.
   */
  async take(accountId: number, limit: number, now: Date): Promise<{ due: DueCall[]; unreadable: number }> {
    const unreadable: string[] = [];
    for (;;) {
      const rows = await this.#due(accountId, limit, now, unreadable);
      const shown = await Promise.allSettled(rows.map((row) => readRow(this.sealer, row)));
      const fresh = rows.filter((_row, index) => isUnreadable(shown[index]));
      if (fresh.length === 0) return { due: await this.#takeAll(rows), unreadable: unreadable.length };
      unreadable.push(...fresh.map(({ id }) => id));
    }
  }

  /** The first rows that are due, without those of these ids. */
  async #due(accountId: number, limit: number, now: Date, without: readonly string[]): Promise<OutboundRow[]> {
    const open = and(eq(outboundCalls.accountId, accountId), inArray(outboundCalls.state, [...OPEN]));
    return this.db
      .select()
      .from(outboundCalls)
      .where(and(open, lte(outboundCalls.startAt, now), notInArray(outboundCalls.id, [...without])))
      .orderBy(asc(outboundCalls.state), asc(outboundCalls.startAt), asc(outboundCalls.seq))
      .limit(limit);
  }

  async #takeAll(rows: readonly OutboundRow[]): Promise<DueCall[]> {
    const ids = rows.map(({ id }) => id);
    const stillOpen = and(inArray(outboundCalls.id, ids), inArray(outboundCalls.state, [...OPEN]));
    const taken = await this.db.update(outboundCalls).set({ state: 'placing' }).where(stillOpen).returning();
    if (taken.length === 0) return [];
    const requests = await this.db
      .select()
      .from(outboundRequests)
      .where(inArray(outboundRequests.id, [...new Set(taken.map(({ requestId }) => requestId))]));
    const flowOf = new Map(requests.map(({ id, flowId, flowVersion }) => [id, { flowId, flowVersion }]));
    const calls = await Promise.all(taken.sort((a, b) => a.seq - b.seq).map((row) => readRow(this.sealer, row)));
    return calls.flatMap(({ requestId, ...call }) => {
      const flow = flowOf.get(requestId);
      return flow ? [{ ...call, ...flow }] : [];
    });
  }

  /** Notes that a call runs, under its workflow id. A call that has ended meanwhile stays ended. */
  async placed(id: string, call: string): Promise<void> {
    const state = sql<OutboundState>`case ${outboundCalls.state} when 'placing' then 'placed' else ${outboundCalls.state} end`;
    await this.db
      .update(outboundCalls)
      .set({ state, call, placedAt: new Date() })
      .where(
        and(eq(outboundCalls.id, id), inArray(outboundCalls.state, ['placing', 'ended']), isNull(outboundCalls.call)),
      );
  }

  /** Notes that a call can not be placed, and why. */
  async refused(id: string, refusal: string): Promise<void> {
    await this.db
      .update(outboundCalls)
      .set({ state: 'refused', refusal, endedAt: new Date() })
      .where(and(eq(outboundCalls.id, id), inArray(outboundCalls.state, [...OPEN])));
  }

  /** Notes how a call ended, under its workflow id: it may end before {@link placed} is noted. `outcome` null: nobody knows. */
  async ended(id: string, call: string, outcome: Outcome | null): Promise<void> {
    await this.db
      .update(outboundCalls)
      .set({ state: 'ended', call, outcome, endedAt: new Date() })
      .where(and(eq(outboundCalls.id, id), inArray(outboundCalls.state, ['placing', 'placed'])));
  }

  /** Calls that are under way, oldest first. */
  async underWay(
    accountId: number,
    limit: number,
  ): Promise<{ id: string; call: string | null; placedAt: Date | null }[]> {
    return this.db
      .select({ id: outboundCalls.id, call: outboundCalls.call, placedAt: outboundCalls.placedAt })
      .from(outboundCalls)
      .where(and(eq(outboundCalls.accountId, accountId), eq(outboundCalls.state, 'placed')))
      .orderBy(asc(outboundCalls.placedAt))
      .limit(limit);
  }

  /** How many calls of all accounts wait, and how many are under way. */
  async open(): Promise<{ waiting: number; underWay: number }> {
    const rows = await this.db
      .select({ state: outboundCalls.state, calls: count() })
      .from(outboundCalls)
      .where(inArray(outboundCalls.state, [...OPEN, 'placed']))
      .groupBy(outboundCalls.state);
    const underWay = rows.find(({ state }) => state === 'placed')?.calls ?? 0;
    return { waiting: rows.reduce((sum, { calls }) => sum + calls, 0) - underWay, underWay };
  }

  /** How many calls are under way and how many wait, and when the first of these is due. */
  async standing(accountId: number): Promise<{ underWay: number; waiting: number; nextAt: Date | null }> {
    const rows = await this.db
      .select({ state: outboundCalls.state, calls: count(), nextAt: min(outboundCalls.startAt) })
      .from(outboundCalls)
      .where(and(eq(outboundCalls.accountId, accountId), inArray(outboundCalls.state, [...OPEN, 'placed'])))
      .groupBy(outboundCalls.state);
    const waiting = rows.filter(({ state }) => state !== 'placed');
    const times = waiting.flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt.getTime()]));
    return {
      underWay: rows.find(({ state }) => state === 'placed')?.calls ?? 0,
      waiting: waiting.reduce((sum, { calls }) => sum + calls, 0),
      nextAt: times.length === 0 ? null : new Date(Math.min(...times)),
    };
  }

  /** Accounts that have calls which are not placed yet. */
  async accountsWaiting(): Promise<number[]> {
    const rows = await this.db
      .selectDistinct({ accountId: outboundCalls.accountId })
      .from(outboundCalls)
      .where(inArray(outboundCalls.state, [...OPEN]));
    return rows.map(({ accountId }) => accountId);
  }

  /** Takes back a request's calls that are not placed yet; how many those were. Undefined when there is no such request. */
  async cancel(accountId: number, requestId: string): Promise<number | undefined> {
    if (!(await this.lists.request(accountId, requestId))) return undefined;
    const gone = await this.db
      .update(outboundCalls)
      .set({ state: 'cancelled', endedAt: new Date() })
      .where(and(eq(outboundCalls.requestId, requestId), eq(outboundCalls.state, 'waiting')))
      .returning({ id: outboundCalls.id });
    return gone.length;
  }

  async #hide(accountId: number, requestId: string, { id, startAt, sensitive = null, ...columns }: NewOutboundCall) {
    const hidden = await this.sealer.hide<Private>(['outbound_calls', accountId, id], columns);
    return { ...hidden, accountId, requestId, id, startAt, sensitive };
  }

  /** A checksum is one of numbers, which can be guessed: so it is hashed with the key. */
  #checksum(accountId: number, checksum: string | null): string | null {
    return checksum === null ? null : this.sealer.token(['outbound_requests.checksum', accountId], checksum);
  }

  /** Whether a checksum was there before, also under another key, which no unique column shows. */
  async #isKept(tx: Pick<Database, 'execute' | 'select'>, accountId: number, checksum: string | null) {
    if (checksum === null) return false;
    const place = ['outbound_requests.checksum', accountId] as const;
    await oneAtATime(tx, [...place, checksum]);
    const kept = inArray(outboundRequests.checksum, this.sealer.tokens(place, checksum));
    const mine = and(eq(outboundRequests.accountId, accountId), kept);
    return (await tx.select({ id: outboundRequests.id }).from(outboundRequests).where(mine)).length > 0;
  }

  async #byOrigin(origin: string): Promise<string | undefined> {
    const [row] = await this.db
      .select({ id: outboundRequests.id })
      .from(outboundRequests)
      .where(eq(outboundRequests.origin, origin));
    return row?.id;
  }
}

/** @throws what is not a row that cannot be read */
function isUnreadable(shown: PromiseSettledResult<unknown> | undefined): boolean {
  if (shown?.status !== 'rejected') return false;
  const error: unknown = shown.reason;
  if (error instanceof HooklineError && error.code === 'STORE_UNREADABLE') return true;
  throw error;
}
