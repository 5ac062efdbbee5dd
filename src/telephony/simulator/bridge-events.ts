/**
 * Brings a leg's events to its call, in their order. Contract B2.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { BridgeEvent } from '../events.js';

/** An event without what every event has. */
export type EventWhat<E = BridgeEvent> = E extends BridgeEvent ? Omit<E, 'eventId' | 'seq' | 'at' | 'leg'> : never;

/** The pauses between attempts, in milliseconds: together 6 s, enough for a workflow that is only about to be started. */
const PAUSES_MS = [50, 100, 200, 400, 800, 1500, 3000];

/** The events of one leg: each is tried a few times, then given up, so that it never blocks those behind it. */
export class LegEvents {
  #seq = 0;
  #sent: Promise<void> = Promise.resolve();

  constructor(
    private readonly callId: string,
    private readonly leg: string,
    private readonly send: (event: BridgeEvent) => Promise<void>,
    private readonly lost: (event: BridgeEvent, reason: unknown) => void,
    private readonly pausesMs: readonly number[] = PAUSES_MS,
  ) {}

  /** Queues an event that happened at `at`. */
  emit(what: EventWhat, at: string): void {
    const seq = ++this.#seq;
    const event = { eventId: `${this.callId}/${this.leg}/${seq}`, seq, at, leg: this.leg, ...what };
    this.#sent = this.#sent.then(() => this.#deliver(event));
  }

  /** Resolves when every event so far has been brought, or given up. */
  sent(): Promise<void> {
    return this.#sent;
  }

  async #deliver(event: BridgeEvent): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.send(event);
      } catch (reason) {
        const gap = this.pausesMs[attempt];
        if (gap === undefined) return this.lost(event, reason);
        await pause(gap);
      }
    }
  }
}
