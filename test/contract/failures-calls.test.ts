import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { composeFlowEnd } from '../../src/activities/flow-end/flow-end.js';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { createOpenCall } from '../../src/calls/open-call.js';
import { callReport } from '../../src/calls/read-call.js';
import { startCall } from '../../src/calls/start-call.js';
import type { CallProgress, CallReport } from '../../src/engine/call-report.js';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import { MAX_VARIABLES } from '../../src/flow/values/variables.js';
import { callSinks } from '../../src/temporal/call-sinks.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';
import { SmtpServer } from '../support/smtp.js';
import { Target, answer } from '../support/target.js';

let rig: Rig;
let target: Target;
let mail: SmtpServer;
beforeAll(async () => {
  [rig, target, mail] = await Promise.all([timeSkippingRig(), Target.start(), SmtpServer.start()]);
  target.on('/answer', answer(202, '{"queued":true}'));
});
afterAll(async () => {
  await rig.close();
  await Promise.all([target.stop(), mail.stop()]);
});

const account = () => ({
  ...{ httpEnabled: true, targetAllowList: ['127.0.0.1'] },
  sms: { url: target.url('/answer') },
  smtp: { host: '127.0.0.1', port: mail.port, requireTls: false, from: 'shop@example.com' },
});
/** As many variables as a call may hold: one more is over the limit. */
const full = () => Object.fromEntries(Array.from({ length: MAX_VARIABLES }, (_, n) => [`$flow.key.v${n}`, '']));
const webhook = () => ({ type: 'webhook', request: { method: 'GET', url: target.url('/answer') } });
const sms = { type: 'sms', to: '1234', text: 'It is sent.' };
const email = { type: 'email', to: 'ann@example.com', subject: 'Order', text: 'It is sent.' };
const saveIn = '$flow.key.one_more';

const run = async (widget: object, lines: object, more: object = {}) => {
  const flow = flowOf({ it: { ...widget, lines }, bad: { type: 'play', prompt: { text: 'bad' } } });
  const { handle, report } = await rig.start({ flow, account: account(), ...more });
  const ended = await report();
  const { timeline } = await handle.query<CallProgress>('progress');
  return { report: ended, notes: timeline.filter(({ kind }) => kind === 'note').map(({ text }) => text) };
};
const walked = ({ path }: CallReport) => path.map(({ widget, line }) => [widget, line]);

describe('C4, V6: a value that is over a limit of variables', () => {
  const callerOf = (widget: string) => ({ steps: [widget === 'record' ? { say: 'hello' } : { press: '12' }] });
  const over = `${saveIn} would be variable 1001 of at most 1,000.`;
  const writing: [what: string, widget: object, note: string | undefined][] = [
    ['storeVariable', { type: 'storeVariable', assign: [{ saveIn, value: 'x' }] }, `it: VARIABLE_LIMIT: ${over}`],
    ['operation', { type: 'operation', operation: { do: 'assign', value: 'x' }, saveIn }, `it: VARIABLE_LIMIT: ${over}`],
    ['collectDigits', { type: 'collectDigits', prompt: { text: 'x' }, max: 2, saveIn }, `it: VARIABLE_LIMIT: ${over}`],
    ['record', { type: 'record', maxSeconds: 5, saveIn }, `it: VARIABLE_LIMIT: ${over}`],
  ]; // prettier-ignore
  it.each(writing)('C4: %s takes its failure line, and the timeline says why', async (what, widget, note) => {
    const more = { variables: full(), caller: callerOf(what) };
    const { report, notes } = await run(widget, { failure: 'bad' }, more);
    expect(walked(report)).toEqual([['it', 'failure'], ['bad', 'next']]); // prettier-ignore
    expect(report).toMatchObject({ outcome: 'completed', error: null });
    expect(report.variables).not.toHaveProperty(saveIn);
    expect(notes).toContain(note);
  });

  const counter: (typeof writing)[number] = ['counter', { type: 'counter', limit: 3, saveIn }, undefined];
  it.each([...writing, counter])('C4: %s without a failure line ends the flow as completed', async (what, widget) => {
    const { report } = await run(widget, {}, { variables: full(), caller: callerOf(what) });
    // A counter has no failure line that could be left out.
    expect(walked(report)).toEqual([['it', what === 'counter' ? null : 'failure']]);
    expect(report).toMatchObject({ outcome: 'completed', error: null });
  });

  const asking: [what: string, widget: () => object][] = [
    ['webhook', webhook],
    ['sms', () => sms],
  ];
  it.each(asking)(
    'R3, R6: %s takes line failure with VARIABLE_LIMIT, and ends as completed without',
    async (...one) => {
      for (const lines of [{ failure: 'bad' }, {}]) {
        const { report } = await run(one[1](), lines, { variables: full() });
        expect(walked(report)[0]).toEqual(['it', 'failure']);
        expect(report.path).toHaveLength('failure' in lines ? 2 : 1);
        expect(report).toMatchObject({ outcome: 'completed', error: null });
        expect(report.variables).toMatchObject({
          '$flow.key.error_reason': 'VARIABLE_LIMIT',
          '$flow.key.response_status': 'FAILED',
          '$flow.key.response_status_code': '202',
        });
        expect(report.variables).not.toHaveProperty('$flow.key.response_raw');
      }
    },
  );

  it('V6: what an email writes always has room', async () => {
    const { report } = await run(email, {}, { variables: full() });
    expect(walked(report)).toEqual([['it', 'success']]);
    expect(report.variables).toMatchObject({ '$flow.key.response_status': 'SUCCESS' });
  });
});

