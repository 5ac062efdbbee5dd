/**
 * Addresses that try keys which are none are shut out for a while.
 * @module
 */

/** Wrong keys from one address after which it is shut out, when nothing else is said. */
const MAX_WRONG = 20;
/** Milliseconds for which wrong keys are remembered, and an address stays shut out. */
const WINDOW_MS = 5 * 60_000;
/** Addresses that are remembered at once; the oldest are forgotten first. */
const MAX_ADDRESSES = 10_000;

/** What this process has seen of wrong keys. */
export class Guesses {
  readonly #wrong = new Map<string, { count: number; until: number }>();

  /** @param maxWrong default 20 @param now milliseconds; `Date.now` by default */
  constructor(
    private readonly maxWrong: number = MAX_WRONG,
    private readonly now: () => number = Date.now,
  ) {}

  /** Seconds for which an address is still shut out; 0 when it is not. */
  shutOutFor(address: string): number {
    const seen = this.#wrong.get(address);
    if (!seen || seen.count < this.maxWrong) return 0;
    return Math.max(0, Math.ceil((seen.until - this.now()) / 1000));
  }

  /** Notes a wrong key. */
  wrong(address: string): void {
    const now = this.now();
    const seen = this.#wrong.get(address);
    const count = seen && seen.until > now ? seen.count + 1 : 1;
    this.#wrong.delete(address);
    this.#wrong.set(address, { count, until: now + WINDOW_MS });
    const [oldest] = this.#wrong.keys();
    if (this.#wrong.size > MAX_ADDRESSES && oldest !== undefined) this.#wrong.delete(oldest);
  }
}
