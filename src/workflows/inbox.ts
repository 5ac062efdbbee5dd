/**
 * Events from the bridge: each once, and in `seq` order for each leg. Contract B2.
 * @module
 */
import { sleep } from '@temporalio/workflow';
import type { BridgeEvent } from '../telephony/events.js';

/** How long a gap in `seq` is waited for; then the later events count all the same, so that a lost one cannot hold up a hang-up. */
const GAP_MS = 1000;

/** Records events as they come and passes them on in order. */
export class EventInbox {
  readonly #seen = new Set<string>();
  readonly #applied = new Map<string, number>();
  #waiting: BridgeEvent[] = [];

  constructor(private readonly apply: (event: BridgeEvent) => void) {}

  /** Takes one event; a repeated `eventId` is dropped. */
  record(event: BridgeEvent): void {
    if (this.#seen.has(event.eventId)) return;
    this.#seen.add(event.eventId);
    this.#waiting.push(event);
    this.#waiting.sort((a, b) => a.seq - b.seq);
    this.#passOn(false);
    if (this.#waiting.length === 0) return;
    void sleep(GAP_MS, { summary: 'an event of the bridge is missing' }).then(
      () => this.#passOn(true),
      () => this.#passOn(true),
    );
  }

  #passOn(overGaps: boolean): void {
    const rest: BridgeEvent[] = [];
    for (const event of this.#waiting) {
      const applied = this.#applied.get(event.leg) ?? 0;
      if (!overGaps && event.seq > applied + 1) rest.push(event);
      else if (event.seq > applied) {
        this.#applied.set(event.leg, event.seq);
        this.apply(event);
      }
    }
    this.#waiting = rest;
  }
}
