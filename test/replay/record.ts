/**
 * Records the histories that `replay.test.ts` replays: one call for each behaviour of the workflow.
 * Run it after a change that is meant to change behaviour: `npm run histories` writes new files and keeps those of
 * earlier releases, which must go on replaying.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { flowOf, timeSkippingRig, type TestCall } from '../support/rig.js';
import { Target, after, answer, json } from '../support/target.js';

interface History {
  events: { workflowExecutionStartedEventAttributes?: { workflowId?: string } }[];
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = fileURLToPath(new URL('histories/', import.meta.url));

it('records a history for each behaviour', async () => {
  const target = await Target.start();
  target
    .on('/data', json({ status: 'sent', items: [1, 2] }))
    .on('/slow', after(800, json({ status: 'late' })))
    .on('/end', answer(204))
    .on('/dead', answer(503));
  const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url('/end') } };
  const answered = { type: 'answerCall', lines: { next: 'it' } };
  const hook = (path: string, more: object = {}) => ({
    type: 'webhook',
    request: { method: 'POST', url: target.url(path) },
    response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'data.status' }] },
    lines: { success: 'say', failure: 'say' },
    ...more,
  });
  const say = { type: 'play', prompt: { text: 'It is $flow.key.status' }, lines: { next: 'bye' } };
  const bye = { type: 'hangUp' };
  const left = { type: 'storeVariable', assign: [{ saveIn: '$flow.key.left', value: 'yes' }] };
  const hangsUp = (widget: string) => ({ steps: [{ until: { widget } }, { wait: 1 }, { hangUp: true }] });
  const calls: Record<string, TestCall> = {
    'webhook-and-flow-end': {
      flow: flowOf({ answer: answered, it: hook('/data'), say, bye }, { flowEndWebhook: true }),
      account,
    },
    'webhook-with-hold': {
      flow: flowOf({ answer: answered, it: hook('/slow', { wait: { holdMusic: true } }), say, bye }),
      account,
    },
    'webhook-not-waited-for': {
      flow: flowOf({ answer: answered, it: hook('/slow', { wait: { enabled: false } }), say, bye }),
      account,
    },
    'hang-up-in-webhook-abort': {
      flow: flowOf(
        { answer: answered, it: hook('/slow', { wait: { onHangup: 'abort' } }), say, bye, left },
        { onRemoteHangup: 'left' },
      ),
      account,
      caller: { steps: [{ until: { widget: 'it' } }, { wait: 0.2 }, { hangUp: true }] },
    },
    'hang-up-in-prompt': {
      flow: flowOf(
        { answer: answered, it: { type: 'play', prompt: { text: 'one '.repeat(100) } }, left },
        { onRemoteHangup: 'left', onFlowComplete: 'left' },
      ),
      caller: hangsUp('it'),
    },
    'delay-and-status': {
      flow: flowOf({ answer: answered, it: { type: 'delay', seconds: 600, lines: { next: 'bye' } }, bye }),
    },
    'menu-and-digits': {
      flow: flowOf({
        answer: answered,
        it: { type: 'menu', prompt: { text: 'Press 1' }, keys: { 1: 'one' }, lines: { one: 'digits' } },
        digits: { type: 'collectDigits', saveIn: '$flow.key.d', prompt: { text: 'Digits' }, lines: { next: 'bye' } },
        bye,
      }),
      caller: { steps: [{ press: '1' }, { press: '42#' }] },
    },
    'widget-limit': { flow: flowOf({ a: { ...left, lines: { next: 'b' } }, b: { ...left, lines: { next: 'a' } } }) },
    'invalid-flow': { flow: flowOf({ a: { type: 'nothing' } }) },
    'conversation-recorded': {
      flow: flowOf(
        { answer: answered, it: { type: 'makeCall', to: ['busy', 'free'], record: true, lines: { next: 'bye' } }, bye },
        { flowEndWebhook: true },
      ),
      account,
      caller: { legs: { busy: { answers: false, because: 'busy' }, free: { steps: [{ wait: 5 }, { hangUp: true }] } } },
    },
    'hang-up-while-ringing': {
      flow: flowOf({ answer: answered, it: { type: 'makeCall', to: 'late' } }),
      caller: { ...hangsUp('it'), legs: { late: { answers: false } } },
    },
    'agent-connect': {
      flow: flowOf({ answer: answered, it: { type: 'agentConnect', leaveKey: '*', lines: { next: 'bye' } }, bye }),
      account: { ...account, agents: [{ number: 'a1' }, { number: 'a2' }] },
      caller: { legs: { a1: { answers: false }, a2: { steps: [{ wait: 5 }, { hangUp: true }] } } },
    },
    'attended-transfer': {
      flow: flowOf({
        answer: answered,
        it: { type: 'transfer', to: 't', mode: 'attended', announce: { text: 'A caller' }, lines: { next: 'left' } },
        left,
      }),
    },
    'record-and-hang-up': {
      flow: flowOf({ answer: answered, it: { type: 'record' } }, { flowEndWebhook: true }),
      account,
      caller: { steps: [{ say: 'please call me back' }, { hangUp: true }] },
    },
    'subflow-counter-operation-hours': {
      flow: flowOf(
        {
          it: { type: 'counter', limit: 2, lines: { next: 'run', exceeded: 'hours' } },
          run: { type: 'subflow', flow: 'sub00001', lines: { next: 'it' } },
          hours: { type: 'timeCondition', hours: { days: {} }, lines: { closed: 'date' } },
          date: {
            type: 'operation',
            operation: { do: 'addDuration', date: '2026-01-31', amount: '1', unit: 'months' },
            saveIn: '$flow.key.date',
          },
        },
        { subflows: [{ id: 'sub00001', start: 'left', widgets: { left } }] },
      ),
    },
    'key-leaves-webhook': {
      flow: flowOf({
        answer: answered,
        it: hook('/slow', { wait: { leaveKey: '*' }, lines: { left: 'bye' } }),
        bye,
      }),
      account,
      caller: { steps: [{ until: { widget: 'it' } }, { wait: 0.2 }, { press: '*', now: true }] },
    },
    sms: {
      flow: flowOf({ it: { type: 'sms', to: '1', text: 'Hello' } }),
      account: { ...account, sms: { url: target.url('/data') } },
    },
    email: {
      flow: flowOf({ it: { type: 'email', to: 'a@example.com', subject: 'Hello', text: 'Hello' } }),
      account: { ...account, smtp: { host: '127.0.0.1', port: 9, from: 'b@example.com' } },
    },
    'flow-end-handed-over': {
      flow: flowOf({ answer: answered, it: { ...say, lines: {} } }, { flowEndWebhook: true }),
      account: { ...account, defaultWebhook: { url: target.url('/dead') } },
    },
  };
  for (const [name, call] of Object.entries(calls)) {
    // One server each: a call that closes while an activity runs can stop the skipping of time for good.
    const rig = await timeSkippingRig();
    const { handle, report } = await rig.start(call);
    await report().catch(() => undefined);
    const history = JSON.parse(historyToJSON(await handle.fetchHistory())) as History;
    const start = history.events[0]?.workflowExecutionStartedEventAttributes;
    // The test server leaves it out, and ids of children are made of it.
    if (start) start.workflowId = handle.workflowId;
    // Stack traces name the folder of this machine.
    const text = JSON.stringify(history).replaceAll(root, '');
    await writeFile(`${folder}${packageJson.version}-${name}.json`, `${text}\n`);
    await rig.close();
  }
  await target.stop();
});
