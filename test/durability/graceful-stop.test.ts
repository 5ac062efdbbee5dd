import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DevStack } from '../support/dev-stack.js';
import { type StartedCall, flowOf } from '../support/rig.js';
import { Target, answer, json } from '../support/target.js';

const CALLS = 100;

let stack: DevStack;
let target: Target;
beforeAll(async () => {
  [stack, target] = await Promise.all([DevStack.start(), Target.start()]);
});
afterAll(async () => {
  await stack.stop();
  await target.stop();
});

/** The first half of the calls begins on one worker, the rest when another one is there, too. */
async function startCalls(count: number): Promise<StartedCall[]> {
  const calls: StartedCall[] = [];
  const flow = flowOf(
    {
      answer: { type: 'answerCall', lines: { next: 'lookup' } },
      lookup: { type: 'webhook', request: { method: 'POST', url: target.url('/lookup') }, lines: { success: 'bye' } },
      bye: { type: 'hangUp' },
    },
    { flowEndWebhook: true },
  );
  const account = {
    ...{ httpEnabled: true, targetAllowList: ['127.0.0.1'] },
    defaultWebhook: { url: target.url('/end') },
  };
  for (let n = 0; n < count; n++) {
    calls.push(await stack.call({ flow, account }));
    // All at once, they would queue, and a task that waits for its turn is given to another worker after 2 s.
    await pause(50);
  }
  return calls;
}

/** The highest attempt of any activity of a call. */
async function attempts({ handle }: StartedCall): Promise<number> {
  const { events } = await handle.fetchHistory();
  return Math.max(...(events ?? []).map((event) => event.activityTaskStartedEventAttributes?.attempt ?? 0));
}

describe('H4: a deploy, with the webhooks of 100 calls under way', () => {
  it('SIGTERM of the worker fails no attempt: each request comes once, and no activity is tried again', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    target
      .on('/lookup', (received, response, socket) => {
        void released.then(() => json({})(received, response, socket));
      })
      .on('/end', answer(200));
    const asked = async (count: number) => {
      while (target.of('/lookup').length < count) await pause(50);
    };
    const old = await stack.startWorker();
    const calls = await startCalls(CALLS / 2);
    await asked(CALLS / 2);
    await stack.startWorker();
    calls.push(...(await startCalls(CALLS / 2)));
    await asked(CALLS);

    const gone = once(old, 'exit');
    old.kill('SIGTERM');
    await pause(1000);
    // Not even a request that takes long keeps the worker from stopping well: it waits.
    expect(old.exitCode).toBeNull();
    release();
    const reports = await Promise.all(calls.map((call) => call.report()));
    expect(await gone).toEqual([0, null]);

    expect(reports.filter(({ outcome }) => outcome === 'completed')).toHaveLength(CALLS);
    for (const path of ['/lookup', '/end']) expect(target.of(path)).toHaveLength(CALLS);
    expect(new Set(target.of('/lookup').map(({ headers }) => headers['idempotency-key'])).size).toBe(CALLS);
    expect(await Promise.all(calls.map(attempts))).toEqual(calls.map(() => 1));
  }, 180_000);
});
