import { setTimeout as pause } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTimeSkippingEnvironment } from '../../temporal/servers/time-skipping.js';
import { LeapingTime } from './leaping-time.js';

const HOUR = 3_600_000;

let env: TestWorkflowEnvironment;

beforeAll(async () => {
  env = await createTimeSkippingEnvironment();
});

afterAll(() => env.teardown());

it('D6: time stands still from the end of a sleep until the events that it led to are with their call', async () => {
  const time = new LeapingTime(env);
  const start = await env.currentTimeMs();
  let passed = 0;
  const arrives = async () => {
    await pause(300);
    passed = (await env.currentTimeMs()) - start;
  };
  const told = time
    .sleep(60_000, new AbortController().signal, 'a call')
    .then(() => time.duringEvent('a call', arrives));
  // Somebody else has time leap: from now on it does whenever nobody holds it.
  const later = pause(100).then(() => env.sleep(HOUR));
  await told;
  expect(passed).toBeGreaterThanOrEqual(60_000);
  expect(passed).toBeLessThan(HOUR);
  await later;
  expect((await env.currentTimeMs()) - start).toBeGreaterThanOrEqual(HOUR);
});