describe('R3: no worker makes the request in time', () => {
  const wait = { timeout: 1 };
  const cases = {
    webhook: [() => ({ ...webhook(), wait }), 'No full answer was there within 1 seconds.'],
    function: [() => ({ type: 'function', method: 'shortURL', wait }), '"shortURL" was not done within 1 seconds.'],
  } as const;

  it('R3: a webhook and a function take line failure with TIMEOUT', async () => {
    const taskQueue = `without-activities-${randomUUID()}`;
    const worker = await Worker.create({
      ...{ connection: rig.env.nativeConnection, namespace: 'default', taskQueue },
      workflowBundle: { codePath: inject('workflowBundle') },
      sinks: callSinks(undefined),
      activities: { openCall: createOpenCall({ limits: DEFAULT_LIMITS, searchAttributes: true }), composeFlowEnd },
      enableNonLocalActivities: false,
    });
    const { bridge, taskQueue: bridgeQueue } = rig.simulator;
    const reportOf = async (widget: object) => {
      const id = randomUUID();
      const caller = { from: '1', to: '2', realTime: false, steps: [], legs: {} };
      bridge.addCall({ callId: id, workflowId: callWorkflowId(1, bridge.id, id), direction: 'inbound', caller });
      const input = {
        account: { id: 1, ...account() },
        flow: flowOf({ it: { ...widget, lines: {} } }) as { id: string },
        call: { id, direction: 'inbound', from: '1234', to: '2', startedAt: new Date().toISOString() } as const,
        bridge: { id: bridge.id, taskQueue: bridgeQueue },
      };
      return callReport(await startCall(rig.env.client, input, { taskQueue }));
    };
    const reports = await worker.runUntil(() =>
      Promise.all(Object.values(cases).map(([widget]) => reportOf(widget()))),
    );
    Object.values(cases).forEach(([, detail], at) => {
      expect(reports[at]?.path).toMatchObject([{ widget: 'it', line: 'failure' }]);
      expect(reports[at]?.variables).toEqual({
        '$flow.key.response_status': 'FAILED',
        '$flow.key.response_duration': '1',
        '$flow.key.response_error': 'true',
        '$flow.key.error_reason': 'TIMEOUT',
        '$flow.key.error_detail': detail,
      });
    });
  });
});

describe('V3, V4, W5: a variable that is absent', () => {
  it('V4: leaves nothing in its place in a prompt, and a number that is nothing is not dialled', async () => {
    const { report } = await run({ type: 'play', prompt: { text: 'a$flow.key.none.' } }, {});
    expect(report.outcome).toBe('completed');
    expect(rig.commands.findLast(({ type }) => type === 'play')).toMatchObject({ prompts: [{ text: 'a.' }] });
    expect(walked((await run({ type: 'makeCall', to: '$flow.key.none' }, {})).report)).toEqual([['it', 'failure']]);
  });

  it('V3: is copied as absent, and is empty within a longer text', async () => {
    const assign = [
      { saveIn: '$flow.key.whole', value: '$flow.key.none' },
      { saveIn: '$flow.key.part', value: 'a$flow.key.none' },
    ];
    const { report } = await run({ type: 'storeVariable', assign }, {}, { variables: { '$flow.key.whole': 'before' } });
    expect(report.variables).toEqual({ '$flow.key.part': 'a' });
  });

  it('D2: makes the whole text of a condition absent', async () => {
    const when = { left: 'a$flow.key.none', op: 'equals', right: 'a' };
    const { report } = await run({ type: 'decision', cases: [{ when, line: 'same' }] }, {});
    expect(walked(report)).toEqual([['it', 'otherwise']]);
    const differs = { ...when, op: 'notEquals' };
    expect(walked((await run({ type: 'decision', cases: [{ when: differs, line: 'other' }] }, {})).report)).toEqual([
      ['it', 'other'],
    ]);
  });

  it('D3: takes the failure line where it is the time zone', async () => {
    const hours = { days: {} };
    const { notes } = await run({ type: 'timeCondition', hours, timeZone: 'a$flow.key.none' }, { failure: 'bad' });
    expect(notes).toContain('it: "timeZone" has no value: a variable of it is absent.');
  });

  it('W5: in a URL nothing is sent', async () => {
    const request = { method: 'GET', url: `${target.url('/answer')}/$flow.key.none` };
    const { report } = await run({ ...webhook(), request }, {});
    expect(report.variables).toMatchObject({ '$flow.key.error_reason': 'INVALID_FLOW_VAR' });
  });
});
