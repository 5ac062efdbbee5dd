/** One account cannot starve others. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../../src/api/api.js';
import { httpBridgeSettings } from '../../src/telephony/http/bridge-http-settings.js';
import { connectNative } from '../../src/temporal/connect-native.js';
import { workflowBundle } from '../../src/temporal/bundle.js';
import { createCallWorker } from '../../src/temporal/worker.js';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';
import { Target } from '../support/target.js';
import { testLog } from '../support/log.js';

/** Few, so that a flood of some dozens of calls fills them. */
const SLOTS = 5;
const FLOOD = 100;

let stack: DevStack;
let target: Target;
let connection: NativeConnection;
let worker: Worker;
let running: Promise<void>;
beforeAll(async () => {
  stack = await DevStack.start();
  target = await Target.start();
  connection = await connectNative(stack.server.address);
  worker = await createCallWorker({
    ...{ connection, namespace: stack.server.namespace, searchAttributes: true, activitySlots: SLOTS },
    bundle: await workflowBundle({}),
  });
  running = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await connection.close();
  await target.stop();
  await stack.stop();
});

const flow = (path: string) =>
  flowOf({ ask: { type: 'webhook', request: { method: 'POST', url: target.url(path) }, lines: {} } });
const account = (id: number, limits = {}) => ({ id, httpEnabled: true, targetAllowList: ['127.0.0.1'], limits });

describe('an account that floods', () => {
  it('keeps a call of another waiting for a turn, and not for the whole flood', async () => {
    const held: (() => void)[] = [];
    target.on('/fast', (_request, response) => void response.writeHead(204).end());
    target.on('/slow', (_request, response) => void held.push(() => response.writeHead(204).end()));
    const flood = Array.from({ length: FLOOD }, () => stack.call({ flow: flow('/slow'), account: account(7) }));
    const calls = await Promise.all(flood);
    await expect.poll(() => held.length, { timeout: 20_000 }).toBe(SLOTS);
    for (const { handle } of calls) await untilItAsks(handle);

    const other = await stack.call({ flow: flow('/fast'), account: account(8) });
    await untilItAsks(other.handle);
    let turns = 0;
    for (; target.of('/fast').length === 0 && turns < FLOOD; turns++) {
      const before = target.received.length;
      held.shift()?.();
      await expect.poll(() => target.received.length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(before);
    }
    expect((await other.report()).outcome).toBe('completed');
    expect(turns).toBeLessThan(FLOOD / 3);
    await Promise.all(calls.map(({ handle }) => handle.terminate().catch(() => undefined)));
  });
});

/** Waits until the webhook of a call is in the server's queue. */
async function untilItAsks(handle: WorkflowHandle): Promise<void> {
  const asks = async () => (await handle.describe()).raw.pendingActivities?.length;
  await expect.poll(asks, { timeout: 20_000, interval: 20 }).toBe(1);
}

describe('ACCOUNT_BUSY: an account that has as many calls as it may', () => {
  /** Milliseconds after which calls are counted anew. */
  const COUNTED = 1100;
  const wait = flowOf({ wait: { type: 'delay', seconds: 600, lines: {} } });

  it('gets no further one from a bridge on Temporal, keeps those that it has, and gets one when there is room', async () => {
    const limits = { callsAtOnce: 2 };
    const start = () => stack.call({ flow: wait, account: account(9, limits) });
    const kept = [await start(), await start()];
    await sleep(COUNTED);
    const third = await start();
    await expect(third.report()).rejects.toMatchObject({ cause: { type: 'ACCOUNT_BUSY' } });
    for (const { handle } of kept) expect((await handle.describe()).status.name).toBe('RUNNING');
    await kept[0]?.handle.terminate();
    await sleep(COUNTED);
    const fourth = await start();
    await expect.poll(() => fourth.handle.query<string[]>('path').catch(() => [])).toEqual(['wait']);
  });

  it('gets 429 from the API with Retry-After, for calls at once and for starts in a second; a start that is repeated does not count', async () => {
    const nothing = { searchAttributes: true, log: testLog() };
    const where = { host: '127.0.0.1', port: 0, http: httpBridgeSettings({}) };
    const api = await startApi({ ...nothing, ...where, client: stack.client });
    const start = async (id: number, limits: object, call = randomUUID()) => {
      const { status, headers } = await fetch(`${api.url}/bridge/calls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ account: account(id, limits), flow: wait, bridge: { id: 'b', taskQueue: 'nobody' } },
          call: { id: call, direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() },
        }),
      });
      return `${status} ${headers.get('retry-after') ?? ''}`.trim();
    };
    const first = randomUUID();
    const atOnce = { callsAtOnce: 2 };
    expect([await start(10, atOnce, first), await start(10, atOnce)]).toEqual(['201', '201']);
    await sleep(COUNTED);
    expect([await start(10, atOnce), await start(10, atOnce, first)]).toEqual(['429 1', '200']);
    const fast = await Promise.all(Array.from({ length: 8 }, () => start(11, { callsPerSecond: 1 })));
    expect(fast.filter((answer) => answer === '429 1').length).toBeGreaterThan(0);
    await api.stop();
  });
});
