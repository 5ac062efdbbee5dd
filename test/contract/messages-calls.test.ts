import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { composeFlowEnd } from '../../src/activities/flow-end/flow-end.js';
import { createOpenCall } from '../../src/calls/open-call.js';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import { startCall } from '../../src/calls/start-call.js';
import { callReport } from '../../src/calls/read-call.js';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { callSinks } from '../../src/temporal/call-sinks.js';
import { type Rig, type StartedCall, flowOf, timeSkippingRig } from '../support/rig.js';
import { SmtpServer } from '../support/smtp.js';
import { Target, after, answer, bytes, silence } from '../support/target.js';

let rig: Rig;
let target: Target;
let mail: SmtpServer;
beforeAll(async () => {
  [rig, target, mail] = await Promise.all([timeSkippingRig(), Target.start(), SmtpServer.start()]);
});
afterAll(async () => {
  await rig.close();
  await Promise.all([target.stop(), mail.stop()]);
});
beforeEach(() => {
  target.received.length = 0;
  target.on('/sms', answer(202, '{"queued":true}'));
  mail.reset();
});
afterEach(() => vi.unstubAllEnvs());

const CALLER = '919876543210';
const account = (more: object = {}) => ({
  ...{ httpEnabled: true, targetAllowList: ['127.0.0.1'] },
  sms: { url: target.url('/sms') },
  smtp: { host: '127.0.0.1', port: mail.port, requireTls: false, from: 'shop@example.com' },
  ...more,
});
const sms = (more: object = {}) => ({
  ...{ type: 'sms', to: '$call.cli.number', text: 'Your order is sent.' },
  ...{ lines: { success: 'good', failure: 'bad' }, ...more },
});
const email = (more: object = {}) => ({
  ...{ type: 'email', to: 'ann@example.com', subject: 'Order', text: 'It is sent.' },
  ...{ lines: { success: 'good', failure: 'bad' }, ...more },
});
const store = (name: string, value = '$flow.key.response_status') => ({
  type: 'storeVariable',
  assign: [{ saveIn: `$flow.key.${name}`, value }],
});
const flow = (message: object, entries: object = {}) =>
  flowOf(
    { answer: { type: 'answerCall', lines: { next: 'msg' } }, msg: message, good: store('good'), bad: store('bad') },
    entries,
  );
const run = (message: object, more: { account?: object; variables?: Record<string, string> } = {}) =>
  rig.run({ flow: flow(message), account: account(more.account), caller: { from: CALLER }, ...(more.variables && { variables: more.variables }) }); // prettier-ignore
const posted = () => target.of('/sms').map((request) => JSON.parse(request.body) as Record<string, string>);
const timelineOf = async ({ handle }: StartedCall) => {
  const { timeline } = await handle.query<{ timeline: { text: string }[] }>('progress');
  return timeline.map((entry) => entry.text).join('\n');
};
/** The summaries of a call's activities and timers: what a list in Temporal's UI shows. */
const summariesOf = async ({ handle }: StartedCall) => {
  const { events } = await handle.fetchHistory();
  const data = (events ?? []).map((event) => event.userMetadata?.summary?.data);
  return data.map((one) => (one ? Buffer.from(one).toString() : '')).join('\n');
};

