/**
 * What the store knows of secrets, kept in memory for seconds: a webhook need not wait for the store. Contract W3, D3.
 * @module
 */
import type { SecretReference } from '../flow/documents/account.js';
import type { Store } from '../store/store.js';
import type { StoredSecrets } from './secret-reader.js';

/** Milliseconds after which a value is asked for again: a rotated secret is in use by then. */
const FRESH_MS = 5000;
/** Milliseconds for which a value serves while the store does not answer. */
const KEPT_MS = 10 * 60_000;
/** Values at hand; with more of them the oldest are forgotten. */
const MAX_KEPT = 2000;

type References = Readonly<Record<string, SecretReference>>;

interface Look {
  at: number;
  value: Promise<unknown>;
}

/** The secrets of a store. */
export class KeptSecrets implements StoredSecrets {
  readonly #looks = new Map<string, Look>();

  /** @param now milliseconds; `Date.now` by default */
  constructor(
    private readonly store: () => Promise<Pick<Store, 'accounts' | 'secrets'>>,
    private readonly now: () => number = Date.now,
  ) {}

  value(accountId: number, name: string): Promise<string | undefined> {
    return this.#kept(`value ${accountId} ${name}`, async () => (await this.store()).secrets.value(accountId, name));
  }

  async hadBefore(accountId: number, name: string, reference: SecretReference): Promise<boolean> {
    const read = async () => (await this.store()).accounts.formerSecrets(accountId);
    const former: References = await this.#kept(`former ${accountId}`, read);
    const before = Object.hasOwn(former, name) ? former[name] : undefined;
    return before !== undefined && placeOf(before) === placeOf(reference);
  }

  /** What was read lately, or is read now; while the store does not answer, what was read last. */
  async #kept<T>(key: string, read: () => Promise<T>): Promise<T> {
    const last = this.#looks.get(key);
    if (last && this.now() - last.at < FRESH_MS) return last.value as Promise<T>;
    const value = read().catch((error: unknown) => {
      if (this.#looks.get(key)?.value === value) this.#looks.delete(key);
      if (last === undefined || this.now() - last.at >= KEPT_MS) throw error;
      // The next use asks the store again.
      this.#looks.set(key, last);
      return last.value as Promise<T>;
    });
    this.#looks.delete(key);
    this.#looks.set(key, { at: this.now(), value });
    const [oldest] = this.#looks.keys();
    if (this.#looks.size > MAX_KEPT && oldest !== undefined) this.#looks.delete(oldest);
    return value;
  }
}

function placeOf(reference: SecretReference): string {
  if ('stored' in reference) return 'stored';
  return 'env' in reference ? `env ${reference.env}` : `file ${reference.file}`;
}
