import { setTimeout as pause } from 'node:timers/promises';
import { Runtime } from '@temporalio/worker';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startApi } from '../../src/api/api.js';
import type { Store } from '../../src/store/store.js';
import { httpBridgeSettings } from '../../src/telephony/http/bridge-http-settings.js';
import { OPERATOR_KEY } from '../support/api.js';
import { testLog } from '../support/log.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';
import { useStore } from '../support/set-up.js';
import { type Target, answer } from '../support/target.js';

const SECRET = `whsec_${Buffer.from('another secret of tests, 32 bytes').toString('base64')}`;
const HOUR = 3600_000;
let store: Store;
let target: Target;
let rig: Rig;
useStore((started) => ({ store, target } = started));
// A server each: the test server does not survive a second skip of days.
beforeEach(async () => {
  rig = await timeSkippingRig({ store: () => Promise.resolve(store) });
});
afterEach(() => rig.close());

const flow = flowOf({ say: { type: 'play', prompt: { text: 'Hello' } } }, { flowEndWebhook: true });
const accountFor = (id: number, path: string) => {
  const env = `HOOKLINE_SECRET_${id}_SIGNING`;
  process.env[env] = SECRET;
  return {
    ...{ id, httpEnabled: true, targetAllowList: ['127.0.0.1'], secrets: { signing: { env } } },
    defaultWebhook: { url: target.url(path), signingSecret: { secret: 'signing' } },
  };
};
const verify = ({ body = '', headers = {} }: { body?: string; headers?: Record<string, string> } = {}) =>
  new Webhook(SECRET).verify(body, headers);
const attemptsOf = async (account: number, call: string, number: number) => {
  for (;;) {
    const attempts = await store.attempts.of(account, `${call}/flow-end`);
    if (attempts.length >= number) return attempts;
    await pause(50);
  }
};

