/**
 * Stored secrets of one account. Every method is a route of `docs/reference/api.md`.
 * @module
 */
import type { AccountClientOptions } from './account-client.js';
import { type ApiRequest, send } from './api-request.js';

/** A stored secret; no request gives its value. */
export interface StoredSecretName {
  name: string;
  /** ISO 8601. */
  createdAt: string;
  /** When its value was stored last. */
  updatedAt: string;
}

/** The stored secrets of one account. All methods throw {@link HooklineApiError} when the API says no. */
export class SecretClient {
  readonly #url: string;
  readonly #key: string;
  readonly #timeoutMs: number;

  constructor({ url, account, key, timeoutMs = 10_000 }: AccountClientOptions) {
    this.#url = `${url.replace(/\/+$/, '')}/v1/accounts/${account}/secrets`;
    this.#key = key;
    this.#timeoutMs = timeoutMs;
  }

  /** Stores the value of a secret, in place of the one before: at most 64 KiB. The deployment needs HOOKLINE_CODEC_KEYS. */
  setSecret(name: string, value: string): Promise<StoredSecretName> {
    return this.#send({ method: 'PUT', path: `/${encodeURIComponent(name)}`, body: { value } });
  }

  /** The secrets that are stored, by name. */
  async secrets(): Promise<StoredSecretName[]> {
    return (await this.#send<{ items: StoredSecretName[] }>({ method: 'GET', path: '' })).items;
  }

  /** Takes a stored secret away. */
  async deleteSecret(name: string): Promise<void> {
    await this.#send({ method: 'DELETE', path: `/${encodeURIComponent(name)}` });
  }

  #send<T>(request: ApiRequest): Promise<T> {
    return send<T>(this.#url, { ...request, headers: { authorization: `Bearer ${this.#key}` } }, this.#timeoutMs);
  }
}
