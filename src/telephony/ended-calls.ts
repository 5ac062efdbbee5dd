/**
 * Calls that have ended, and when each may be forgotten. Contract B3.
 * @module
 */

/**
 * Milliseconds for which the results of an ended call are kept. A command whose result was lost is repeated within the
 * heartbeat time-out and ten attempts of at most 20 s: 4 minutes, plus an outage of the server.
 */
const KEPT_MS = 10 * 60_000;
/** Ended calls that are kept at most: a bridge with many calls forgets the oldest sooner. */
const KEPT = 10_000;

/** The ended calls of a bridge, oldest first. */
export class EndedCalls {
  readonly #endedAt = new Map<string, number>();

  /** @param forget drops all that is kept of a call */
  constructor(private readonly forget: (callId: string) => void) {}

  /** The last leg of a call has ended. */
  add(callId: string): void {
    this.delete(callId);
    this.#endedAt.set(callId, Date.now());
    for (const [oldest, at] of this.#endedAt) {
      if (Date.now() - at < KEPT_MS && this.#endedAt.size <= KEPT) return;
      this.delete(oldest);
      this.forget(oldest);
    }
  }

  /** A call dials again, or is gone. */
  delete(callId: string): void {
    this.#endedAt.delete(callId);
  }
}
