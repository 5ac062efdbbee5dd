/**
 * The API as an integrator uses it: one account and one of its keys. Every method is a route of `docs/reference/api.md`.
 * @module
 */
import type { PathEntry, TimelineEntry } from '../engine/call-report.js';
import { send, type ApiRequest } from './api-request.js';

/** How an account is reached. */
export interface AccountClientOptions {
  /** Where the API listens, without a slash at its end. */
  url: string;
  account: number;
  /** A key of the account, with the scopes that the methods need, or the operator's. */
  key: string;
  /** Milliseconds for one request, default 10,000. */
  timeoutMs?: number;
}

/** A call to place. */
export interface PlaceCall {
  /** Id of an outbound flow. */
  flow: string;
  version?: 'published' | 'newest';
  /** A number, or up to 10 that are tried in turn. */
  to: string | string[];
  /** ISO 8601; default: now. */
  startAt?: string;
  clientIdentifier?: string;
  /** By full name: `$flow.key.NAME`. */
  variables?: Record<string, string>;
}

/** An outbound call as it stands. */
export interface PlacedCall {
  /** The call's UUID. */
  id: string;
  clientIdentifier: string | null;
  numbers: string[];
  startAt: string;
  state: 'waiting' | 'placing' | 'placed' | 'ended' | 'cancelled' | 'refused';
  /** Workflow id, once it is placed. */
  call: string | null;
  outcome: string | null;
  refusal: string | null;
}

/** A call as it is now. */
export interface LiveCall {
  call: string;
  state: 'running' | 'ended';
  outcome: string | null;
  /** The widget that runs. */
  position: string | null;
  path: PathEntry[];
  variables: Record<string, string>;
  timeline: TimelineEntry[];
}

/** What a call left behind. */
export interface Report {
  call: string;
  uuid: string;
  flow: string;
  flowVersion: number | null;
  direction: 'inbound' | 'outbound';
  from: string;
  to: string;
  outcome: string;
  error: { code: string; message: string; widget: string | null } | null;
  path: PathEntry[];
  /** What widgets with `persist` wrote, and what the flow reports. */
  persisted: Record<string, string>;
  startedAt: string;
  endedAt: string;
}

/** What a document could do better, such as a credential within it. */
export interface Warning {
  code: string;
  /** JSON pointer of the place. */
  pointer: string;
  message: string;
}

/**
 * One account. All methods throw {@link HooklineApiError} when the API says no.
 *
 * @example
 * const shop = new AccountClient({ url: 'http://127.0.0.1:8180', account: 163, key: process.env.HOOKLINE_API_KEY });
 * const { request } = await shop.placeCall({ flow: 'reminder', to: '919800000001' }, { idempotencyKey: 'order-1001' });
 * const [call] = await shop.outboundCalls(request);
 */
export class AccountClient {
  readonly #url: string;
  readonly #key: string;
  readonly #timeoutMs: number;

  constructor({ url, account, key, timeoutMs = 10_000 }: AccountClientOptions) {
    this.#url = `${url.replace(/\/+$/, '')}/v1/accounts/${account}`;
    this.#key = key;
    this.#timeoutMs = timeoutMs;
  }

  /** Places a call, now or later. With an idempotency key it is placed once, however often this is repeated. */
  placeCall(
    call: PlaceCall,
    { idempotencyKey }: { idempotencyKey?: string } = {},
  ): Promise<{ id: string; request: string }> {
    const headers: Record<string, string> = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
    return this.#send({ method: 'POST', path: '/calls', body: call, headers });
  }

  /** The calls of a request, in its order. */
  async outboundCalls(request: string): Promise<PlacedCall[]> {
    const { calls } = await this.#send<{ calls: PlacedCall[] }>({
      method: 'GET',
      path: `/outbound/${segment(request)}`,
    });
    return calls;
  }

  /** Takes back the calls of a request that are not placed yet; gives how many. */
  async cancelOutbound(request: string): Promise<number> {
    const path = `/outbound/${segment(request)}/cancel`;
    return (await this.#send<{ cancelled: number }>({ method: 'POST', path })).cancelled;
  }

  /** A call as it is now. */
  call(call: string): Promise<LiveCall> {
    return this.#send({ method: 'GET', path: `/calls/${segment(call)}` });
  }

  /** Ends a call: legs are hung up, and the flow end is delivered. */
  async endCall(call: string): Promise<void> {
    await this.#send({ method: 'POST', path: `/calls/${segment(call)}/end` });
  }

  /** What a call left behind. */
  report(call: string): Promise<Report> {
    return this.#send({ method: 'GET', path: `/reports/${segment(call)}` });
  }

  /** Reports, newest first, 200 at most; `next` is the `after` of the page that follows. Times are days of the account's zone or moments. */
  reports(
    only: { flow?: string; outcome?: string; from?: string; to?: string; udf?: string; after?: string } = {},
  ): Promise<{ items: Report[]; next: string | null }> {
    return this.#send({ method: 'GET', path: `/reports?${new URLSearchParams({ limit: '200', ...only }).toString()}` });
  }

  /**
   * Waits until a call has ended, and gives it as it is then.
   * @param seconds how long at most, default 4 hours; @throws {Error} when the call runs on
   */
  async waitForEnd(call: string, seconds = 4 * 3600): Promise<LiveCall> {
    const until = Date.now() + seconds * 1000;
    for (let gap = 250; ; gap = Math.min(gap * 2, 5000)) {
      const seen = await this.call(call);
      if (seen.state === 'ended') return seen;
      if (Date.now() + gap > until) throw new Error(`The call ${call} has not ended within ${seconds} seconds.`);
      await new Promise((resolve) => setTimeout(resolve, gap));
    }
  }

  /** Keeps a flow document as the next version; the same as the newest makes no other. */
  saveFlow(document: object): Promise<{ id: string; version: number; warnings: Warning[] }> {
    return this.#send({ method: 'POST', path: '/flows', body: document });
  }

  /** Makes calls that start from now on run this version. */
  async publishFlow(flow: string, version: number): Promise<void> {
    await this.#send({ method: 'POST', path: `/flows/${segment(flow)}/publish`, body: { version } });
  }

  /** Goes back to the version that was published before; gives its number. */
  async rollbackFlow(flow: string): Promise<number> {
    return (await this.#send<{ published: number }>({ method: 'POST', path: `/flows/${segment(flow)}/rollback` }))
      .published;
  }

  /** The document of a version; undefined when there is no such version. */
  async flowVersion(
    flow: string,
    which: number | 'published' | 'newest',
  ): Promise<{ version: number; document: object } | undefined> {
    try {
      return await this.#send({ method: 'GET', path: `/flows/${segment(flow)}/versions/${which}` });
    } catch (error) {
      if ((error as { code?: string }).code === 'FLOW_UNKNOWN') return undefined;
      throw error;
    }
  }

  /** The account's flows, newest first, 200 at most. */
  async flows(): Promise<{ id: string; name: string; newest: number; published: number | null }[]> {
    type Flows = { items: { id: string; name: string; newest: number; published: number | null }[] };
    return (await this.#send<Flows>({ method: 'GET', path: '/flows?limit=200' })).items;
  }

  #send<T>(request: ApiRequest): Promise<T> {
    const headers = { ...request.headers, authorization: `Bearer ${this.#key}` };
    return send<T>(this.#url, { ...request, headers }, this.#timeoutMs);
  }
}

function segment(text: string): string {
  return encodeURIComponent(text);
}
