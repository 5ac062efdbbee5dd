/**
 * Fails at once where a target cannot be connected to, rather than letting every call wait for it.
 * @module
 */

/** Connects that must fail in a row, with no success between, before a target's circuit opens. */
const FAILURES_TO_OPEN = 10;
/** Milliseconds that the row must last: a target that restarts in between is no outage. */
const SPAN_TO_OPEN = 2_000;
/** Milliseconds for which an open circuit lets nothing through; then one request tries, and decides the next spell. */
const OPEN_FOR = 5_000;
/** Origins kept in mind; flows choose hosts freely, so the oldest makes room. */
const MAX_ORIGINS = 1_000;

interface Row {
  failures: number;
  since: number;
  /** When the next request may try; undefined while the circuit is closed. */
  retryAt?: number;
}

/** The state of one target's circuit, for metrics. A target that is not listed is well. */
export interface BreakerState {
  origin: string;
  state: 'closed' | 'open' | 'halfOpen';
  failures: number;
}

/**
 * One circuit for each origin, shared by the calls of a worker. Only what happens before a connection stands counts
 * (DNS, TCP, TLS): a status, a reset or a slow answer may be the fault of one request, and must not stop those of others.
 */
export class CircuitBreaker {
  readonly #rows = new Map<string, Row>();

  /** @param now milliseconds of a clock that never goes back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether a request may go to the origin now. With the circuit open, one in each spell may. */
  admits(origin: string): boolean {
    const row = this.#rows.get(origin);
    if (row?.retryAt === undefined) return true;
    if (this.now() < row.retryAt) return false;
    row.retryAt = this.now() + OPEN_FOR;
    return true;
  }

  /** A connection to the origin stood, or an answer came. */
  succeeded(origin: string): void {
    this.#rows.delete(origin);
  }

  /** A connection to the origin could not be made. */
  failed(origin: string): void {
    const row = this.#rows.get(origin) ?? { failures: 0, since: this.now() };
    row.failures += 1;
    if (row.failures >= FAILURES_TO_OPEN && this.now() - row.since >= SPAN_TO_OPEN) {
      row.retryAt = this.now() + OPEN_FOR;
    }
    this.#rows.set(origin, row);
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > MAX_ORIGINS && oldest !== undefined) this.#rows.delete(oldest);
  }

  /** The circuits that have failures. */
  states(): BreakerState[] {
    return [...this.#rows].map(([origin, { failures, retryAt }]) => ({
      ...{ origin, failures },
      state: retryAt === undefined ? 'closed' : this.now() < retryAt ? 'open' : 'halfOpen',
    }));
  }
}
