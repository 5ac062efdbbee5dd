import { setTimeout as pause } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TimeLocks } from './time-locks.js';
import { createTimeSkippingEnvironment, skipsTime, testServiceOf } from './time-skipping.js';

const HOUR = 3_600_000;
/** Real milliseconds in which an hour passes on a busy machine. */
const SOON_MS = 5000;

let env: TestWorkflowEnvironment;
/** A lock of the server's own, as for an activity: taken at its beginning, taken off when its end is reported. */
const activity = async (locks: TimeLocks, work: () => Promise<unknown>) => {
  const service = testServiceOf(env);
  await service.lockTimeSkipping({});
  await locks.during(work);
  await service.unlockTimeSkipping({});
};

beforeAll(async () => {
  env = await createTimeSkippingEnvironment();
  // As while a result is awaited.
  await testServiceOf(env).unlockTimeSkipping({});
});

afterAll(() => env.teardown());

async function passes(ms: number, work: () => Promise<unknown>): Promise<void> {
  const [start, begin] = [await env.currentTimeMs(), performance.now()];
  await work();
  expect((await env.currentTimeMs()) - start).toBeGreaterThanOrEqual(ms);
  expect(performance.now() - begin).toBeLessThan(SOON_MS);
}

it('D6: while all work waits, time leaps; several may wait at once, and work may end before its sleep', async () => {
  const locks = new TimeLocks(testServiceOf(env));
  await passes(HOUR, () => activity(locks, () => locks.pass(HOUR)));
  await passes(HOUR, () => Promise.all([1, 2, 3].map((n) => activity(locks, () => locks.pass(HOUR * n)))));
  let slept: Promise<void> | undefined;
  await passes(HOUR, async () => {
    await activity(locks, async () => {
      slept = locks.pass(HOUR);
      await pause(1);
    });
    await slept;
  });
});

it('D6: work that begins during a sleep of others lends its lock too', async () => {
  const locks = new TimeLocks(testServiceOf(env));
  let end = (): void => undefined;
  await passes(HOUR, async () => {
    const slept = activity(locks, () => locks.pass(HOUR));
    const second = activity(locks, () => new Promise<void>((resolve) => (end = resolve)));
    await slept;
    end();
    await second;
  });
});

it('D6: a sleep that is given up lets no time pass while work is under way', async () => {
  const locks = new TimeLocks(testServiceOf(env));
  const stop = new AbortController();
  const start = await env.currentTimeMs();
  stop.abort();
  let slept: Promise<void> | undefined;
  await activity(locks, async () => {
    slept = locks.pass(HOUR, stop.signal);
    await pause(300);
    expect((await env.currentTimeMs()) - start).toBeLessThan(HOUR);
  });
  await slept;
  expect((await env.currentTimeMs()) - start).toBeGreaterThanOrEqual(HOUR);
});

it('D6: while a request to its call is on its way, work that waits for a sleep lends nothing', async () => {
  const locks = new TimeLocks(testServiceOf(env));
  const start = await env.currentTimeMs();
  let slept: Promise<void> | undefined;
  let passed = HOUR;
  await activity(locks, async () => {
    slept = locks.pass(HOUR);
    // What follows the request would be passed over again.
    await locks.hold(async () => {
      await pause(300);
      passed = (await env.currentTimeMs()) - start;
    });
  });
  expect(passed).toBeLessThan(HOUR);
  await slept;
  expect((await env.currentTimeMs()) - start).toBeGreaterThanOrEqual(HOUR);
});

it('leaves as many locks as there were', async () => {
  expect(await skipsTime({ sleep: () => new TimeLocks(testServiceOf(env)).pass(60_000) }, SOON_MS)).toBe(true);
});
