/**
 * Two ways to bring calls: as many as fit at once (closed loop), or so many a second whatever becomes of them (open loop).
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';

/** Keeps `atOnce` calls under way for some time; gives how long it took until all had ended, in milliseconds. */
export async function closedLoop(atOnce: number, seconds: number, call: () => Promise<void>): Promise<number> {
  const start = performance.now();
  const until = start + seconds * 1000;
  const line = async () => {
    while (performance.now() < until) await call();
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  return performance.now() - start;
}

/** Starts calls at a fixed pace and waits for all. `call` is told when it was due: a late start is part of its time. */
export async function openLoop(
  perSecond: number,
  seconds: number,
  call: (due: number) => Promise<void>,
): Promise<void> {
  const start = performance.now();
  const calls: Promise<void>[] = [];
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = start + (n / perSecond) * 1000;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    calls.push(call(due));
  }
  await Promise.all(calls);
}
