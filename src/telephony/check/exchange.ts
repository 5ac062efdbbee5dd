/**
 * What a bridge under test said in one call: its events and the outcomes of commands, in the order in which they came.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';

/** How a command ended, as the bridge said it; `silent` when it did not say. */
export type Reply =
  | { result: unknown }
  | { error: string; message: string }
  /** Not taken within 5 s, alive no more, without an end, or answered by what is no answer; `why` in the transport's words. */
  | { silent: 'notTaken' | 'noHeartbeat' | 'noEnd' | 'noAnswer'; why?: string };

/** A reply, and when it came. Times in milliseconds of one clock, `order` counts with the events of the call. */
export type Outcome = Reply & { givenAt: number; at: number; order: number };

/** An event as it came; a bridge may send anything. */
export interface SeenEvent {
  event: Record<string, unknown>;
  at: number;
  order: number;
}

/** How often a wait looks, in milliseconds. */
const LOOK_MS = 20;

/** The record of one call. */
export class Exchange {
  readonly #events: SeenEvent[] = [];
  readonly #results: Outcome[] = [];
  #order = 0;

  /** Notes an event that came at `at`. */
  event(event: unknown, at: number): void {
    const fields = typeof event === 'object' && event !== null ? { ...event } : { value: event };
    this.#events.push({ event: fields, at, order: ++this.#order });
  }

  /** Notes a reply that came at `at`. */
  reply(reply: Reply, givenAt: number, at: number): Outcome {
    const outcome = { ...reply, givenAt, at, order: ++this.#order };
    this.#results.push(outcome);
    return outcome;
  }

  /** Every reply so far. */
  get outcomes(): readonly Outcome[] {
    return this.#results;
  }

  /** Every event as often as it came. */
  get raw(): readonly SeenEvent[] {
    return this.#events;
  }

  /** The events of one type and leg; one that was sent again, the same in every field, counts once. Contract B2. */
  events(type?: string, leg?: string): SeenEvent[] {
    const known = new Set<string>();
    return this.#events.filter(({ event }) => {
      const text = JSON.stringify(Object.entries(event).sort());
      if (known.has(text)) return false;
      known.add(text);
      return (type === undefined || event.type === type) && (leg === undefined || event.leg === leg);
    });
  }

  /** Waits for an event; undefined when `seconds` pass without it. */
  async until(type: string, leg: string, seconds: number): Promise<SeenEvent | undefined> {
    for (const end = Date.now() + seconds * 1000; ; await pause(LOOK_MS)) {
      const found = this.events(type, leg)[0];
      if (found || Date.now() >= end) return found;
    }
  }
}
