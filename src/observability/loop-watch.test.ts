import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type LoopWatch, watchLoop } from './loop-watch.js';

let watch: LoopWatch;
afterEach(() => watch.stop());

/** Holds this thread. */
function hold(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('a watch on the main thread', () => {
  it('logs and counts how long it was held, and stays ready for less than seconds', async () => {
    const seen: { milliseconds?: number }[] = [];
    const counted: number[] = [];
    watch = watchLoop({ warn: (fields: object) => void seen.push(fields) }, (seconds) => counted.push(seconds));
    await sleep(150);
    hold(900);
    await expect.poll(() => seen.length).toBe(1);
    expect(seen[0]?.milliseconds).toBeGreaterThan(500);
    expect(Math.max(...counted)).toBeGreaterThan(0.5);
    await watch.check();
  });

  it('fails the check of readiness once it was held for three seconds', async () => {
    watch = watchLoop({ warn: () => undefined });
    await sleep(150);
    hold(3300);
    await expect.poll(() => watch.check().then(() => 'ready', () => 'held')).toBe('held'); // prettier-ignore
  });
});
