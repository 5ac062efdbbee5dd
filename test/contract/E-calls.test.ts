import type { WorkflowHandle } from '@temporalio/client';
import { beforeAll, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { verifyFlowEnd } from '../../src/client/verify-flow-end.js';
import type { FlowEndPayload } from '../../src/engine/call-report.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';
import { useRig } from '../support/set-up.js';
import { type Target, answer, bytes, json } from '../support/target.js';

const SECRET = `whsec_${Buffer.from('a secret of the tests, 32 bytes!').toString('base64')}`;
let rig: Rig;
let target: Target;
useRig((started) => ({ rig, target } = started));
beforeAll(() => {
  process.env.HOOKLINE_SECRET_1_FLOW_END = SECRET;
});

const accountFor = (path: string, webhook: object = {}) => ({
  httpEnabled: true,
  timeZone: 'Asia/Kolkata',
  targetAllowList: ['127.0.0.1'],
  secrets: { signing: { env: 'HOOKLINE_SECRET_1_FLOW_END' } },
  defaultWebhook: { url: target.url(path), ...webhook },
});
const flow = (widgets: Record<string, object>, more: object = {}) => flowOf(widgets, { flowEndWebhook: true, ...more });
const answered = { type: 'answerCall', lines: { next: 'say' } };
const say = { type: 'play', prompt: { text: 'Hello, this is a test of the flow end.' } };
const store = (...names: string[]) => ({
  type: 'storeVariable',
  assign: names.map((name) => ({ saveIn: name, value: `value of ${name.slice(1)}` })),
});
const bodyOf = (path: string, index = 0) => JSON.parse(target.of(path)[index]?.body ?? 'null') as FlowEndPayload;

/** Seconds of each timer that a workflow set, in order. */
const timersOf = async (handle: WorkflowHandle) =>
  ((await handle.fetchHistory()).events ?? []).flatMap(({ timerStartedEventAttributes: timer }) =>
    timer ? [Number(timer.startToFireTimeout?.seconds ?? 0) + (timer.startToFireTimeout?.nanos ?? 0) / 1e9] : [],
  );

describe('E2, E3: what is sent', () => {
  it('E3: one leg in the fixed format, with the times of the account and the numbers by direction', async () => {
    target.on('/inbound', answer(204));
    const report = await rig.run({
      flow: flow({ answer: answered, say }),
      account: accountFor('/inbound'),
      caller: { from: '919800000007', to: '912200000002' },
    });
    const payload = bodyOf('/inbound');
    expect(report.flowEnd).toEqual({ delivered: true, attempts: 1, payload });
    const [leg] = payload.callDetails;
    expect(leg).toMatchObject({
      calleeNumber: '919800000007',
      didNumber: '912200000002',
      hangupCause: '16',
      incoming: true,
    });
    expect(leg?.connectTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+05:30$/);
    expect(leg?.duration).toBe(String(Date.parse(leg?.endTime ?? '') - Date.parse(leg?.connectTime ?? '')));
    expect(payload['phonon-uuid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(leg).not.toHaveProperty('calleeType');
  });

  it('E3: on an outbound call the other party is still calleeNumber and our number didNumber', async () => {
    target.on('/outbound', answer(200));
    await rig.run({
      flow: flow({ answer: answered, say }, { type: 'outbound' }),
      account: accountFor('/outbound'),
      caller: { from: '912200000002', to: '919800000007' },
      direction: 'outbound',
    });
    expect(bodyOf('/outbound').callDetails[0]).toMatchObject({
      calleeNumber: '919800000007',
      didNumber: '912200000002',
      incoming: false,
    });
  });

  it('E2: it is sent after a hang-up, a failure and a cancellation as well', async () => {
    target.on('/always', answer(200));
    const account = accountFor('/always');
    const caller = { steps: [{ until: { widget: 'say' } }, { hangUp: true }] };
    const outcomes = [
      await rig.run({ flow: flow({ answer: answered, say }), account, caller }),
      await rig.run({ flow: flow({ w: { type: 'delay', seconds: '$flow.key.none' } }), account }),
    ];
    const { handle, report } = await rig.start({ flow: flow({ w: { type: 'delay', seconds: 3000 } }), account });
    while (!(await handle.query<string[]>('path')).includes('w'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    await handle.cancel();
    outcomes.push(await report());
    expect(outcomes.map((one) => one.outcome)).toEqual(['hungUp', 'failed', 'cancelled']);
    expect(outcomes.every((one) => one.flowEnd?.delivered)).toBe(true);
    expect(target.of('/always')).toHaveLength(3);
  });

  it('E4: keys are named in full, in the order first set, without syskeys and raw answers', async () => {
    target.on('/keys', answer(200)).on('/data', json({ id: 12345678901234567890n.toString() }));
    const hook = {
      type: 'webhook',
      request: { method: 'GET', url: target.url('/data') },
      response: { type: 'json', map: [{ saveIn: '$flow.key.id', path: 'data.id' }] },
      lines: { success: 'more' },
    };
    const first = { ...store('$flow.key.b', '$flow.key.a', '$flow.syskey.s', '$user.key.u'), lines: { next: 'hook' } };
    const more = {
      type: 'storeVariable',
      assign: [
        { saveIn: '$flow.key.b', value: '$flow.key.none' },
        { saveIn: '$flow.key.a', value: 'again' },
      ],
    };
    await rig.run({
      flow: flow({ first, hook, more }),
      account: accountFor('/keys'),
      variables: { '$flow.key.given': 'at the start' },
    });
    const { keys } = bodyOf('/keys');
    expect(keys.map((key) => key.name)).toEqual([
      '$flow.key.given',
      '$flow.key.a',
      '$user.key.u',
      '$flow.key.response_status',
      '$flow.key.response_status_code',
      '$flow.key.response_status_type',
      '$flow.key.response_duration',
      '$flow.key.response_error',
      '$flow.key.id',
    ]);
    expect(keys.find((key) => key.name === '$flow.key.a')?.value).toBe('again');
  });

  it('E4: response_raw is sent when its last writer persists it', async () => {
    target.on('/raw', answer(200)).on('/data2', json({ a: 1 }));
    const hook = { type: 'webhook', request: { method: 'GET', url: target.url('/data2') }, persist: true };
    await rig.run({ flow: flow({ hook }), account: accountFor('/raw') });
    expect(bodyOf('/raw').keys).toContainEqual({ name: '$flow.key.response_raw', value: '{"a":1}' });
  });
});

describe('E5, E6: delivery', () => {
  it('E6: On Flow Complete runs first, and what it sets is told', async () => {
    target.on('/order', answer(200)).on('/own-format', answer(200));
    const done = { type: 'webhook', request: { method: 'POST', url: target.url('/own-format') } };
    await rig.run({
      flow: flow({ answer: answered, say, done }, { onFlowComplete: 'done' }),
      account: accountFor('/order'),
    });
    expect(target.received.slice(-2).map((request) => request.path)).toEqual(['/own-format', '/order']);
    expect(bodyOf('/order').keys).toContainEqual({ name: '$flow.key.response_status', value: 'SUCCESS' });
  });

  it('E5: it is signed as Standard Webhooks when the account has a secret', async () => {
    target.on('/signed', answer(200));
    await rig.run({ flow: flow({ say }), account: accountFor('/signed', { signingSecret: { secret: 'signing' } }) });
    const [request] = target.of('/signed');
    expect(() => new Webhook(SECRET).verify(request?.body ?? '', request?.headers ?? {})).not.toThrow();
    expect(() => new Webhook(SECRET).verify(`${request?.body} `, request?.headers ?? {})).toThrow();
  });

  it('E5: each secret of a list signs while one rolls over, and the helper for receivers takes either', async () => {
    process.env['HOOKLINE_SECRET_1_OLD'] = 'correct horse battery staple';
    process.env['HOOKLINE_SECRET_1_NEW'] = SECRET.slice('whsec_'.length);
    target.on('/rolling', answer(200));
    const account = {
      ...accountFor('/rolling', { signingSecret: [{ secret: 'new' }, { secret: 'old' }] }),
      secrets: { new: { env: 'HOOKLINE_SECRET_1_NEW' }, old: { env: 'HOOKLINE_SECRET_1_OLD' } },
    };
    await rig.run({ flow: flow({ say }), account });
    const [request] = target.of('/rolling');
    expect(request?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const secret of [SECRET, SECRET.slice('whsec_'.length), 'correct horse battery staple']) {
      expect(verifyFlowEnd(request?.headers ?? {}, request?.body ?? '', secret).id).toMatch(/\/flow-end$/);
    }
    expect(() => verifyFlowEnd(request?.headers ?? {}, request?.body ?? '', 'another')).toThrow();
  });

  it.each([
    ['an equal Content-Length twice', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok'],
    ['unequal lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    ['204 and a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n'],
    ['a line that is no header', 'HTTP/1.1 200 OK\r\nno header\r\n\r\n'],
  ])('W13, E5: a flow end that is answered 2xx with %s is delivered, once', async (_what, raw) => {
    target.on('/strict', bytes(raw));
    target.received.length = 0;
    const { flowEnd } = await rig.run({ flow: flow({ say }), account: accountFor('/strict') });
    expect(flowEnd).toMatchObject({ delivered: true, attempts: 1 });
    expect(target.of('/strict')).toHaveLength(1);
  });

  it('E2, E5: a signing secret that is not there delays the flow end and does not lose it', async () => {
    delete process.env.HOOKLINE_SECRET_1_LATER;
    target.on('/later', answer(200));
    const account = {
      ...accountFor('/later', { signingSecret: { secret: 'later' } }),
      secrets: { later: { env: 'HOOKLINE_SECRET_1_LATER' } },
    };
    const own = await timeSkippingRig();
    const { handle, report } = await own.start({ flow: flow({ say }), account });
    expect(await report()).toMatchObject({ outcome: 'completed', error: null, flowEnd: { delivered: false } });
    expect(target.of('/later')).toHaveLength(0);
    process.env.HOOKLINE_SECRET_1_LATER = SECRET;
    await own.env.client.workflow.getHandle(`${handle.workflowId}/flow-end`).result();
    const [request] = target.of('/later');
    expect(() => new Webhook(SECRET).verify(request?.body ?? '', request?.headers ?? {})).not.toThrow();
    await own.close();
  });

  it('E5: a target that is down at first gets it by a later attempt of the call, with the same id', async () => {
    target.on('/wakes', answer(503), answer(500), answer(200));
    const report = await rig.run({ flow: flow({ say }), account: accountFor('/wakes') });
    expect(report.flowEnd).toMatchObject({ delivered: true, attempts: 3 });
    expect(new Set(target.of('/wakes').map((request) => request.headers['webhook-id'])).size).toBe(1);
  });

  it('E5: any 2xx is delivered, also when the rest of the answer never comes', async () => {
    target.on('/half', bytes('HTTP/1.1 202 Accepted\r\ncontent-length: 10\r\n\r\nhalf'));
    const report = await rig.run({ flow: flow({ say }), account: accountFor('/half') });
    expect(report.flowEnd).toMatchObject({ delivered: true, attempts: 1 });
    expect(target.of('/half')).toHaveLength(1);
  });

  it('E5: Retry-After is waited for, in the call and by the delivery that goes on', async () => {
    target.on(
      '/busy',
      answer(503, '', { 'retry-after': '7' }),
      answer(503, '', { 'retry-after': '3000' }),
      answer(200),
    );
    const own = await timeSkippingRig();
    const { handle, report } = await own.start({ flow: flow({ say }), account: accountFor('/busy') });
    expect(await report()).toMatchObject({ flowEnd: { delivered: false, attempts: 2 } });
    expect(await timersOf(handle)).toContain(7);
    const child = own.env.client.workflow.getHandle(`${handle.workflowId}/flow-end`);
    await child.result();
    expect((await timersOf(child))[0]).toBeGreaterThanOrEqual(3000);
    await own.close();
  });

  it('E5: a target that asks for a year is left alone for an hour', async () => {
    target.on('/never', answer(503, '', { 'retry-after': '31536000' }), answer(200));
    const own = await timeSkippingRig();
    const { handle, report } = await own.start({ flow: flow({ say }), account: accountFor('/never') });
    await report();
    const child = own.env.client.workflow.getHandle(`${handle.workflowId}/flow-end`);
    expect(await child.result()).toBe(1);
    expect(await timersOf(child)).toEqual([3600]);
    await own.close();
  });

  it('E5: 410 Gone makes it a dead letter at once, whether the call is answered so or the delivery after it', async () => {
    target.on('/gone', answer(410)).on('/went', ...Array.from({ length: 6 }, () => answer(503)), answer(410));
    for (const [path, asked, tried] of [
      ['/gone', 1, 'The endpoint is gone: status 410'],
      ['/went', 7, 'Not delivered in 1 attempts: status 410'],
    ] as const) {
      // Time is not skipped any more once a delivery has failed.
      const own = await timeSkippingRig();
      const { handle, report } = await own.start({ flow: flow({ say }), account: accountFor(path) });
      expect(await report()).toMatchObject({ outcome: 'completed', flowEnd: { delivered: false } });
      const child = own.env.client.workflow.getHandle(`${handle.workflowId}/flow-end`);
      await expect(child.result()).rejects.toMatchObject({ cause: { type: 'DEAD_LETTER', message: tried } });
      expect((await child.describe()).searchAttributes).toMatchObject({ HooklineDelivery: ['dead'] });
      expect(target.of(path)).toHaveLength(asked);
      await own.close();
    }
  });

  it('E5: after 72 hours it is a dead letter', async () => {
    target.on('/dead', answer(503));
    const { handle, report } = await rig.start({ flow: flow({ say }), account: accountFor('/dead') });
    await report();
    const child = rig.env.client.workflow.getHandle(`${handle.workflowId}/flow-end`);
    await expect(child.result()).rejects.toMatchObject({ cause: { type: 'DEAD_LETTER' } });
    const { searchAttributes, startTime, closeTime } = await child.describe();
    expect(searchAttributes).toMatchObject({ HooklineDelivery: ['dead'] });
    expect((closeTime?.getTime() ?? 0) - startTime.getTime()).toBeGreaterThanOrEqual(72 * 3600_000);
    // The gaps grow to four hours, and each is a little other than planned.
    const parts = (await timersOf(child)).map((gap, n) => gap / 60 / ([0.5, 1, 2, 5, 10, 20, 40, 60, 120][n] ?? 240));
    expect(parts.length).toBeGreaterThan(20);
    for (const part of parts) expect(Math.abs(part - 1)).toBeLessThanOrEqual(0.21);
    expect(new Set(parts.map((part) => part.toFixed(2))).size).toBeGreaterThan(5);
  });

  it('E5: a target that is down for 71 hours gets it from the child, with the same id, while the call has closed', async () => {
    // An environment of its own: the test server does not survive a second skip of days.
    const own = await timeSkippingRig();
    target.on('/away', answer(503));
    const { handle, report } = await own.start({ flow: flow({ say }), account: accountFor('/away') });
    expect(await report()).toMatchObject({ outcome: 'completed', flowEnd: { delivered: false } });
    const child = own.env.client.workflow.getHandle(`${handle.workflowId}/flow-end`);
    await own.env.sleep('71 hours');
    expect(target.of('/away').length).toBeGreaterThan(20);
    target.on('/away', answer(200));
    expect(await child.result()).toBeGreaterThan(10);
    expect(new Set(target.of('/away').map((request) => request.headers['webhook-id'])).size).toBe(1);
    await own.close();
  });
});
