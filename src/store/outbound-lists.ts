/**
 * What was asked for in outbound calls, and how far each call is, to look at. Contract F1.
 * @module
 */
import { and, asc, count, eq, inArray } from 'drizzle-orm';
import type { Database } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { outboundCalls, outboundRequests } from './schema.js';
import type { Sealer } from './sealer.js';

/** What of a call is sealed. */
export interface Private {
  clientIdentifier: string | null;
  /** The callee's numbers, tried in turn. */
  numbers: string[];
  variables: Record<string, string>;
}

/** A row of an outbound call. */
export type OutboundRow = typeof outboundCalls.$inferSelect;
/** An outbound call as kept. */
export type OutboundCall = Omit<OutboundRow, 'seq' | 'accountId' | 'sealed' | keyof Private> & Private;
/** The requests of accounts, with their calls. */
export class OutboundLists {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /** A request of an account. */
  async request(accountId: number, id: string): Promise<{ flowId: string; createdAt: Date } | undefined> {
    const mine = and(eq(outboundRequests.accountId, accountId), eq(outboundRequests.id, id));
    const { flowId, createdAt } = outboundRequests;
    const [row] = await this.db.select({ flowId, createdAt }).from(outboundRequests).where(mine);
    return row;
  }

  /** The calls of a request, in its order. */
  async calls(accountId: number, requestId: string): Promise<OutboundCall[]> {
    const rows = await this.db
      .select()
      .from(outboundCalls)
      .where(and(eq(outboundCalls.accountId, accountId), eq(outboundCalls.requestId, requestId)))
      .orderBy(asc(outboundCalls.seq));
    return Promise.all(rows.map((row) => readRow(this.sealer, row)));
  }

  /** An account's requests, newest first, each with how many of its calls are in each state. */
  async list(
    accountId: number,
    page: PageRequest,
  ): Promise<Page<{ id: string; flowId: string; createdAt: Date; calls: Record<string, number> }>> {
    const query = this.db.select().from(outboundRequests).$dynamic();
    const mine = eq(outboundRequests.accountId, accountId);
    const { items, next } = await pageOf(query, outboundRequests.seq, mine, page, (row) => row);
    const ids = items.map(({ id }) => id);
    const states = await this.db
      .select({ requestId: outboundCalls.requestId, state: outboundCalls.state, calls: count() })
      .from(outboundCalls)
      .where(inArray(outboundCalls.requestId, ids))
      .groupBy(outboundCalls.requestId, outboundCalls.state);
    const callsOf = (request: string) =>
      Object.fromEntries(
        states.filter(({ requestId }) => requestId === request).map(({ state, calls }) => [state, calls]),
      );
    return { items: items.map(({ id, flowId, createdAt }) => ({ id, flowId, createdAt, calls: callsOf(id) })), next };
  }
}

/** A call as it is kept. @throws HooklineError STORE_UNREADABLE */
export async function readRow(sealer: Sealer, row: OutboundRow): Promise<OutboundCall> {
  const { accountId, id } = row;
  return shown(await sealer.show<Private, OutboundRow>(['outbound_calls', accountId, id], row));
}

function shown({
  seq: _seq,
  accountId: _accountId,
  ...call
}: OutboundCall & Pick<OutboundRow, 'seq' | 'accountId'>): OutboundCall {
  return call;
}
