/**
 * Deliveries of flow ends as an integrator or operator sees them. Every method is a route of `docs/reference/api.md`.
 * @module
 */
import type { AccountClientOptions } from './account-client.js';
import { type ApiRequest, send } from './api-request.js';

/** A flow end that left its call, or the undo requests that did. */
export interface Delivery {
  /** The `webhook-id`; of undo requests the workflow that sends them. */
  id: string;
  kind: 'flowEnd' | 'undo';
  call: string;
  url: string | null;
  state: 'pending' | 'delivered' | 'dead';
  attempts: number;
  /** Of the last attempt. */
  detail: string;
  createdAt: string;
  updatedAt: string;
}

/** One attempt to deliver a flow end. */
export interface DeliveryAttempt {
  by: 'call' | 'delivery' | 'replay';
  at: string;
  /** Null: no answer came. */
  status: number | null;
  detail: string;
  durationMs: number;
  /** The first KB of the answer's body. */
  answer: string | null;
}

/** Which deliveries are meant. */
export interface DeliveryFilter {
  state?: Delivery['state'] | undefined;
  /** An origin, or how the URL begins. */
  target?: string | undefined;
  /** ISO 8601. */
  since?: string | undefined;
}

/** Where flow ends fail to arrive. */
export interface FailingEndpoint {
  id: number;
  account: number;
  url: string;
  /** Attempts that failed in a row. */
  failures: number;
  failingSince: string;
  detail: string;
  /** Null: it is not paused. */
  pausedAt: string | null;
  probes: number;
  probeAt: string | null;
}

/** A page of a list. */
interface Page<T> {
  items: T[];
  next: string | null;
}

/** The deliveries of one account. All methods throw {@link HooklineApiError} when the API says no. */
export class DeliveryClient {
  readonly #url: string;
  readonly #key: string;
  readonly #timeoutMs: number;

  constructor({ url, account, key, timeoutMs = 10_000 }: AccountClientOptions) {
    this.#url = `${url.replace(/\/+$/, '')}/v1/accounts/${account}`;
    this.#key = key;
    this.#timeoutMs = timeoutMs;
  }

  /** All flow ends that were not delivered with their calls, newest first. */
  async deliveries(filter: DeliveryFilter = {}): Promise<Delivery[]> {
    const found: Delivery[] = [];
    for (let after: string | null = ''; after !== null;) {
      const given = Object.entries({ ...filter, limit: '200', after }).flatMap(([name, value]) =>
        value ? [[name, value]] : [],
      );
      const path = `/deliveries?${new URLSearchParams(given).toString()}`;
      const page: Page<Delivery> = await this.#send({ method: 'GET', path });
      found.push(...page.items);
      after = page.next;
    }
    return found;
  }

  /** Every attempt for a call, and how the delivery stands if it left the call. */
  delivery(call: string): Promise<{ call: string; delivery: Delivery | null; attempts: DeliveryAttempt[] }> {
    return this.#send({ method: 'GET', path: `/calls/${encodeURIComponent(call)}/delivery` });
  }

  /** Sends dead letters again: one, or up to `limit` (1 to 200) that a filter finds; gives their ids. */
  async replay(
    which: { id: string } | Omit<DeliveryFilter, 'state'>,
    { limit = 200, perSecond = 5 }: { limit?: number; perSecond?: number } = {},
  ): Promise<string[]> {
    const body = { ...which, limit, perSecond };
    return (await this.#send<{ replayed: string[] }>({ method: 'POST', path: '/deliveries/replay', body })).replayed;
  }

  /** Endpoints whose last flow end failed, 200 at most. */
  async endpoints(): Promise<FailingEndpoint[]> {
    return (await this.#send<Page<FailingEndpoint>>({ method: 'GET', path: '/endpoints?limit=200' })).items;
  }

  /** Ends the pause of an endpoint; gives how it stood. */
  resumeEndpoint(id: number): Promise<FailingEndpoint> {
    return this.#send({ method: 'POST', path: `/endpoints/${id}/resume` });
  }

  #send<T>(request: ApiRequest): Promise<T> {
    return send<T>(this.#url, { ...request, headers: { authorization: `Bearer ${this.#key}` } }, this.#timeoutMs);
  }
}
