import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { AccountClient, BridgeClient, HooklineApiError, verifyFlowEnd } from '../../src/client.js';
import { type TestApi, testApi } from '../support/api.js';
import { type TestCalls, testCalls } from '../support/calls.js';
import { Target, answer } from '../support/target.js';

const SECRET = 'a signing secret of the tests';
let api: TestApi;
let calls: TestCalls;
let target: Target;
let shop: AccountClient;
let engine: BridgeClient;
beforeAll(async () => {
  vi.stubEnv('HOOKLINE_SECRET_9_CLIENT', SECRET);
  [api, target] = await Promise.all([testApi(), Target.start()]);
  calls = await testCalls(api);
  target.on('/end', answer(204));
  await api.send('POST', '/v1/accounts', {
    ...{
      id: 9,
      httpEnabled: true,
      targetAllowList: ['127.0.0.1'],
      secrets: { end: { env: 'HOOKLINE_SECRET_9_CLIENT' } },
    },
    defaultWebhook: { url: target.url('/end'), signingSecret: { secret: 'end' } },
    outbound: { bridge: calls.bridge, from: '912200000002', callsPerSecond: 20 },
  });
  const key = await api.keyFor(9, 'flows:write', 'flows:publish', 'calls:write', 'calls:private', 'reports:read');
  shop = new AccountClient({ url: `${api.url}/`, account: 9, key });
  engine = new BridgeClient({ url: api.url });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await calls.stop();
  await Promise.all([api.stop(), target.stop()]);
});

const flow = (text: string) => ({
  ...{ hookline: 1, id: 'greeting', type: 'outbound', flowEndWebhook: true, start: 'answer' },
  widgets: {
    answer: { type: 'answerCall', lines: { next: 'say' } },
    say: { type: 'play', prompt: { text }, lines: { next: 'bye' } },
    bye: { type: 'hangUp' },
  },
});
const until = async <T>(look: () => Promise<T>, done: (seen: T) => boolean): Promise<T> => {
  for (let tries = 0; tries < 200; tries += 1) {
    const seen = await look();
    if (done(seen)) return seen;
    await pause(100);
  }
  throw new Error('It did not come.');
};

describe('AccountClient', () => {
  it('keeps, publishes and rolls back flows', async () => {
    expect(await shop.flowVersion('greeting', 'newest')).toBeUndefined();
    expect(await shop.saveFlow(flow('one'))).toEqual({ id: 'greeting', version: 1, warnings: [] });
    await shop.publishFlow('greeting', 1);
    await shop.publishFlow('greeting', (await shop.saveFlow(flow('two'))).version);
    expect(await shop.rollbackFlow('greeting')).toBe(1);
    expect(await shop.flows()).toMatchObject([{ id: 'greeting', newest: 2, published: 1 }]);
    expect((await shop.flowVersion('greeting', 'published'))?.document).toEqual(flow('one'));
  });

  it('places a call once for one idempotency key, and tells how it ended', async () => {
    const place = () => shop.placeCall({ flow: 'greeting', to: '9800000001' }, { idempotencyKey: 'order-1' });
    const { request, id } = await place();
    expect(await place()).toEqual({ request, id });
    const [placed] = await until(
      () => shop.outboundCalls(request),
      ([one]) => one?.state === 'ended',
    );
    expect(placed).toMatchObject({ id, outcome: 'completed' });
    expect(await shop.report(placed?.call ?? '')).toMatchObject({ uuid: id, flow: 'greeting', flowVersion: 1 });
    expect((await shop.call(placed?.call ?? '')).path.map(({ widget }) => widget)).toEqual(['answer', 'say', 'bye']);
  });

  it('E5: the flow end is verified byte for byte, and a forged or old one is refused', async () => {
    const received = await until(
      () => Promise.resolve(target.received.at(-1)),
      (one) => one !== undefined,
    );
    const { headers = {}, body = '' } = received ?? {};
    const { id, payload } = verifyFlowEnd(headers, body, SECRET);
    expect(id).toMatch(/^call-9-\w+\/flow-end$/);
    expect(payload.callDetails).toMatchObject([{ calleeNumber: '9800000001', hangupCause: '16' }]);
    expect(() => verifyFlowEnd(headers, `${body} `, SECRET)).toThrow();
    expect(() => verifyFlowEnd(headers, body, 'another secret of somebody')).toThrow();
    const old = { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 400) };
    expect(() => verifyFlowEnd(old, body, SECRET)).toThrow();
    expect(() => verifyFlowEnd({}, body, SECRET)).toThrow();
  });

  it('takes back and ends calls', async () => {
    const later = await shop.placeCall({
      flow: 'greeting',
      to: '9800000002',
      startAt: new Date(Date.now() + 3600_000).toISOString(),
    });
    expect(await shop.cancelOutbound(later.request)).toBe(1);
    await expect(shop.endCall('call-9-nothing')).rejects.toMatchObject({ status: 404, code: 'CALL_UNKNOWN' });
  });

  it('an error of the API has a type, a code and every fault', async () => {
    const fault = await shop.saveFlow({ ...flow('x'), nmae: 1 }).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(HooklineApiError);
    expect(fault).toMatchObject({ status: 422, code: 'INVALID_FLOW', errors: [{ pointer: '/nmae' }] });
    const nobody = new AccountClient({ url: 'http://127.0.0.1:9', account: 9, key: 'x', timeoutMs: 1000 });
    await expect(nobody.flows()).rejects.not.toBeInstanceOf(HooklineApiError);
  });
});

