/**
 * A simulated bridge and the time of a time-skipping server. Contract D6.
 * @module
 */
import { setImmediate as settled } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { TimeLocks } from '../../temporal/servers/time-locks.js';
import { testServiceOf } from '../../temporal/servers/time-skipping.js';

/**
 * Lets the server's time leap while the clock of a call sleeps, and at no other moment: the commands of a call that are under way
 * wait for its clock.
 */
export class LeapingTime {
  readonly #calls = new Map<string, TimeLocks>();
  #events = 0;

  constructor(private readonly env: TestWorkflowEnvironment) {}

  /** Carries a command out: the server has a lock for it. */
  duringCommand<T>(callId: string, carryOut: () => Promise<T>): Promise<T> {
    return this.#locksOf(callId).during(carryOut);
  }

  /** Brings an event to its call; the sleep that led to it holds time so long. */
  async duringEvent(bring: () => Promise<void>): Promise<void> {
    this.#events += 1;
    return bring().finally(() => (this.#events -= 1));
  }

  /** Sleeps on the clock of a call. */
  sleep(ms: number, signal: AbortSignal, callId: string): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return this.#locksOf(callId).pass(ms, signal, () => this.#eventsAreThere());
  }

  #locksOf(callId: string): TimeLocks {
    const known = this.#calls.get(callId) ?? new TimeLocks(testServiceOf(this.env));
    this.#calls.set(callId, known);
    return known;
  }

  /** Waits for the events that the end of a sleep has led to, so that the call receives them before time moves on. */
  async #eventsAreThere(): Promise<void> {
    do await settled();
    while (this.#events > 0);
  }
}
