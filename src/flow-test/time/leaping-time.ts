/**
 * A simulated bridge and the time of a time-skipping server. Contract D6.
 * @module
 */
import { setImmediate as settled } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { BridgeCommand } from '../../telephony/commands.js';
import { TimeLocks } from '../../temporal/servers/time-locks.js';
import { testServiceOf } from '../../temporal/servers/time-skipping.js';

/**
 * Lets the server's time leap while the clock of a call sleeps, and at no other moment: the commands of a call that are under way
 * wait for its clock.
 */
export class LeapingTime {
  readonly #calls = new Map<string, TimeLocks>();
  readonly #commands = new Set<string>();
  #events = 0;

  constructor(private readonly env: TestWorkflowEnvironment) {}

  /** Carries a command out: the server has one lock for it, however often it is asked for meanwhile. */
  async duringCommand<T>({ commandId }: BridgeCommand, carryOut: () => Promise<T>): Promise<T> {
    if (this.#commands.has(commandId)) return carryOut();
    this.#commands.add(commandId);
    try {
      return await this.locksOf(commandId.slice(0, commandId.lastIndexOf('/'))).during(carryOut);
    } finally {
      this.#commands.delete(commandId);
    }
  }

  /** Brings an event to its call; the sleep or the command that led to it holds time so long. */
  async duringEvent(workflowId: string, bring: () => Promise<void>): Promise<void> {
    this.#events += 1;
    return this.duringQuestion(workflowId, bring).finally(() => (this.#events -= 1));
  }

  /** Asks a call how far it is; the commands that wait for the answer hold time so long. */
  duringQuestion<T>(workflowId: string, ask: () => Promise<T>): Promise<T> {
    return this.locksOf(workflowId).hold(ask);
  }

  /** Sleeps on the clock of a call. */
  sleep(ms: number, signal: AbortSignal, workflowId: string): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return this.locksOf(workflowId).pass(ms, signal, () => this.#eventsAreThere());
  }

  /** The locks of a call's commands. */
  locksOf(workflowId: string): TimeLocks {
    const known = this.#calls.get(workflowId) ?? new TimeLocks(testServiceOf(this.env));
    this.#calls.set(workflowId, known);
    return known;
  }

  /** Waits for the events that the end of a sleep has led to, so that the call receives them before time moves on. */
  async #eventsAreThere(): Promise<void> {
    do await settled();
    while (this.#events > 0);
  }
}