describe('BridgeClient', () => {
  it('B1, B2, C5: starts a call once, reports a hang-up, and reads where the call stands', async () => {
    const at = new Date().toISOString();
    const document = {
      ...flow('hello'),
      type: 'inbound',
      flowEndWebhook: false,
      widgets: { wait: { type: 'delay', seconds: 600 } },
      start: 'wait',
    };
    const input = {
      account: 9,
      flow: document,
      call: { id: 'c1', direction: 'inbound' as const, from: '1', to: '2', startedAt: at },
      bridge: calls.bridge,
    };
    const { call } = await engine.startCall(input);
    expect(await engine.startCall(input)).toEqual({ call });
    await until(
      () => engine.callState(call),
      ({ path }) => path.includes('wait'),
    );
    const ended = { eventId: 'e1', seq: 1, at, leg: '1', type: 'legEnded' as const, cause: 16, by: 'remote' as const };
    expect(await engine.sendEvents(call, [ended])).toMatchObject({ state: 'running' });
    expect(
      await until(
        () => engine.callState(call),
        ({ state }) => state === 'ended',
      ),
    ).toMatchObject({ path: ['wait'] });
    await expect(engine.callState('call-9-nothing')).rejects.toMatchObject({ code: 'CALL_UNKNOWN' });
  });

  it('R9: reports are found by outcome and time, and waiting for the end gives the call as it was then', async () => {
    const [newest] = (await shop.reports({ outcome: 'completed', from: '2026-01-01' })).items;
    expect(newest).toMatchObject({ outcome: 'completed' });
    expect((await shop.reports({ to: '2026-01-01' })).items).toEqual([]);
    expect(await shop.waitForEnd(newest?.call ?? '')).toMatchObject({ state: 'ended' });
  });

  it('C5: a call that Temporal has forgotten is not started again, for its report is there', async () => {
    const call = callWorkflowId(9, calls.bridge.id, 'long-ago');
    const at = new Date();
    await api.store.reports.save(9, {
      ...{ call, flowId: 'greeting', flowVersion: null, uuid: randomUUID(), direction: 'inbound', from: '1', to: '2' },
      ...{ outcome: 'completed', error: null, path: [], persisted: {}, startedAt: at, endedAt: at },
    });
    const input = {
      ...{ account: 9, flow: { id: 'greeting', version: 1 }, bridge: calls.bridge },
      call: { id: 'long-ago', direction: 'inbound' as const, from: '1', to: '2', startedAt: at.toISOString() },
    };
    expect(await engine.startCall(input)).toEqual({ call });
    await expect(api.client.workflow.getHandle(call).describe()).rejects.toThrow();
  });
});
