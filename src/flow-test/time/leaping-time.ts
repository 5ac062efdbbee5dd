/**
 * A simulated bridge and the time of a time-skipping server. Contract D6.
 * @module
 */
import { setImmediate as settled } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Sleep } from '../../telephony/simulator/sim-clock.js';

/**
 * Lets the server's time leap while a bridge sleeps, and at no other moment. The server counts locks: an activity or a
 * workflow task under way adds one, a sleep takes one, and time leaps while none is left. One taken too many fails whatever
 * the server does next, and time stands still for ever.
 */
export class LeapingTime {
  readonly #lock: () => Promise<unknown>;
  readonly #unlock: () => Promise<unknown>;
  #commands = 0;
  #events = 0;

  constructor(private readonly env: TestWorkflowEnvironment) {
    const { testService } = env.connection;
    if (!testService) throw new TypeError('This is no time-skipping server.');
    this.#lock = () => testService.lockTimeSkipping({});
    this.#unlock = () => testService.unlockTimeSkipping({});
  }

  /** Carries a command out: the server has a lock for it. */
  async duringCommand<T>(carryOut: () => Promise<T>): Promise<T> {
    this.#commands += 1;
    return carryOut().finally(() => (this.#commands -= 1));
  }

  /** Brings an event to its call; the sleep that led to it keeps its lock so long. */
  async duringEvent(bring: () => Promise<void>): Promise<void> {
    this.#events += 1;
    return bring().finally(() => (this.#events -= 1));
  }

  /**
   * A sleep takes the lock of a command that is under way, and without one it brings its own; and when it is given up, which
   * the server does not notice, another lock stands in for it until it is over.
   */
  readonly sleep: Sleep = async (ms, signal) => {
    const bringsLock = this.#commands === 0;
    if (bringsLock) await this.#lock();
    const over = signal.aborted ? Promise.resolve() : this.env.sleep(ms);
    let standsIn: Promise<unknown> | undefined;
    const givenUp = () => {
      standsIn = this.#lock();
    };
    signal.addEventListener('abort', givenUp, { once: true });
    try {
      await over;
    } finally {
      signal.removeEventListener('abort', givenUp);
      if (standsIn) await standsIn.then(() => this.#unlock());
      // A failure belongs to a server that is gone.
      if (bringsLock)
        void this.#eventsAreThere()
          .then(this.#unlock)
          .catch(() => undefined);
    }
  };

  /** Waits for the events that the end of a sleep has led to, so that the call receives them before time moves on. */
  async #eventsAreThere(): Promise<void> {
    do await settled();
    while (this.#events > 0);
  }
}
