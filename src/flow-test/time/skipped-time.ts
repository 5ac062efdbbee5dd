/**
 * The time of a time-skipping server, as the parts of a test that wait see it. Contract D6.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../http/clock.js';

/** The longest step in milliseconds, unless said otherwise: well below the 3 s of silence after which a request is lost. */
const STEP_MS = 1000;
/** Real milliseconds after a step, in which calls react to it and heartbeats reach the server. */
const SETTLE_MS = 25;
/** Real milliseconds in which who was woken acts. */
const REACT_MS = 15;

/** What a server does with time. It skips what nothing happens in, and stands still while an activity is under way. */
export interface ServerTime {
  /** Milliseconds since 1970. */
  now(): Promise<number>;
  /**
   * Starts a wait, in order with everything else that waits on the server: `over` resolves when so much time has passed
   * on the server.
   */
  wait(ms: number): Promise<{ over: Promise<void> }>;
  /** Does the work of an activity: the server has a lock for it, and none of its time passes but by `skip`. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Makes so much time pass though activities are under way; when `signal` is aborted, time stands still again. */
  skip(ms: number, signal: AbortSignal): Promise<void>;
}

interface Waiter {
  due: number;
  wake: () => void;
  fail: (reason: unknown) => void;
  /** Whether time moves on for its sake. */
  drives: boolean;
}

/** A wait of the server. */
interface Timer {
  due: number;
  started: boolean;
  over: Promise<void>;
}

/**
 * One time for all who wait on a server. While nothing is under way the server skips it; while an activity is, whoever
 * sleeps moves it on in small steps, after each of which activities show that they live: to the server, seconds passed.
 */
export class SkippedTime implements Clock {
  readonly #waiters = new Set<Waiter>();
  readonly #beats = new Map<() => void, number>();
  readonly #timers: Timer[] = [];
  #ahead = 0;
  /** Sleeps that begin. */
  #beginning = 0;
  #running = false;
  #closed: Error | undefined;
  #changed = (): void => undefined;

  constructor(private readonly server: ServerTime) {}

  now(): number {
    return performance.now() + this.#ahead;
  }

  /** The time, after a look at that of the server: what passed while nobody slept here is in it. */
  async current(): Promise<number> {
    await this.#look();
    return this.now();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#beginning += 1;
    await this.#look().finally(() => (this.#beginning -= 1));
    signal?.throwIfAborted();
    if (this.#closed) throw this.#closed;
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { due: this.now() + ms, drives: true, wake: resolve, fail: reject };
      const abort = () => {
        this.#waiters.delete(waiter);
        this.#changed();
        reject(signal?.reason as Error);
      };
      waiter.wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiters.add(waiter);
      this.#changed();
      void this.#run();
    });
  }

  after(ms: number, act: () => void): () => void {
    const waiter: Waiter = { due: this.now() + ms, drives: false, wake: act, fail: () => undefined };
    this.#waiters.add(waiter);
    // Real time passes too.
    const timer = setTimeout(() => this.#wakeDue(), Math.max(0, ms));
    return () => {
      this.#waiters.delete(waiter);
      clearTimeout(timer);
    };
  }

  /** Does work during which no step is longer than `stepMs` (default 1,000), and `beat` is called after each. */
  async during<T>(beat: () => void, work: () => Promise<T>, stepMs = STEP_MS): Promise<T> {
    this.#beats.set(beat, stepMs);
    this.#changed();
    try {
      await this.#look();
      return await this.server.during(work);
    } finally {
      this.#beats.delete(beat);
      this.#changed();
    }
  }

  /** Resolves when those who were woken have acted, and the server knows until when those who sleep now do. */
  async settled(): Promise<void> {
    await pause(REACT_MS);
    while (this.#beginning > 0 || this.#unknown()) await pause(1);
  }

  /** Whether somebody sleeps of whom the server does not know. While an activity is under way it need not. */
  #unknown(): boolean {
    if (this.#beats.size > 0) return false;
    const dues = [...this.#waiters].flatMap(({ due, drives }) => (drives ? [due] : []));
    const first = Math.min(...dues);
    return dues.length > 0 && !this.#timers.some(({ started, due }) => started && due <= first);
  }

  /** Ends all sleeps, and takes no more: each rejects. */
  close(reason = new Error('The server is gone.')): void {
    this.#closed = reason;
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.fail(reason);
    this.#changed();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (;;) {
        // Who was woken reacts before time goes on, and what is under way for a moment only is not disturbed.
        const beats = [...this.#beats.keys()];
        if (beats.length > 0) await pause(SETTLE_MS);
        if (beats.length !== this.#beats.size || beats.some((beat) => !this.#beats.has(beat))) continue;
        if (![...this.#waiters].some(({ drives }) => drives)) return;
        const next = Math.min(...[...this.#waiters].map(({ due }) => due));
        if (next > this.now()) await (this.#beats.size > 0 ? this.#step(next) : this.#idle(next));
        await this.#look();
        this.#wakeDue();
      }
    } catch (error) {
      this.close(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#running = false;
    }
  }

  /** Waits until the time has come, or until who waits or what is under way has changed. */
  async #idle(due: number): Promise<void> {
    // One that was started before is there still, for a timer that is given up may hold the server's time for ever.
    const timer = this.#timers.find((one) => one.due <= due) ?? this.#timer(due);
    const changed = new Promise<void>((resolve) => (this.#changed = resolve));
    try {
      await Promise.race([timer.over, changed]);
    } finally {
      this.#changed = () => undefined;
    }
  }

  #timer(due: number): Timer {
    const wait = async () => {
      const { over } = await this.server.wait(Math.ceil(due - this.now()));
      timer.started = true;
      await over;
    };
    const timer: Timer = { due, started: false, over: Promise.resolve() };
    timer.over = wait();
    this.#timers.push(timer);
    const forget = () => this.#timers.splice(this.#timers.indexOf(timer), 1);
    timer.over.then(forget, forget);
    return timer;
  }

  /** A step ends when who waits or what is under way has changed: somebody may wait for a sooner moment. */
  async #step(due: number): Promise<void> {
    const ms = Math.ceil(due - this.now());
    const stop = new AbortController();
    this.#changed = () => stop.abort();
    try {
      await this.server.skip(Math.min(ms, ...this.#beats.values()), stop.signal);
    } finally {
      this.#changed = () => undefined;
    }
    for (const beat of this.#beats.keys()) beat();
    if (this.#beats.size > 0) await pause(SETTLE_MS);
  }

  /** Time never goes back. */
  async #look(): Promise<void> {
    const server = await this.server.now();
    this.#ahead = Math.max(this.#ahead, server - performance.now());
  }

  #wakeDue(): void {
    const now = this.now();
    for (const waiter of [...this.#waiters].sort((a, b) => a.due - b.due)) {
      // A timer of real time may fire by a fraction too early.
      if (waiter.due - 1 > now || !this.#waiters.delete(waiter)) continue;
      waiter.wake();
    }
  }
}
