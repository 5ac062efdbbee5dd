/**
 * The caller's time: real time, and jumps over prompts. Contract D6.
 * @module
 */
import { setImmediate as settled, setTimeout as realSleep } from 'node:timers/promises';

/**
 * Lets `ms` milliseconds pass. It resolves only when they have passed; it may reject once `signal` is aborted, or go on
 * in vain.
 */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** How a clock reads and spends time. */
export interface ClockOptions {
  /** Real sleeping, `setTimeout` by default; a time-skipping server's sleep counts as elapsed in full. */
  sleep?: Sleep | undefined;
  /** Really waits while prompts play. Default false. */
  realTime?: boolean;
  /** Real time in milliseconds, `Date.now` by default. */
  now?: () => number;
}

interface Timer {
  due: number;
  act: () => void;
}

interface Turn {
  due: number;
  rushing: boolean;
  abort: AbortController;
}

/**
 * A discrete-event clock. It runs with real time, but while anyone rushes it ({@link SimClock.rush}) it stands still and
 * jumps from timer to timer, so that what happens during a prompt keeps its order and its times without being waited for.
 */
export class SimClock {
  readonly #timers: Timer[] = [];
  readonly #held = new Set<Promise<unknown>>();
  readonly #sleep: Sleep;
  readonly #realTime: boolean;
  readonly #realNow: () => number;
  /** What sleeps passed beyond real time: a time-skipping server's doing. */
  #skipped = 0;
  /** What rushing passed. */
  #jumped = 0;
  #rushers = 0;
  /** The time while rushing. */
  #still = 0;
  #latest = 0;
  #turn: Turn | undefined;
  #closed = false;

  constructor(options: ClockOptions = {}) {
    this.#sleep = options.sleep ?? ((ms, signal) => realSleep(ms, undefined, { signal }));
    this.#realTime = options.realTime ?? false;
    this.#realNow = options.now ?? Date.now;
  }

  /** The caller's time in milliseconds; it never goes back. */
  now(): number {
    const now = this.#rushers > 0 ? this.#still : this.#elapsed() + this.#jumped;
    this.#latest = Math.max(this.#latest, now);
    return this.#latest;
  }

  /** The caller's time as ISO 8601 with milliseconds. */
  at(): string {
    return new Date(this.now()).toISOString();
  }

  /** Calls `act` in `ms` milliseconds of the caller's time, timers of one moment in their order; returns what cancels it. */
  after(ms: number, act: () => void): () => void {
    if (this.#closed) return () => undefined;
    const timer: Timer = { due: this.now() + Math.max(0, Math.round(ms)), act };
    const later = this.#timers.findIndex((other) => other.due > timer.due);
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
    this.#drive();
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index < 0) return;
      this.#timers.splice(index, 1);
      this.#drive();
    };
  }

  /** Resolves in `ms` milliseconds of the caller's time; never once the clock is closed. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Jumps from timer to timer from now until the returned function is called; no more than a word when `realTime` is on. */
  rush(): () => void {
    if (this.#realTime) return () => undefined;
    const now = this.now();
    if (this.#rushers++ === 0) this.#still = now;
    this.#drive();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const end = this.now();
      if (--this.#rushers === 0) this.#jumped = end - this.#elapsed();
      this.#drive();
    };
  }

  /** Makes no jump while `work` is under way: what it finds out belongs to this moment. */
  async hold(work: Promise<unknown>): Promise<void> {
    this.#held.add(work);
    try {
      await work;
    } finally {
      this.#held.delete(work);
    }
  }

  /** Takes timers again. */
  open(): void {
    this.#closed = false;
  }

  /** Drops all timers, and takes no more. */
  close(): void {
    this.#closed = true;
    this.#timers.length = 0;
    this.#drive();
  }

  #elapsed(): number {
    return this.#realNow() + this.#skipped;
  }

  /** Sees to it that the first timer is being waited for. A sleep towards a later moment than needed is given up. */
  #drive(): void {
    const due = this.#timers[0]?.due;
    const rushing = this.#rushers > 0;
    if (this.#turn && (due === undefined || due < this.#turn.due || rushing !== this.#turn.rushing)) {
      this.#turn.abort.abort();
      this.#turn = undefined;
    }
    if (due === undefined || this.#turn) return;
    this.#turn = { due, rushing, abort: new AbortController() };
    void this.#take(this.#turn);
  }

  async #take(turn: Turn): Promise<void> {
    // Everyone reacts first: perhaps somebody needs a sooner moment, or time is to jump no more.
    await this.#settle();
    const passed = turn.rushing || (await this.#pass(turn));
    if (this.#turn !== turn) return;
    this.#turn = undefined;
    const first = this.#timers[0];
    // A sleep that failed belongs to an environment that is gone: going on would spin.
    if (!first || !passed) return;
    if (turn.rushing) this.#still = Math.max(this.#still, first.due);
    if (first.due <= this.now()) {
      this.#timers.shift();
      first.act();
    }
    this.#drive();
  }

  /** Lets everyone react to what has happened, and looks at the call end. */
  async #settle(): Promise<void> {
    do {
      await settled();
      await Promise.allSettled(this.#held);
    } while (this.#held.size > 0);
  }

  /** Spends time really, up to the turn's; true once it has passed. */
  async #pass({ due, abort }: Turn): Promise<boolean> {
    const ms = due - this.now();
    if (ms <= 0 || abort.signal.aborted) return true;
    const start = this.#elapsed();
    try {
      await this.#sleep(ms, abort.signal);
    } catch {
      return false;
    }
    // Of a sleep that skipped time, the rest counts too.
    this.#skipped += Math.max(0, start + ms - this.#elapsed());
    return true;
  }
}
