/**
 * Whether the main thread of a process comes round: what holds it holds every call, every answer and every sign of life.
 * @module
 */
import type { Log } from './log.js';
import { NotReady } from './readiness.js';

/** Milliseconds between two looks. */
const EVERY_MS = 100;
/** Milliseconds that the thread was held from which the log says so. */
const LOGGED_MS = 500;
/** Milliseconds between two entries of the log, so that a thread which is always held does not fill it. */
const LOG_GAP_MS = 10_000;
/** Milliseconds that the thread was held from which its process is not ready. */
const UNREADY_MS = 3000;
/** Milliseconds for which it is not ready then. */
const UNREADY_FOR_MS = 30_000;

/** A watch on the main thread. */
export interface LoopWatch {
  /** Rejects for 30 s after the thread was held for 3 s or more: a check of readiness. */
  check: () => Promise<void>;
  stop: () => void;
}

/**
 * Watches the thread that calls this.
 * @param held takes each time, in seconds, that the thread was held for a tenth of a second or more; default: nobody counts
 */
export function watchLoop(log: Pick<Log, 'warn'>, held: (seconds: number) => void = () => undefined): LoopWatch {
  let due = performance.now() + EVERY_MS;
  let logged = -LOG_GAP_MS;
  let longest = 0;
  let unreadyUntil = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const ms = now - due;
    due = now + EVERY_MS;
    if (ms < EVERY_MS) return;
    held(ms / 1000);
    longest = Math.max(longest, ms);
    if (ms >= UNREADY_MS) unreadyUntil = now + UNREADY_FOR_MS;
    if (longest < LOGGED_MS || now - logged < LOG_GAP_MS) return;
    log.warn(
      { milliseconds: Math.round(longest) },
      'the main thread was held: no call of this process moved meanwhile',
    );
    logged = now;
    longest = 0;
  }, EVERY_MS);
  timer.unref();
  return {
    check: () => (performance.now() < unreadyUntil ? Promise.reject(new NotReady('blocked')) : Promise.resolve()),
    stop: () => clearInterval(timer),
  };
}
