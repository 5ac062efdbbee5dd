/**
 * Events from the bridge: each once, and in `seq` order for each leg. Contract B2.
 * @module
 */
import { patched, sleep } from '@temporalio/workflow';
import type { BridgeEvent } from '../../telephony/events.js';

/** How long a gap in `seq` is waited for; then the later events count anyway, so that a lost one cannot hold up a hang-up. */
const GAP_MS = 1000;

/** The last events whose ids are known: older ones are known by their `seq`. */
const MAX_SEEN = 1000;

/** What an inbox hands to the next run of its call. */
export interface CarriedInbox {
  seen: string[];
  applied: [leg: string, seq: number][];
}

/** Records events as they come and passes them on in order. */
export class EventInbox {
  readonly #seen: Set<string>;
  readonly #applied: Map<string, number>;
  #waiting: BridgeEvent[] = [];
  #gapWatched = false;

  constructor(
    private readonly apply: (event: BridgeEvent) => void,
    { seen, applied }: CarriedInbox = { seen: [], applied: [] },
  ) {
    this.#seen = new Set(seen);
    this.#applied = new Map(applied);
  }

  /** Whether no event waits for an earlier one. */
  get settled(): boolean {
    return this.#waiting.length === 0;
  }

  /** For the next run of the call. */
  carried(): CarriedInbox {
    return { seen: [...this.#seen], applied: [...this.#applied] };
  }

  /** Takes one event; a repeated `eventId` is dropped. */
  record(event: BridgeEvent): void {
    if (this.#seen.has(event.eventId)) return;
    this.#remember(event.eventId);
    this.#waiting.push(event);
    this.#waiting.sort((a, b) => a.seq - b.seq);
    this.#passOn(false);
    if (this.#waiting.length > 0) this.#watchGap();
  }

  #remember(eventId: string): void {
    this.#seen.add(eventId);
    const [oldest] = this.#seen;
    if (this.#seen.size > MAX_SEEN && oldest !== undefined) this.#seen.delete(oldest);
  }

  /** One timer at a time: one for each event of a flood would fill the history. */
  #watchGap(): void {
    if (this.#gapWatched && patched('one-timer-for-gaps')) return;
    this.#gapWatched = true;
    const over = () => {
      this.#gapWatched = false;
      this.#passOn(true);
    };
    void sleep(GAP_MS, { summary: 'an event of the bridge is missing' }).then(over, over);
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
