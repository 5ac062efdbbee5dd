/**
 * How much time of threads somebody has used of late.
 * @module
 */

/** Milliseconds in which a full measure is forgotten. */
const FORGOTTEN_IN_MS = 60_000;
/** Owners that are remembered; beyond, those who owe nothing any more are forgotten, then the oldest. */
const MAX_OWNERS = 10_000;

/** Milliseconds that were spent by owner: a measure that runs empty evenly, a full one in a minute. */
export class SpentTime<Owner> {
  readonly #spent = new Map<Owner, { ms: number; at: number }>();

  /**
   * @param limitMs what is not yet over the limit
   * @param now milliseconds on a clock that never goes back
   */
  constructor(
    private readonly limitMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  add(owner: Owner, ms: number): void {
    const spent = this.#of(owner) + ms;
    this.#spent.delete(owner);
    this.#spent.set(owner, { ms: spent, at: this.now() });
    if (this.#spent.size > MAX_OWNERS) this.#forget();
  }

  isOver(owner: Owner): boolean {
    return this.#of(owner) > this.limitMs;
  }

  #of(owner: Owner): number {
    const spent = this.#spent.get(owner);
    if (!spent) return 0;
    return Math.max(0, spent.ms - ((this.now() - spent.at) * this.limitMs) / FORGOTTEN_IN_MS);
  }

  #forget(): void {
    for (const owner of this.#spent.keys()) if (this.#of(owner) === 0) this.#spent.delete(owner);
    const [oldest] = this.#spent.keys();
    if (this.#spent.size > MAX_OWNERS && oldest !== undefined) this.#spent.delete(oldest);
  }
}