describe('sms', () => {
  it('T3, T5, W8: a provider gets the body that its account describes, with the id of the template, once', async () => {
    const content = { templateId: '{template}', sms: [{ to: '{to}', message: '{text}', ref: '{id}' }], cost: '$5' };
    const provider = { url: target.url('/sms'), body: { type: 'json', content } };
    const message = sms({
      text: 'Code "$flow.key.code" $flow.key.none',
      template: '1107$flow.key.code',
      onMissing: 'empty',
    });
    await run(message, { account: { sms: provider }, variables: { '$flow.key.code': '7"' } });
    const [request, ...others] = target.of('/sms');
    expect(others).toEqual([]);
    const ref = request?.headers['idempotency-key'];
    expect(posted()).toEqual([{ templateId: '11077"', sms: [{ to: CALLER, message: 'Code "7"" ', ref }], cost: '$5' }]);
    const fields = [
      { key: 'to', value: '{to}' },
      { key: 'msg', value: '{text}' },
      { key: 'tpl', value: '{template}' },
    ];
    await run(sms({ text: 'a&b' }), { account: { sms: { ...provider, body: { type: 'form', fields } } } });
    expect(target.of('/sms').at(-1)?.body).toBe(`to=${CALLER}&msg=a%26b`);
  });

  it('T3, W8: the provider gets id, to, from and text as JSON, the id being the Idempotency-Key', async () => {
    const text = 'Order $flow.key.n: "sent"';
    const n = '7", "to": "+15550000000';
    const report = await run(sms({ text, from: 'Shop' }), { variables: { '$flow.key.n': n } });
    expect(report.path[1]).toEqual({ widget: 'msg', type: 'sms', line: 'success', lineNumber: 0 });
    const id = `${report.call}/msg/1`;
    expect(posted()).toEqual([{ id, to: CALLER, from: 'Shop', text: `Order ${n}: "sent"` }]);
    expect(target.of('/sms')[0]).toMatchObject({ method: 'POST', headers: { 'idempotency-key': id, 'content-type': 'application/json' } }); // prettier-ignore
  });

  it('R2: the result variables are those of a webhook, and no earlier one is left', async () => {
    target.on('/sms', answer(202, 'taken'), answer(400, 'no'));
    const { variables } = await rig.run({
      flow: flowOf({ one: sms({ lines: { success: 'two' } }), two: sms({ lines: { failure: 'three' } }), three: sms({ to: '$flow.key.none', lines: {} }) }), // prettier-ignore
      account: account(),
    });
    expect(variables).toMatchObject({
      '$flow.key.response_status': 'FAILED',
      '$flow.key.response_error': 'true',
      '$flow.key.error_reason': 'INVALID_FLOW_VAR',
    });
    for (const name of ['code', 'type']) expect(variables).not.toHaveProperty(`$flow.key.response_status_${name}`);
    expect(variables).not.toHaveProperty('$flow.key.response_raw');
    expect(posted()).toHaveLength(2);
  });

  it('R2, R7, R9: code, type and answer of the provider are kept, and persist on request', async () => {
    const values = {
      '$flow.key.response_status': 'SUCCESS',
      '$flow.key.response_status_code': '202',
      '$flow.key.response_status_type': 'SUCCESSFUL',
      '$flow.key.response_raw': '{"queued":true}',
      '$flow.key.response_error': 'false',
      '$flow.key.good': 'SUCCESS',
    };
    const report = await run(sms({ persist: true }));
    expect(report.variables).toMatchObject(values);
    expect(report.persisted).toMatchObject({ '$flow.key.response_raw': '{"queued":true}' });
    expect((await run(sms())).persisted).toEqual({});
  });

  it.each([
    ['204 and a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n'],
    ['an equal Content-Length twice', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok'],
    ['unequal lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    ['a coding that is none', 'HTTP/1.1 200 OK\r\nContent-Encoding: UTF-8\r\nContent-Length: 2\r\n\r\nok'],
    ['a text in Latin-1', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\xe4'],
    ['less than its length', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok'],
  ])('W13: a message that its provider took, answering with %s, is a success and is sent once', async (_what, raw) => {
    target.on('/sms', bytes(Buffer.from(raw, 'latin1')));
    const report = await run(sms());
    expect(report.path[1]).toEqual({ widget: 'msg', type: 'sms', line: 'success', lineNumber: 0 });
    expect(report.variables).toMatchObject({ '$flow.key.response_status': 'SUCCESS' });
    expect(target.of('/sms')).toHaveLength(1);
  });

  it('H4, W8: what is passing is sent again with the same key, for that is safe', async () => {
    target.on('/sms', answer(503), answer(502), answer(202));
    const report = await run(sms());
    expect(report.path[1]).toMatchObject({ line: 'success' });
    const keys = target.of('/sms').map(({ headers, body }) => [headers['idempotency-key'], body]);
    expect(keys).toHaveLength(3);
    expect(new Set(keys.map(String)).size).toBe(1);
  });

  it.each([
    ['a refusal', 400, 1, 'CLIENT_ERROR'],
    ['a fault of the provider', 500, 1, 'SERVER_ERROR'],
    ['a provider that stays away', 503, 3, 'SERVER_ERROR'],
    ['refused credentials', 401, 1, 'AUTHENTICATION_FAILURE'],
  ])('R3: %s (%i) takes line failure after %i requests: %s', async (_what, status, requests, reason) => {
    target.on('/sms', answer(status));
    const auth = { type: 'bearer', token: 'x' };
    const report = await run(sms(), { account: { sms: { url: target.url('/sms'), auth } } });
    expect(report.path[1]).toEqual({ widget: 'msg', type: 'sms', line: 'failure', lineNumber: 1 });
    expect(report.variables).toMatchObject({ '$flow.key.error_reason': reason, '$flow.key.bad': 'FAILED' });
    expect(posted()).toHaveLength(requests);
  });

  it.each([
    ['no number', sms({ to: '$flow.key.none' }), 'INVALID_FLOW_VAR'],
    ['a blank number', sms({ to: '$flow.key.blank' }), 'INVALID_FLOW_VAR'],
    ['an absent value in the text', sms({ text: 'Order $flow.key.none' }), 'INVALID_FLOW_VAR'],
    ['a blank text', sms({ text: '$flow.key.blank' }), 'INVALID_FLOW_VAR'],
    ['an absent sender', sms({ from: '$flow.key.none' }), 'INVALID_FLOW_VAR'],
    ['two numbers', sms({ to: '$flow.key.two' }), 'INVALID_REQUEST'],
    ['something else than a number', sms({ to: 'sip:$call.cli.number@example.com' }), 'INVALID_REQUEST'],
    ['a text that is too long', sms({ text: '$flow.key.long' }), 'INVALID_REQUEST'],
    ['a sender with a line end', sms({ from: '$flow.key.lines' }), 'INVALID_REQUEST'],
  ])('W5: with %s nothing is sent', async (_what, widget, reason) => {
    const variables = {
      '$flow.key.blank': ' ',
      '$flow.key.two': '+15550000001,+15550000002',
      '$flow.key.long': 'é'.repeat(1601),
      '$flow.key.lines': 'Shop\nEvil',
    };
    const report = await run(widget, { variables });
    expect(report.path[1]).toMatchObject({ line: 'failure' });
    expect(report.variables).toMatchObject({ '$flow.key.error_reason': reason });
    expect(posted()).toEqual([]);
  });

  it('a text of 1,600 characters is sent, however many bytes they have', async () => {
    await run(sms({ text: '$flow.key.long' }), { variables: { '$flow.key.long': '😀'.repeat(1600) } });
    expect(posted()).toMatchObject([{ text: '😀'.repeat(1600) }]);
  });

  it("the account's own texts stand as they are, and its sender is the default", async () => {
    const provider = {
      url: target.url('/sms'),
      from: '$call.uuid',
      headers: [{ key: 'X-Tenant', value: 'a$$b $flow.key.x' }],
      auth: { type: 'basic', username: 'shop', password: 'pa$$word$call.id' },
    };
    await run(sms(), { account: { sms: provider } });
    expect(posted()).toMatchObject([{ from: '$call.uuid' }]);
    const { headers } = target.of('/sms')[0] ?? {};
    expect(headers?.['x-tenant']).toBe('a$$b $flow.key.x');
    const [, encoded = ''] = headers?.authorization?.split(' ') ?? [];
    expect(Buffer.from(encoded, 'base64').toString()).toBe('shop:pa$$word$call.id');
  });

  it('W11: a provider inside the network is refused like any target', async () => {
    const report = await run(sms(), { account: { targetAllowList: [] } });
    expect(report.variables).toMatchObject({ '$flow.key.error_reason': 'INVALID_REQUEST' });
    expect(posted()).toEqual([]);
  });
});

describe('email', () => {
  it('W5: with onMissing empty an absent variable leaves nothing in the text, and no address is ever empty', async () => {
    const text = 'Dear $flow.key.none, order ${flow.key.none:-1}';
    expect((await run(email({ text, onMissing: 'empty' }))).path[1]).toMatchObject({ line: 'success' });
    expect(mail.mails[0]?.data).toContain('\r\n\r\nDear , order 1');
    const { path, variables } = await run(email({ to: '$flow.key.none', onMissing: 'empty' }));
    expect(path[1]).toMatchObject({ line: 'failure' });
    expect(variables['$flow.key.error_reason']).toBe('INVALID_FLOW_VAR');
  });

  it('R1, R2: taken by the mail server: line success, the code of SMTP, no type of HTTP', async () => {
    const widget = email({ to: ['$flow.key.a', 'ben@example.com'], text: 'Order $flow.key.n', persist: true });
    const report = await run(widget, { variables: { '$flow.key.a': 'ann@example.com', '$flow.key.n': '7' } });
    expect(report.path[1]).toEqual({ widget: 'msg', type: 'email', line: 'success', lineNumber: 0 });
    expect(mail.mails).toMatchObject([{ to: ['ann@example.com', 'ben@example.com'] }]);
    expect(mail.mails[0]?.data).toContain('\r\n\r\nOrder 7');
    expect(report.variables).toMatchObject({
      '$flow.key.response_status': 'SUCCESS',
      '$flow.key.response_status_code': '250',
      '$flow.key.response_error': 'false',
      '$flow.key.response_duration': expect.stringMatching(/^\d+(\.\d{1,3})?$/),
    });
    for (const name of ['response_status_type', 'response_raw', 'error_reason']) {
      expect(report.variables).not.toHaveProperty(`$flow.key.${name}`);
    }
    expect(report.persisted).toMatchObject({ '$flow.key.response_status_code': '250' });
  });

  it('R3: refused: line failure, with the reason', async () => {
    mail.on('RCPT', '550 5.1.1 no such user');
    const report = await run(email());
    expect(report.path[1]).toEqual({ widget: 'msg', type: 'email', line: 'failure', lineNumber: 1 });
    expect(report.variables).toMatchObject({
      '$flow.key.response_status': 'FAILED',
      '$flow.key.response_status_code': '550',
      '$flow.key.error_reason': 'CLIENT_ERROR',
      '$flow.key.bad': 'FAILED',
    });
  });

  it('R2: no value of an earlier webhook is left, W5: an absent address sends nothing', async () => {
    const report = await rig.run({
      flow: flowOf({ one: sms({ lines: { success: 'two' } }), two: email({ to: '$flow.key.none', lines: {} }) }),
      account: account(),
    });
    expect(report.variables).toMatchObject({ '$flow.key.error_reason': 'INVALID_FLOW_VAR' });
    for (const name of ['response_raw', 'response_status_code', 'response_status_type']) {
      expect(report.variables).not.toHaveProperty(`$flow.key.${name}`);
    }
    expect(mail.connections).toBe(0);
  });

  it('W3: a secret stands in no history', async () => {
    vi.stubEnv('HOOKLINE_SECRET_1_MAIL', 'hunter2secret');
    const smtp = { host: '127.0.0.1', port: mail.port, from: 'shop@example.com', auth: { username: 'shop', password: { secret: 'mail' } } }; // prettier-ignore
    const owner = account({
      smtp,
      secrets: { mail: { env: 'HOOKLINE_SECRET_1_MAIL' }, other: { env: 'HOOKLINE_SECRET_1_OTHER' } },
    });
    const call = await rig.start({ flow: flow(email()), account: owner });
    // The server of the test offers no TLS, so that the credentials stay here.
    expect((await call.report()).variables).toMatchObject({ '$flow.key.error_reason': 'CONNECTION_FAILURE' });
    const { events } = await call.handle.fetchHistory();
    const task = events?.find(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'sendEmail',
    );
    const input = task?.activityTaskScheduledEventAttributes?.input?.payloads?.[0]?.data;
    expect(Buffer.from(input ?? []).toString()).toContain('"secrets":{"mail":{"env":"HOOKLINE_SECRET_1_MAIL"}}');
    const all = (events ?? []).map((event) => JSON.stringify(event, (_key, value: unknown) => value instanceof Uint8Array ? Buffer.from(value).toString() : value)); // prettier-ignore
    expect(all.join()).not.toContain('hunter2');
    expect(mail.lines.join()).not.toContain('AUTH');
  });
});

describe.each([
  ['sms', sms],
  ['email', email],
])('%s: what both have in common', (type, widget) => {
  const sent = () => (type === 'sms' ? posted().length : mail.mails.length);
  const slow = () => {
    target.on('/sms', after(700, answer(202)));
    mail.on('END', { after: 700, reply: '250 ok' });
  };

  it('H5: a hang-up lets the sending end, and keeps its values', async () => {
    slow();
    const report = await rig.run({
      flow: flow(widget(), { onRemoteHangup: 'good', onFlowComplete: 'bad' }),
      account: account(),
      caller: { steps: [{ until: { widget: 'msg' } }, { wait: 0.1 }, { hangUp: true }] },
    });
    expect(report.outcome).toBe('hungUp');
    expect(report.path.map(({ widget: key, line }) => [key, line])).toEqual([
      ['answer', 'next'],
      ['msg', 'success'],
      ['good', 'next'],
      ['bad', 'next'],
    ]);
    expect(report.variables).toMatchObject({ '$flow.key.response_status': 'SUCCESS', '$flow.key.good': 'SUCCESS' });
    expect(sent()).toBe(1);
  });

  it('C1: it needs no leg: it sends in On Remote Hangup and in On Flow Complete', async () => {
    const report = await rig.run({
      flow: flowOf(
        { wait: { type: 'delay', seconds: 600 }, left: widget({ lines: {} }), done: widget({ lines: {} }) },
        { onRemoteHangup: 'left', onFlowComplete: 'done' },
      ),
      account: account(),
      caller: { steps: [{ until: { widget: 'wait' } }, { hangUp: true }] },
    });
    expect(report.path.map(({ widget: key, line }) => [key, line]).slice(1)).toEqual([['left', 'success'], ['done', 'success']]); // prettier-ignore
    expect(sent()).toBe(2);
  });

  it('C6: neither summaries nor the timeline nor search attributes tell a number or an address', async () => {
    mail.on('RCPT', '550 5.1.1 no ann@example.com here');
    target.on('/sms', answer(400, `no ${CALLER}`));
    const call = await rig.start({ flow: flow(widget()), account: account(), caller: { from: CALLER } });
    expect((await call.report()).path[1]).toMatchObject({ line: 'failure' });
    const { searchAttributes } = await call.handle.describe();
    const told = [await timelineOf(call), await summariesOf(call), JSON.stringify(searchAttributes)].join('\n');
    expect(told).toContain(`${type} msg`);
    expect(told).toContain(`${type}: `);
    expect(told).not.toMatch(/@|9876543210|Order|sent\./);
  });

  it('D5, C4: an account that cannot send it is refused before the call starts', async () => {
    const call = rig.run({ flow: flow(widget()), account: { httpEnabled: true } });
    const code = type === 'sms' ? 'SMS_NOT_CONFIGURED' : 'SMTP_NOT_CONFIGURED';
    await expect(call).rejects.toMatchObject({ cause: { details: [[{ code, pointer: '/flow/widgets/msg' }]] } });
  });

  it('H4: it has 30 seconds in all, repeats included', async () => {
    const call = await rig.start({ flow: flow(widget()), account: account() });
    await call.report();
    const { events } = await call.handle.fetchHistory();
    const tasks = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: task }) => (task ? [task] : []));
    const task = tasks.find(({ activityType }) => activityType?.name === (type === 'sms' ? 'webhook' : 'sendEmail'));
    // Five more for the activity to tell of the time-out by itself.
    expect(Number(task?.scheduleToCloseTimeout?.seconds)).toBe(35);
    expect(Buffer.from(task?.input?.payloads?.[0]?.data ?? []).toString()).toContain('"timeout":30,');
  });
});

describe('R3: the time is over', () => {
  it('R3: a message that no worker takes in time takes line failure', async () => {
    const taskQueue = `without-activities-${randomUUID()}`;
    const limits = { ...DEFAULT_LIMITS, waitBudgetSeconds: 1 };
    const worker = await Worker.create({
      ...{ connection: rig.env.nativeConnection, namespace: 'default', taskQueue },
      workflowBundle: { codePath: inject('workflowBundle') },
      sinks: callSinks(undefined),
      activities: { openCall: createOpenCall({ limits, searchAttributes: true }), composeFlowEnd },
      enableNonLocalActivities: false,
      maxCachedWorkflows: 0,
    });
    const { bridge, taskQueue: bridgeQueue } = rig.simulator;
    const callOf = async (message: object) => {
      const id = randomUUID();
      const caller = { from: '1', to: '2', realTime: false, steps: [], legs: {} };
      bridge.addCall({ callId: id, workflowId: callWorkflowId(1, bridge.id, id), direction: 'inbound', caller });
      const call = { id, direction: 'inbound', from: '1234', to: '2', startedAt: new Date().toISOString() } as const;
      const input = {
        account: { id: 1, ...account() },
        flow: flowOf({ msg: message }) as { id: string },
        ...{ call, bridge: { id: bridge.id, taskQueue: bridgeQueue } },
      };
      return callReport(await startCall(rig.env.client, input, { taskQueue }));
    };
    const reports = await worker.runUntil(() =>
      Promise.all([callOf(sms({ lines: {} })), callOf(email({ lines: {} }))]),
    );
    for (const report of reports) {
      expect(report.path[0]).toMatchObject({ line: 'failure' });
      expect(report.variables).toMatchObject({ '$flow.key.error_reason': 'WAIT_BUDGET' });
    }
    expect([posted().length, mail.connections]).toEqual([0, 0]);
  });

  it('R3: messages spend it too, and are not sent when it is spent', async () => {
    const tight = await timeSkippingRig({ limits: { waitBudgetSeconds: 1 } });
    try {
      target.on('/sms', silence);
      const lines = { success: 'mail', failure: 'mail' };
      const report = await tight.run({
        flow: flowOf({ text: sms({ lines }), mail: email({ lines: {} }) }),
        account: account(),
      });
      expect(report.path.map(({ line }) => line)).toEqual(['failure', 'failure']);
      expect(report.variables).toMatchObject({ '$flow.key.error_reason': 'WAIT_BUDGET' });
      expect(mail.connections).toBe(0);
    } finally {
      await tight.close();
    }
  });
});
