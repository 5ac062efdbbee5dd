import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../store/store.js';
import { type TestDatabase, testDatabase } from '../../../test/support/databases.js';
import { Target, answer } from '../../../test/support/target.js';
import { AttemptLog } from './attempt-log.js';
import { EndpointWatch } from './endpoint-watch.js';
import { createDeliverFlowEnd } from '../flow-end/flow-end.js';
import type { DeliveryAttempt, FlowEndDelivery } from '../../engine/flow-end-task.js';
import { Sender } from '../../http/send.js';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await testDatabase();
  store = await openStore(database.url);
});
afterAll(async () => {
  await store?.close();
  await database?.stop();
});

const HOUR = 3600_000;
const start = Date.parse('2026-01-31T12:00:00Z');
let accountId = 0;
let alerts: string[];
let released: string[];
let watch: EndpointWatch;
beforeEach(() => {
  accountId += 1;
  [alerts, released] = [[], []];
  watch = new EndpointWatch(
    () => Promise.resolve(store),
    (message) => alerts.push(message),
    ({ url }) => Promise.resolve(void released.push(url)),
  );
});

const delivery = (id: string, more: Partial<FlowEndDelivery> = {}): FlowEndDelivery => ({
  webhookId: id,
  webhook: { url: 'https://api.example.com/end', auth: { type: 'none' } },
  payload: { callDetails: [], keys: [], 'phonon-uuid': 'u', recordingUrls: [] },
  rules: { accountId, httpEnabled: true, targetAllowList: ['127.0.0.1'], secrets: {} },
  ...more,
});
const failure = { delivered: false, detail: 'status 503', sent: true };
/** One attempt, so many milliseconds after the start. */
const attempt = async (id: string, ms: number, outcome: object = {}, more: Partial<FlowEndDelivery> = {}) => {
  const [tried, now] = [delivery(id, more), new Date(start + ms)];
  const admission = await watch.admit(tried, now);
  if (admission.state === 'paused') return 'paused';
  return (await watch.note(tried, admission, { ...failure, ...outcome }, now)) ?? 'made';
};
/** Fails so often that the endpoint is paused. */
const fail = async (times: number, over = HOUR) => {
  for (let n = 0; n < times; n += 1) await attempt('first', (n * over) / (times - 1));
};

describe('E5: an endpoint that fails for long', () => {
  it('is paused after 20 failures in a row within at least an hour, and reported once, without account or number', async () => {
    await fail(20, HOUR - 60_000);
    expect(await attempt('a', HOUR - 1)).toBe('made');
    expect(alerts).toEqual([]);
    await attempt('a', HOUR);
    await attempt('a', 2 * HOUR);
    expect(alerts).toEqual([expect.stringMatching(/^ENDPOINT_PAUSED: [^\d]+$/)]);
    expect(await store.endpoints.paused()).toBe(1);
  });

  it('is not paused by few failures over days, by one that took flow ends in between, or by what was never sent', async () => {
    await fail(19, 72 * HOUR);
    await attempt('a', 73 * HOUR, { delivered: true });
    for (let n = 0; n < 30; n += 1) await attempt('a', 74 * HOUR + n * HOUR, { sent: false });
    await fail(5);
    expect(alerts).toEqual([]);
    expect(released).toEqual([]);
  });

  it('is tried by one delivery at growing gaps, while calls and other deliveries wait', async () => {
    await fail(20);
    expect(await attempt('call', HOUR, {}, { phase: 'call' })).toBe('paused');
    const gaps: unknown[] = [];
    let now = HOUR;
    for (let n = 0; n < 8; n += 1) {
      const gap = await attempt('prober', now);
      gaps.push(gap);
      expect(await attempt('other', now + 1000)).toBe('paused');
      now += Number(gap) * 1000;
    }
    const expected = [60, 120, 240, 480, 900, 1800, 1800, 1800];
    gaps.forEach((gap, n) => expect(Math.abs(Number(gap) / (expected[n] ?? 0) - 1)).toBeLessThanOrEqual(0.21));
  });

  it('is tried by another delivery when the one that did is overdue, and by the last attempt of each', async () => {
    await fail(20);
    const gap = Number(await attempt('prober', HOUR, { retryAfter: 600 }));
    expect(gap).toBeLessThan(600);
    expect(await attempt('other', HOUR + 650_000)).toBe('paused');
    expect(await attempt('dying', HOUR + 650_000, {}, { phase: 'last' })).toBe('made');
    expect(await attempt('other', HOUR + 661_000)).toBeGreaterThan(60);
    expect(await attempt('prober', HOUR + 662_000)).toBe('paused');
  });

  it('is open again for all when one arrives, and the deliveries that wait are resumed', async () => {
    await fail(20);
    await attempt('prober', HOUR, { delivered: true });
    expect(released).toEqual(['https://api.example.com/end']);
    expect(await attempt('call', HOUR + 1, {}, { phase: 'call' })).toBe('made');
    expect(alerts).toHaveLength(1);
  });
});

describe('E5: a store that does not answer', () => {
  it('pauses nothing, fails no attempt, and holds none up for long', async () => {
    const target = await Target.start();
    target.on('/end', answer(200));
    for (const source of [() => new Promise<Store>(() => undefined), () => Promise.reject(new Error('away'))]) {
      const endpoints = new EndpointWatch(
        source,
        (message) => alerts.push(message),
        () => Promise.resolve(),
      );
      const deliver = createDeliverFlowEnd(new Sender(), { endpoints, attempts: new AttemptLog(source) });
      const began = performance.now();
      const webhook = { url: target.url('/end'), auth: { type: 'none' } } as const;
      const made = await new MockActivityEnvironment().run<[FlowEndDelivery], DeliveryAttempt, typeof deliver>(
        deliver,
        delivery('a', { webhook }),
      );
      expect(made).toEqual({ delivered: true, detail: 'status 200' });
      expect(performance.now() - began).toBeLessThan(3000);
    }
    await target.stop();
  });
});
