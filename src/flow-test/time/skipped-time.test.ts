import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type ServerTime, SkippedTime } from './skipped-time.js';

/** A server whose time passes from wait to wait, or as it is told to; it notes how. */
function server(): ServerTime & { log: string[]; ahead: number } {
  const waits: { due: number; end: () => void }[] = [];
  const now = () => performance.now() + self.ahead;
  const self = {
    log: [] as string[],
    ahead: 0,
    now: async () => now(),
    wait: async (ms: number) => {
      self.log.push(`wait ${Math.round(ms / 100) * 100}`);
      const over = new Promise<void>((end) => waits.push({ due: now() + ms, end }));
      setTimeout(() => {
        const [first] = waits.sort((a, b) => a.due - b.due).splice(0, 1);
        self.ahead += Math.max(0, (first?.due ?? 0) - now());
        first?.end();
      }, 5);
      return { over };
    },
    during: <T>(work: () => Promise<T>) => work(),
    skip: async (ms: number) => {
      self.log.push(`skip ${Math.round(ms / 100) * 100}`);
      self.ahead += ms;
    },
  };
  return self;
}

describe('the time of a time-skipping server', () => {
  it('is left to the server while nothing is under way, and sleepers wake in their order', async () => {
    const on = server();
    const time = new SkippedTime(on);
    const woken: number[] = [];
    const sleep = async (seconds: number) => {
      await time.sleep(seconds * 1000);
      woken.push(seconds);
    };
    await Promise.all([sleep(7200), sleep(2), sleep(60)]);
    expect(woken).toEqual([2, 60, 7200]);
    expect(on.log).toEqual(['wait 7200000', 'wait 2000', 'wait 58000']);
  });

  it('passes in steps of a second while an activity is under way, which shows after each that it lives', async () => {
    const on = server();
    const time = new SkippedTime(on);
    let beats = 0;
    const start = time.now();
    await time.during(
      () => void beats++,
      () => time.during(() => undefined, () => time.sleep(3000)), // prettier-ignore
    );
    expect(on.log).toEqual(['skip 1000', 'skip 1000', ...on.log.slice(2)]);
    expect(beats).toBe(on.log.length);
    expect(beats).toBeGreaterThanOrEqual(3);
    expect(time.now() - start).toBeGreaterThanOrEqual(2999);
  });

  it('has settled once the server knows until when somebody sleeps', async () => {
    const on = server();
    let start: (() => void) | undefined;
    const slow = { ...on, wait: async (ms: number) => new Promise<void>((begin) => (start = begin)).then(() => on.wait(ms)) }; // prettier-ignore
    const time = new SkippedTime(slow);
    let settled = false;
    const sleep = time.sleep(5000);
    const settling = time.settled().then(() => (settled = true));
    await pause(40);
    expect(settled).toBe(false);
    start?.();
    await Promise.all([settling, sleep]);
  });

  it('what is given up holds nobody up', async () => {
    const on = server();
    const stuck = { ...on, wait: async () => ({ over: new Promise<void>(() => undefined) }) };
    const time = new SkippedTime(stuck);
    const stop = new AbortController();
    const sleep = time.sleep(1000, stop.signal);
    setTimeout(() => stop.abort(new Error('given up')), 20);
    await expect(sleep).rejects.toThrow('given up');
    const other = time.sleep(1000);
    setTimeout(() => time.close(), 20);
    await expect(other).rejects.toThrow('The server is gone.');
    await expect(time.sleep(1)).rejects.toThrow('The server is gone.');
  });

  it('an alarm moves no time on, and is met when time has passed it', async () => {
    const on = server();
    const time = new SkippedTime(on);
    const rung: string[] = [];
    time.after(5000, () => rung.push('five'));
    time.after(9000, () => rung.push('nine'));
    const cancel = time.after(4000, () => rung.push('four'));
    cancel();
    expect(on.log).toEqual([]);
    await time.sleep(6000);
    expect(rung).toEqual(['five']);
  });

  it('takes in what the server skipped by itself', async () => {
    const on = server();
    const time = new SkippedTime(on);
    const start = await time.current();
    on.ahead += 3600_000;
    expect((await time.current()) - start).toBeGreaterThanOrEqual(3600_000);
  });
});
