/**
 * The locks of a time-skipping server. Its time leaps while it counts none; each workflow task and each activity that is under way
 * adds one, and one more is there from the start, until somebody awaits a result.
 * @module
 */
import { setImmediate as settled } from 'node:timers/promises';
import type { TestService } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

/**
 * Locks that work of this process has on the server, and that it lends while it only waits. Each is taken back, and the server has
 * confirmed that, before the work that it belongs to ends: what the server then takes off its count is there. A lock that is taken
 * off without being there fails whatever the server does next, and one too many holds its time for ever.
 */
export class TimeLocks {
  #work = new Set<symbol>();
  #lending = 0;
  #held = 0;
  #lent = 0;
  #steps: Promise<void> = Promise.resolve();

  constructor(private readonly service: TestService) {}

  /** Does work for which the server has a lock from before its beginning until after its end. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const mine = Symbol();
    this.#work.add(mine);
    // What begins while others wait may end their wait first.
    this.#levelSoon();
    try {
      return await work();
    } finally {
      this.#work.delete(mine);
      await this.#level();
    }
  }

  /**
   * Does what time must not pass over, though all else waits: as long as a request is on its way to a call, nothing is lent. What
   * begins in the same moment, and the end of work that has waited for it, come before anything is lent again.
   */
  async hold<T>(request: () => Promise<T>): Promise<T> {
    this.#held += 1;
    try {
      await this.#level();
      return await request();
    } finally {
      this.#held -= 1;
      this.#levelSoon();
    }
  }

  /** Lends the locks of all work under way until `wait` has settled, or `signal` is aborted. */
  async lend<T>(wait: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let over = signal?.aborted ?? false;
    const takeBack = () => {
      if (!over) this.#lending -= 1;
      over = true;
      return this.#level();
    };
    const givenUp = () => void takeBack().catch(() => undefined);
    if (!over) this.#lending += 1;
    signal?.addEventListener('abort', givenUp, { once: true });
    try {
      await this.#level();
      return await wait();
    } finally {
      signal?.removeEventListener('abort', givenUp);
      await takeBack();
    }
  }

  /**
   * Lets the server's time pass by `ms` milliseconds; locks of others hold it meanwhile. It brings the lock that a sleep takes, and
   * the time that it leads to is held until `done` resolves. The server does not notice that `signal` is aborted: from then on the
   * sleep holds nobody's time and lets nobody's pass.
   */
  async pass(ms: number, signal?: AbortSignal, done: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    await this.service.lockTimeSkipping({});
    try {
      await this.lend(() => this.service.unlockTimeSkippingWithSleep({ duration: msToTs(ms) }), signal);
    } finally {
      // A failure belongs to a server that is gone.
      void done()
        .then(() => this.service.unlockTimeSkipping({}))
        .catch(() => undefined);
    }
  }

  /** Takes locks off that the server has lost, of work that was never under way here. */
  async giveBack(lost: number): Promise<void> {
    for (let n = 0; n < lost; n++) await this.service.unlockTimeSkipping({});
  }

  /**
   * All work under way here has ended for the server, which does not take its locks off: so many, and those that are lent are off already.
   */
  abandon(lost: number): Promise<void> {
    this.#work.clear();
    return this.#next(async () => {
      const lent = Math.min(this.#lent, lost);
      this.#lent -= lent;
      await this.giveBack(lost - lent);
    });
  }

  /** A failure belongs to a server that is gone. */
  #levelSoon(): void {
    void settled().then(() => this.#level().catch(() => undefined));
  }

  /** Lends as many locks as there is work under way, or none; one step after the other, however many ask for it. */
  #level(): Promise<void> {
    return this.#next(async () => {
      for (;;) {
        const wanted = this.#lending > 0 && this.#held === 0 ? this.#work.size : 0;
        if (this.#lent === wanted) return;
        if (this.#lent < wanted) {
          await this.service.unlockTimeSkipping({});
          this.#lent += 1;
        } else {
          await this.service.lockTimeSkipping({});
          this.#lent -= 1;
        }
      }
    });
  }

  #next(step: () => Promise<void>): Promise<void> {
    this.#steps = this.#steps.then(step);
    return this.#steps;
  }
}
