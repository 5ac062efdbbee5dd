import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SimClock } from './sim-clock.js';

/** Real time that passes only by sleeping. */
function fakeTime() {
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    const end = time.now + ms;
    slept.push(ms);
    await turn();
    time.now = Math.max(time.now, end);
  };
  const time = { now: 1000, slept, sleep };
  return time;
}

describe('D6: the clock of the simulated caller', () => {
  it('D6: timers go off in the order of their time, those of one moment in the order of their making', async () => {
    const time = fakeTime();
    const clock = new SimClock({ sleep: time.sleep, now: () => time.now });
    const order: string[] = [];
    clock.after(20, () => order.push(`b at ${clock.now()}`));
    clock.after(10, () => order.push(`a at ${clock.now()}`));
    clock.after(20, () => order.push(`c at ${clock.now()}`));
    await clock.sleep(30);
    expect(order).toEqual(['a at 1010', 'b at 1020', 'c at 1020']);
  });

  it('D6: while anyone rushes no time is slept, and between two timers everyone may react', async () => {
    const time = fakeTime();
    const clock = new SimClock({ sleep: time.sleep, now: () => time.now });
    const order: string[] = [];
    const calm = clock.rush();
    const script = (async () => {
      await clock.sleep(1000);
      await clock.sleep(500);
      order.push(`script at ${clock.now()}`);
    })();
    clock.after(90_000, () => {
      order.push(`prompt at ${clock.now()}`);
      calm();
    });
    await script;
    while (order.length < 2) await turn();
    expect(order).toEqual(['script at 2500', 'prompt at 91000']);
    expect(time.slept).toEqual([]);
  });

  it('D6: time goes on from where a rush has ended', async () => {
    const time = fakeTime();
    const clock = new SimClock({ sleep: time.sleep, now: () => time.now });
    const calm = clock.rush();
    await clock.sleep(5000);
    time.now += 40;
    expect(clock.now()).toBe(6000);
    calm();
    calm();
    expect(clock.now()).toBe(6000);
    time.now += 7;
    expect(clock.now()).toBe(6007);
    await clock.sleep(3);
    expect([clock.now(), time.slept]).toEqual([6010, [3]]);
  });

  it('D6: with realTime a rush sleeps like any other time', async () => {
    const time = fakeTime();
    const clock = new SimClock({ sleep: time.sleep, now: () => time.now, realTime: true });
    clock.rush();
    await clock.sleep(5000);
    expect(time.slept).toEqual([5000]);
  });

  it('D6: what a time-skipping sleep passes counts as elapsed', async () => {
    const clock = new SimClock({ sleep: async () => undefined, now: () => 1000 });
    await clock.sleep(3_600_000);
    expect(clock.at()).toBe('1970-01-01T01:00:01.000Z');
  });

  it('D6: time does not go back when the real clock is set back', () => {
    let now = 5000;
    const clock = new SimClock({ now: () => now });
    expect(clock.now()).toBe(5000);
    now = 4000;
    expect(clock.now()).toBe(5000);
  });

  it('D6: no jump is made while a look at the call is under way', async () => {
    const clock = new SimClock();
    clock.rush();
    let answer = (): void => undefined;
    const held = clock.hold(new Promise<void>((resolve) => (answer = resolve)));
    let rang = false;
    clock.after(10, () => (rang = true));
    for (let i = 0; i < 5; i++) await turn();
    expect(rang).toBe(false);
    answer();
    await held;
    while (!rang) await turn();
  });

  it('D6: a sooner timer cuts a longer sleep; a cancelled one wakes nobody; a closed clock sleeps no more', async () => {
    const sleeps: { ms: number; signal: AbortSignal }[] = [];
    const clock = new SimClock({
      now: () => 0,
      sleep: (ms, signal) => {
        sleeps.push({ ms, signal });
        return ms > 100 ? new Promise<void>(() => undefined) : Promise.resolve();
      },
    });
    clock.after(60_000, () => expect.unreachable());
    await turn();
    clock.after(10, () => expect.unreachable())();
    await clock.sleep(20);
    while (sleeps.length < 4) await turn();
    expect(sleeps.map(({ ms, signal }) => [ms, signal.aborted])).toEqual([
      [60_000, true],
      [10, false],
      [10, false],
      [59_980, false],
    ]);
    clock.close();
    expect(sleeps[3]?.signal.aborted).toBe(true);
    clock.after(0, () => expect.unreachable());
    await turn();
  });

  it('D6: a sleep that fails with its environment takes nothing down', async () => {
    const clock = new SimClock({ sleep: () => Promise.reject(new Error('the server is gone')) });
    clock.after(10, () => expect.unreachable());
    for (let i = 0; i < 5; i++) await turn();
    clock.close();
  });
});