/** Asks the API to send a dead letter again. */
const replayed = async (account: number, id: string) => {
  const api = await startApi({
    ...{ client: rig.env.client, taskQueue: rig.taskQueue, searchAttributes: false, host: '127.0.0.1', port: 0 },
    http: httpBridgeSettings({}),
    accounts: { store, operatorKey: OPERATOR_KEY, requestsPerMinute: 1000 },
    log: testLog(),
  });
  const asked = await fetch(`${api.url}/v1/accounts/${account}/deliveries/replay`, {
    method: 'POST',
    headers: { authorization: `Bearer ${OPERATOR_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id }),
  });
  const answer: unknown = await asked.json();
  await api.stop();
  return answer;
};

// Days pass here, in hundreds of attempts.
describe('E5: with a store', { timeout: 180_000 }, () => {
  it('each attempt is kept: time, status, duration, the first KB of the answer', async () => {
    target.on(
      '/log',
      answer(503, 'a'.repeat(3000)),
      (_request, _response, socket) => socket.destroy(),
      answer(200, 'ok'),
    );
    const { handle, report } = await rig.start({ flow, account: accountFor(1, '/log') });
    expect(await report()).toMatchObject({ flowEnd: { delivered: true, attempts: 3 } });
    const attempts = await attemptsOf(1, handle.workflowId, 3);
    expect(attempts).toMatchObject([
      { by: 'call', status: 503, detail: 'status 503', answer: 'a'.repeat(1024) },
      { by: 'call', status: null, detail: expect.stringMatching(/^CONNECTION_FAILURE: /), answer: null },
      { by: 'call', status: 200, detail: 'status 200', answer: 'ok' },
    ]);
    for (const { at, durationMs } of attempts) {
      expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000);
      expect(durationMs).toBeLessThan(10_000);
    }
    expect(await store.attempts.of(2, `${handle.workflowId}/flow-end`)).toEqual([]);
  });

  it('a target that is down for longer than 72 hours leaves a dead letter, which a replay delivers with the same id', async () => {
    target.on('/gone', answer(503));
    const { handle, report } = await rig.start({ flow, account: accountFor(2, '/gone') });
    await report();
    const id = `${handle.workflowId}/flow-end`;
    const delivery = rig.env.client.workflow.getHandle(id);
    await expect(delivery.result()).rejects.toMatchObject({ cause: { type: 'DEAD_LETTER' } });
    expect((await store.deliveries.list(2, { limit: 9 }, { state: 'dead' })).items).toMatchObject([{ id }]);

    target.on('/gone', answer(200, 'thanks'));
    expect(await replayed(2, id)).toEqual({ replayed: [id] });
    await rig.env.client.workflow.getHandle(id).result();
    const received = target.of('/gone');
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    expect(() => verify(received.at(-1))).not.toThrow();
    const attempts = await attemptsOf(2, handle.workflowId, 100);
    expect(attempts).toHaveLength(100);
    await vi.waitFor(async () =>
      expect((await store.attempts.of(2, id)).at(-1)).toMatchObject({ by: 'replay', status: 200, answer: 'thanks' }),
    );
    expect(await store.deliveries.get(2, id)).toMatchObject({ state: 'delivered' });
  });

  it('a dead letter of an endpoint that said 410 has all that a replay needs', async () => {
    target.on('/left', answer(410), answer(200, 'back'));
    const { handle, report } = await rig.start({ flow, account: accountFor(4, '/left') });
    await report();
    const id = `${handle.workflowId}/flow-end`;
    const delivery = rig.env.client.workflow.getHandle(id);
    await expect(delivery.result()).rejects.toMatchObject({ cause: { type: 'DEAD_LETTER' } });
    expect(await store.deliveries.get(4, id)).toMatchObject({ state: 'dead', attempts: 1, detail: 'status 410' });
    expect(await replayed(4, id)).toEqual({ replayed: [id] });
    expect(await rig.env.client.workflow.getHandle(id).result()).toBe(1);
    expect(await store.deliveries.get(4, id)).toMatchObject({ state: 'delivered' });
    expect(() => verify(target.of('/left').at(-1))).not.toThrow();
  });

  it('an endpoint that has failed for long is paused with one alert, and gets every flow end when it is back', async () => {
    const error = vi.spyOn(Runtime.instance().logger, 'error').mockImplementation(() => undefined);
    target.on('/away', answer(503));
    const rule = { failures: 20, milliseconds: HOUR };
    const endpoint = { accountId: 3, url: target.url('/away') };
    for (let n = 1; n < rule.failures; n += 1)
      await store.endpoints.failed(endpoint, 'status 503', new Date(Date.now() - 2 * HOUR), rule);
    const started = [];
    for (const attempts of [1, 0, 0]) {
      const call = await rig.start({ flow, account: accountFor(3, '/away') });
      expect(await call.report()).toMatchObject({ flowEnd: { delivered: false, attempts } });
      started.push(call);
    }

    await rig.env.sleep('12 hours');
    const asked = target.of('/away').length;
    expect(asked).toBeGreaterThan(15);
    expect(asked).toBeLessThan(40);
    expect(error.mock.calls).toEqual([[expect.stringMatching(/^ENDPOINT_PAUSED: [^\d]+$/)]]);
    target.on('/away', answer(200));
    const deliveries = started.map(({ handle }) => rig.env.client.workflow.getHandle(`${handle.workflowId}/flow-end`));
    for (const one of deliveries) await one.result();
    const closed = await Promise.all(deliveries.map(async (one) => (await one.describe()).closeTime?.getTime() ?? 0));
    expect(Math.max(...closed) - Math.min(...closed)).toBeLessThan(60_000);
    const taken = target
      .of('/away')
      .slice(asked)
      .map(({ headers }) => headers['webhook-id']);
    expect(new Set(taken)).toEqual(new Set(deliveries.map(({ workflowId }) => workflowId)));
    expect(await store.endpoints.list(3, { limit: 9 })).toEqual({ items: [], next: null });
    error.mockRestore();
  });
});
