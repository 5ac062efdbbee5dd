/**
 * What was worked out lately and may be needed again, within a limit: what was used least recently goes first.
 * @module
 */

/** Values by key. A value that is given out again must not be changed by who gets it. */
export class RecentlyUsed<V> {
  readonly #entries = new Map<string, { value: V; weight: number }>();
  #weight = 0;

  /** @param limit of the weights of all values together */
  constructor(private readonly limit: number) {}

  /** Whether something is kept under this key. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Drops what is kept under this key, if anything is. */
  forget(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }

  /** The value kept under this key, else the one that `make` gives, which is kept from now on. */
  getOrMake(key: string, make: () => V, weight = 1): V {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const value = make();
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const [oldest, entry] of this.#entries) {
      if (this.#weight <= this.limit) break;
      this.#entries.delete(oldest);
      this.#weight -= entry.weight;
    }
    return value;
  }
}
