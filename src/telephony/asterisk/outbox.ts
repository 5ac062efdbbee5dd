/**
 * The events of one call on their way to its workflow, in order. An event is tried until it is taken or nobody needs it any more, also
 * by the next process of the bridge. Contract B2.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { BridgeEvent } from '../events.js';
import type { Journal } from './journal.js';

/** Brings one event; rejects when it is to be tried again. */
export type SendEvent = (workflowId: string, event: BridgeEvent, eventsUrl: string | undefined) => Promise<void>;

/** Pauses between attempts, in milliseconds; the last is repeated. */
const PAUSES_MS = [50, 100, 200, 500, 1000, 2000];
/** Milliseconds that a result waits for the events before it. Without them the call waits for itself, and then goes on. */
const RESULT_WAITS_MS = 5000;

/** The events of a call. */
export class Outbox {
  #sent: Promise<void> = Promise.resolve();
  #dropped = false;
  #waiting = 0;

  constructor(
    private readonly call: string,
    private readonly journal: Journal,
    private readonly send: (event: BridgeEvent) => Promise<void>,
  ) {}

  /** Queues an event. */
  add(event: BridgeEvent): void {
    this.journal.write({ call: this.call, event });
    this.queue(event);
  }

  /** Queues an event that the journal has already. */
  queue(event: BridgeEvent): void {
    this.#waiting++;
    this.#sent = this.#sent.then(() => this.#deliver(event)).finally(() => this.#waiting--);
  }

  /** Events that were not taken yet. */
  get waiting(): number {
    return this.#dropped ? 0 : this.#waiting;
  }

  /** Resolves when every event so far was taken, or after 5 s. */
  async flushed(): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      this.#sent,
      pause(RESULT_WAITS_MS, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
  }

  /** The call is forgotten: nothing more is sent. */
  drop(): void {
    this.#dropped = true;
  }

  async #deliver(event: BridgeEvent): Promise<void> {
    for (let attempt = 0; !this.#dropped; attempt++) {
      try {
        await this.send(event);
        this.journal.write({ call: this.call, sent: event.eventId });
        return;
      } catch {
        await pause(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)]);
      }
    }
  }
}
