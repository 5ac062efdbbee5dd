/**
 * The numbers that callers dial (DIDs) and the flows that they begin. Every method is a route of `docs/reference/api.md`, for the
 * operator's key. Contract B1.
 * @module
 */
import { type ApiRequest, send } from './api-request.js';

/** A number and the flow that it begins. */
export interface Did {
  /** Stands for the number in paths. */
  id: number;
  /** As it was given. */
  number: string;
  account: number;
  /** Id of a flow of the account. */
  flow: string;
  /** ISO 8601. */
  createdAt: string;
  /** When it was given last. */
  updatedAt: string;
}

/** How an operator reaches the API. */
export interface OperatorClientOptions {
  /** Where the API listens, without a slash at its end. */
  url: string;
  /** The operator's key. */
  key: string;
  /** Milliseconds for one request, default 10,000. */
  timeoutMs?: number;
}

/** The numbers of the deployment. All methods throw {@link HooklineApiError} when the API says no. */
export class DidClient {
  readonly #url: string;
  readonly #key: string;
  readonly #timeoutMs: number;

  constructor({ url, key, timeoutMs = 10_000 }: OperatorClientOptions) {
    this.#url = `${url.replace(/\/+$/, '')}/v1/dids`;
    this.#key = key;
    this.#timeoutMs = timeoutMs;
  }

  /** Gives a number to an inbound flow, in place of the one before: calls that arrive from now on begin it. */
  setDid(number: string, target: { account: number; flow: string }): Promise<Did> {
    return this.#send({ method: 'PUT', path: '', body: { number, ...target } });
  }

  /** All numbers of an account or, without one, of all accounts, newest first. */
  async dids({ account }: { account?: number | undefined } = {}): Promise<Did[]> {
    const found: Did[] = [];
    for (let after: string | null = ''; after !== null;) {
      const given = { limit: '200', ...(account && { account: String(account) }), ...(after && { after }) };
      const page: { items: Did[]; next: string | null } = await this.#send({
        method: 'GET',
        path: `?${new URLSearchParams(given).toString()}`,
      });
      found.push(...page.items);
      after = page.next;
    }
    return found;
  }

  /** Takes a number away, by its id: calls to it are refused. */
  async deleteDid(id: number): Promise<void> {
    await this.#send({ method: 'DELETE', path: `/${id}` });
  }

  #send<T>(request: ApiRequest): Promise<T> {
    return send<T>(this.#url, { ...request, headers: { authorization: `Bearer ${this.#key}` } }, this.#timeoutMs);
  }
}
