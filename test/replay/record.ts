/**
 * Records the histories that `replay.test.ts` replays: one call for each behaviour of the workflow.
 * Run it after a change that is meant to change behaviour: `npm run histories` writes new files and keeps those of
 * earlier releases, which must go on replaying.
 */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { NativeConnection, Worker } from '@temporalio/worker';
import { describe, inject, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { composeFlowEnd } from '../../src/activities/flow-end/flow-end.js';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { createOpenCall } from '../../src/calls/open-call.js';
import { startCall } from '../../src/calls/start-call.js';
import { nodeOf } from '../../src/calls/watched-node.js';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import { DEFAULT_ACCOUNT, validateAccount, validateCaller } from '../../src/flow/validation/validate.js';
import { MAX_VARIABLES } from '../../src/flow/values/variables.js';
import { acceptOutbound } from '../../src/outbound/accept.js';
import { openStore } from '../../src/store/store.js';
import type { CallInput } from '../../src/telephony/start.js';
import { callSinks } from '../../src/temporal/call-sinks.js';
import { testDatabase } from '../support/databases.js';
import { DevStack } from '../support/dev-stack.js';
import { flowOf, timeSkippingRig, type TestCall } from '../support/rig.js';
import { Target, after, answer, json, silence } from '../support/target.js';
import { bootNode, callAt, prompts } from '../support/watched-nodes.js';

interface History {
  events: { workflowExecutionStartedEventAttributes?: { workflowId?: string } }[];
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = fileURLToPath(new URL('histories/', import.meta.url));

async function save(name: string, handle: WorkflowHandle): Promise<void> {
  const history = JSON.parse(historyToJSON(await handle.fetchHistory())) as History;
  const start = history.events[0]?.workflowExecutionStartedEventAttributes;
  // The test server leaves it out, and ids of children are made of it.
  if (start) start.workflowId = handle.workflowId;
  // Stack traces name folders of this machine, and dependencies may be a link to elsewhere.
  const text = JSON.stringify(history)
    .replaceAll(root, '')
    .replaceAll(/[^\s("\\]*\/node_modules\//g, 'node_modules/');
  await writeFile(`${folder}${packageJson.version}-${name}.json`, `${text}\n`);
}

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
    'delay-after-transfer': {
      flow: flowOf({
        answer: answered,
        it: { type: 'transfer', to: 't', lines: { next: 'later' } },
        later: { type: 'delay', seconds: 600 },
      }),
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
    'long-prompt': {
      flow: flowOf({
        answer: answered,
        it: { type: 'play', prompt: { text: 'one '.repeat(1000) }, lines: { next: 'bye' } },
        bye,
      }),
      caller: { realTime: true },
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
    await save(name, handle);
    await rig.close();
  }
  await target.stop();
});

it('records what moves through lists, subflows with exits, and prompts in words', async () => {
  const rig = await timeSkippingRig();
  const flow = flowOf(
    {
      split: {
        ...{ type: 'operation', operation: { do: 'split', text: 'a,b', separator: ',' } },
        ...{ saveIn: '$flow.key.part', lines: { next: 'each' } },
      },
      each: { type: 'forEach', over: '$flow.key.part', saveIn: '$flow.key.one', lines: { item: 'run', done: 'now' } },
      run: {
        ...{ type: 'subflow', flow: 'sub00001', with: { '$flow.key.kind': '$flow.key.one' } },
        lines: { next: 'each', special: 'each' },
      },
      now: { type: 'operation', operation: { do: 'now' }, saveIn: '$flow.key.now', lines: { next: 'day' } },
      day: {
        type: 'decision',
        cases: [{ line: 'late', when: { left: '$sys.epoch', op: 'greater', right: '${flow.key.limit:-0}' } }],
        lines: { late: 'say' },
      },
      say: { type: 'play', prompt: [{ number: '12' }, { texts: { hi: 'नमस्ते', en: 'Hello' } }, { ssml: 'Bye' }] },
    },
    {
      language: 'hi',
      subflows: [
        {
          id: 'sub00001',
          start: 'which',
          widgets: {
            which: {
              type: 'decision',
              cases: [{ line: 'b', when: { left: '$flow.key.kind', op: 'equals', right: 'b' } }],
              lines: { b: 'out' },
            },
            out: { type: 'return', line: 'special' },
          },
        },
      ],
    },
  );
  const { handle, report } = await rig.start({ flow });
  await report();
  await save('language', handle);
  await rig.close();
});

it('records how calls end in one step: as an activity, and where the endpoint was quick as a local one', async () => {
  const target = await Target.start();
  target.on('/end', answer(204)).on('/again', answer(503), answer(204));
  const rig = await timeSkippingRig();
  const flow = flowOf({ bye: { type: 'hangUp' } }, { flowEndWebhook: true });
  const ends = async (path: string) => {
    const defaultWebhook = { url: target.url(path) };
    const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook };
    const { handle, report } = await rig.start({ flow, account });
    await report();
    return handle;
  };
  await save('end-in-one-step', await ends('/end'));
  await save('end-in-one-step-and-again', await ends('/again'));
  for (let n = 0; n < 2; n++) await ends('/end');
  await save('end-in-the-last-task', await ends('/end'));
  await rig.close();
  await target.stop();
});

it('records calls of bridges that take sequences', async () => {
  const widgets = {
    answer: { type: 'answerCall', lines: { next: 'hello' } },
    hello: { type: 'play', prompt: { text: 'one two three four five' }, lines: { next: 'note' } },
    note: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.who', value: 'you' }], lines: { next: 'menu' } },
    menu: {
      ...{ type: 'menu', prompt: { text: 'For $flow.key.who' }, keys: { 1: 'one' } },
      lines: { one: 'again', noInput: 'bye' },
    },
    again: { type: 'counter', limit: 4, lines: { next: 'hello', exceeded: 'bye' } },
    bye: { type: 'play', prompt: { text: 'Goodbye' } },
  };
  const presses = Array.from({ length: 5 }, () => ({ press: '1' }));
  const calls: Record<string, [TestCall, number?]> = {
    sequences: [{ flow: flowOf(widgets), caller: { steps: presses } }],
    'sequences-hang-up': [{ flow: flowOf(widgets), caller: { steps: [{ wait: 1 }, { hangUp: true }] } }],
    'sequences-in-a-further-run': [{ flow: flowOf(widgets), caller: { steps: presses } }, 20],
  };
  for (const [name, [call, renewAfterEvents]] of Object.entries(calls)) {
    const rig = await timeSkippingRig(renewAfterEvents ? { limits: { ...DEFAULT_LIMITS, renewAfterEvents } } : {});
    const { handle, report } = await rig.start({ ...call, can: ['sequence'] });
    await report();
    await save(name, handle);
    await rig.close();
  }
});

it('records what needs a store: functions, reports, calls that the engine places, deliveries', async () => {
  const [target, database] = await Promise.all([Target.start(), testDatabase()]);
  target.on('/dead', answer(503));
  const store = await openStore(database.url);
  const rig = await timeSkippingRig({ store: () => Promise.resolve(store) });
  const bridge = { id: rig.simulator.bridge.id, taskQueue: rig.simulator.taskQueue };
  rig.simulator.bridge.behave({ '9800000001': { answers: false, because: 'busy' } });
  const account = {
    ...{ id: 7, httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url('/dead') } },
    outbound: { bridge, from: '912200000002' },
  };
  await store.accounts.create(7, account);
  const longUrl = { saveIn: '$flow.key.longUrl', value: 'https://example.com/' };
  const document = flowOf(
    {
      answer: { type: 'answerCall', lines: { next: 'set' } },
      set: { type: 'storeVariable', assign: [longUrl], lines: { next: 'link' } },
      link: { type: 'function', method: 'shortURL', lines: { success: 'bye' } },
      bye: { type: 'hangUp' },
    },
    { type: 'outbound', flowEndWebhook: true },
  ) as Record<string, unknown>;
  await store.flows.save(7, { id: 'testflow', name: '', type: 'outbound' }, document);
  await store.flows.publish(7, 'testflow', 1);
  const wanted = { clientIdentifier: null, numbers: ['9800000001', '9800000002'], startAt: new Date(), variables: {} };
  const context = { store, client: rig.env.client, taskQueue: rig.taskQueue };
  const accepted = await acceptOutbound(context, validateAccount(account).value ?? DEFAULT_ACCOUNT, {
    ...{ apiVersion: '1.0', flowId: 'testflow', calls: [wanted], checksum: null, origin: null },
  });
  const placed = async () => (await store.outbound.lists.calls(7, accepted.requestId ?? ''))[0]?.call;
  while (!(await placed())) await rig.env.sleep(1000);
  const call = rig.env.client.workflow.getHandle((await placed()) ?? '');
  await call.result();
  await save('placed-call-with-function-and-report', call);
  const desk = rig.env.client.workflow.getHandle('outbound-7');
  await desk.result();
  await save('outbound-desk', desk);
  const delivery = rig.env.client.workflow.getHandle(`${call.workflowId}/flow-end`);
  await delivery.result().catch(() => undefined);
  await save('delivery-to-dead-letter', delivery);
  await rig.close();
  await store.close();
  await Promise.all([database.stop(), target.stop()]);
});

it('records a call that went on in a new run: its first run and its last', async () => {
  const rig = await timeSkippingRig({ limits: { renewAfterEvents: 60 } });
  const left = { type: 'storeVariable', assign: [{ saveIn: '$flow.key.left', value: 'yes' }], lines: { next: 'say' } };
  const say = { type: 'play', prompt: { text: 'Hello' } };
  const { handle, report } = await rig.start({
    flow: flowOf(
      {
        answer: { type: 'answerCall', lines: { next: 'count' } },
        count: { type: 'counter', limit: 8, lines: { next: 'run' } },
        run: { type: 'subflow', flow: 'sub00001', lines: { next: 'count' } },
      },
      { subflows: [{ id: 'sub00001', start: 'left', widgets: { left, say } }] },
    ),
  });
  await report();
  const { runId } = await handle.describe();
  const last = rig.env.client.workflow.getHandle(handle.workflowId, runId);
  await save('renewed-last-run', last);
  const started = (await last.fetchHistory()).events?.[0]?.workflowExecutionStartedEventAttributes;
  await save(
    'renewed-first-run',
    rig.env.client.workflow.getHandle(handle.workflowId, started?.firstExecutionRunId ?? ''),
  );
  await rig.close();
});

it('records a call with sensitive values that continues as new', async () => {
  const rig = await timeSkippingRig({ limits: { renewAfterEvents: 30 } });
  const target = await Target.start();
  target.on('/code', json({ code: 'c-1' }));
  const widgets = {
    answer: { type: 'answerCall', lines: { next: 'pin' } },
    pin: { type: 'collectDigits', saveIn: '$flow.key.pin', sensitive: true, min: 4, max: 4, lines: { next: 'ask' } },
    ask: {
      ...{ type: 'webhook', request: { method: 'POST', url: `${target.url('/code')}?pin=$flow.key.pin` } },
      response: { type: 'json', map: [{ saveIn: '$flow.key.code', path: 'data.code', sensitive: true }] },
      lines: { success: 'copy' },
    },
    copy: {
      ...{ type: 'storeVariable', lines: { next: 'count' } },
      assign: [
        { saveIn: '$flow.key.copy', value: '$flow.key.pin $flow.key.code' },
        { saveIn: '$flow.key.pin', value: null },
      ],
    },
    count: { type: 'counter', limit: 6, lines: { next: 'say', exceeded: 'record' } },
    say: { type: 'play', prompt: { text: 'It is $flow.key.copy' }, lines: { next: 'count' } },
    record: { type: 'record', saveIn: '$flow.key.url', sensitive: true, lines: { next: 'dial', noInput: 'dial' } },
    dial: { type: 'makeCall', to: '$flow.key.copy', ringSeconds: 5, lines: {} },
  };
  const { handle, report } = await rig.start({
    flow: flowOf(widgets),
    account: { httpEnabled: true, targetAllowList: ['127.0.0.1'] },
    caller: { steps: [{ press: '4711' }, { say: 'so it is' }] },
  });
  await report();
  const { runId } = await handle.describe();
  await save('sensitive-last-run', rig.env.client.workflow.getHandle(handle.workflowId, runId));
  await rig.close();
  await target.stop();
});

it('records a webhook that may take longer than a bridge is silent', async () => {
  const [rig, target] = await Promise.all([timeSkippingRig({ limits: { statusEverySeconds: 1 } }), Target.start()]);
  target.on('/slow', after(2500, answer(204)));
  const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'] };
  const it = { type: 'webhook', request: { method: 'POST', url: target.url('/slow') }, response: { type: 'none' } };
  const { handle, report } = await rig.start({
    flow: flowOf({ answer: { type: 'answerCall', lines: { next: 'it' } }, it }),
    account,
  });
  await report();
  await save('webhook-longer-than-silence', handle);
  await Promise.all([rig.close(), target.stop()]);
});

it('records what the caller hears while a wait lasts', async () => {
  const target = await Target.start();
  target.on('/late', after(2500, json({ status: 'late' }))).on('/now', json({ status: 'now' }));
  const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'] };
  const rig = await timeSkippingRig();
  const ahead = (path: string, next: string) => ({
    ...{ type: 'webhook', request: { method: 'POST', url: target.url(path) }, wait: { enabled: false } },
    lines: { success: next },
  });
  const timeline = [{ at: 1, prompt: { text: 'still looking' }, keys: { 1: 'away' } }];
  const call = (wait: object) => {
    const it = {
      ...{ type: 'webhook', request: { method: 'POST', url: target.url('/late') }, wait: { timeline, ...wait } },
      lines: { success: 'say', failure: 'say', away: 'say' },
    };
    const say = { type: 'play', prompt: { text: 'It is $flow.key.response_status' } };
    return { account, flow: flowOf({ answer: { type: 'answerCall', lines: { next: 'it' } }, it, say }) };
  };
  const steps = [{ until: { widget: 'it' } }, { wait: 1.5 }, { press: '1', now: true }];
  const calls: Record<string, TestCall> = {
    'wait-with-timeline': call({ holdMusic: true }),
    'wait-left-by-a-key-of-its-timeline': { ...call({ onLeave: 'finish' }), caller: { steps } },
    'answers-asked-ahead': {
      account,
      flow: flowOf({
        answer: { type: 'answerCall', lines: { next: 'one' } },
        one: ahead('/late', 'two'),
        two: ahead('/now', 'getTwo'),
        getTwo: { type: 'awaitAnswer', of: 'two', lines: { success: 'getOne' } },
        getOne: {
          ...{ type: 'awaitAnswer', of: 'one', lines: { success: 'say', away: 'say' } },
          wait: { timeout: 5, holdMusic: true, timeline },
        },
        say: { type: 'play', prompt: { text: 'It is $flow.key.response_status' } },
      }),
    },
    'ringing-with-timeline': {
      flow: flowOf({
        answer: { type: 'answerCall', lines: { next: 'it' } },
        it: { type: 'makeCall', to: ['none', 'free'], ringSeconds: 5, timeline: [{ at: 3, prompt: { text: 'wait' } }] },
      }),
      caller: { legs: { none: { answers: false }, free: { after: 2, steps: [{ wait: 3 }, { hangUp: true }] } } },
    },
  };
  for (const [name, one] of Object.entries(calls)) {
    const { handle, report } = await rig.start(one);
    await report();
    await save(name, handle);
  }
  await rig.close();
  await target.stop();
});

it('records what is undone: with the call, after it, and kept', async () => {
  const target = await Target.start();
  target
    .on('/book', json({ id: '7' }))
    .on('/undo', answer(204))
    .on('/away', answer(503));
  const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'] };
  const rig = await timeSkippingRig();
  const book = (undo: string, next: string) => ({
    ...{ type: 'webhook', request: { method: 'POST', url: target.url('/book') }, lines: { success: next } },
    response: { type: 'json', map: [{ saveIn: '$flow.key.id', path: 'data.id' }] },
    undo: { request: { method: 'DELETE', url: `${target.url(undo)}?id=$flow.key.id` } },
  });
  const { handle, report } = await rig.start({
    account,
    flow: flowOf({
      ...{ kept: book('/undo', 'keep'), keep: { type: 'keep', lines: { next: 'away' } }, away: book('/away', 'now') },
      ...{ now: book('/undo', 'fault'), fault: { type: 'delay', seconds: '$flow.key.none' } },
    }),
  });
  await report();
  await save('undo-in-call', handle);
  const delivery = rig.env.client.workflow.getHandle(`${handle.workflowId}/undo`);
  await delivery.result().catch(() => undefined);
  await save('undo-to-dead-letter', delivery);
  await rig.close();
  await target.stop();
});

it('records events that come with gaps', async () => {
  const rig = await timeSkippingRig();
  const flow = flowOf({
    answer: { type: 'answerCall', lines: { next: 'wait' } },
    wait: { type: 'delay', seconds: 20 },
  });
  const { handle, report } = await rig.start({ flow });
  while (!(await handle.query<string[]>('path')).includes('wait')) await rig.env.sleep(10);
  for (const seq of [10, 12, 14])
    await handle.signal('bridgeEvent', { eventId: `e${seq}`, seq, leg: '1', type: 'digits', digits: '1' });
  await report();
  await save('events-with-gaps', handle);
  await rig.close();
});

describe('records commands that nobody takes', () => {
  const flow = flowOf({ answer: { type: 'answerCall', lines: { next: 'bye' } }, bye: { type: 'hangUp' } });
  const connect = async (connection: NativeConnection, taskQueue: string) => {
    const done = { bridgeCommand: () => Promise.resolve({ result: 'done' }) };
    return Worker.create({ connection, taskQueue, activities: done });
  };

  it('of a bridge that is gone, and of one that found the server again later', async () => {
    for (const serverJustBack of [false, true]) {
      const rig = await timeSkippingRig({ serverJustBack });
      const taskQueue = `bridge-${randomUUID()}`;
      const { handle } = await rig.start({ flow, bridge: { id: 'far', taskQueue } });
      if (serverJustBack) await pause(7_000);
      const bridge = serverJustBack ? await connect(rig.env.nativeConnection, taskQueue) : null;
      const ended = handle.result().catch(() => undefined);
      await (bridge ? bridge.runUntil(ended) : ended);
      await save(serverJustBack ? 'command-that-was-excused' : 'bridge-gone', handle);
      await rig.close();
    }
  });

  it('for their time-out was seen late', async () => {
    const stack = await DevStack.start();
    const worker = await stack.startWorker();
    const [id, taskQueue] = [randomUUID(), `bridge-${randomUUID()}`];
    const call = { id, direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() };
    const input = { account: { id: 1 }, flow, call, bridge: { id: 'far', taskQueue } };
    const handle = await stack.client.workflow.start('call', { workflowId: id, taskQueue: 'hookline', args: [input] });
    while (!(await handle.query<string[]>('path')).includes('answer')) await pause(50);
    await stack.kill(worker);
    await pause(9_000);
    await stack.startWorker();
    await pause(7_000);
    const native = await NativeConnection.connect({ address: stack.server.address });
    await (await connect(native, taskQueue)).runUntil(handle.result());
    await save('command-after-an-outage', handle);
    await native.close();
    await stack.stop();
  });
});

it('records what looks after a call that was ended from outside', async () => {
  const [stack, target] = await Promise.all([DevStack.start(), Target.start()]);
  target.on('/end', answer(204));
  await stack.startWorker();
  const { handle } = await stack.call({
    flow: flowOf(
      { answer: { type: 'answerCall', lines: { next: 'w' } }, w: { type: 'delay', seconds: 3000 } },
      { flowEndWebhook: true },
    ),
    account: { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url('/end') } },
  });
  while (!(await handle.query<string[]>('path')).includes('w')) await pause(50);
  const { runId } = await handle.describe();
  await handle.terminate();
  while (target.received.length === 0) await pause(250);
  await save('reconciler', stack.client.workflow.getHandle('reconciler'));
  const ofCall = stack.client.workflow.getHandle(`${handle.workflowId}/reconcile/${runId}`);
  await ofCall.result();
  await save('reconcile-call', ofCall);
  await stack.stop();
  await target.stop();
});

it('records flow ends that wait for a paused endpoint, and are woken when it is back', async () => {
  const [target, database] = await Promise.all([Target.start(), testDatabase()]);
  target.on('/dead', answer(503));
  const store = await openStore(database.url);
  const rig = await timeSkippingRig({ store: () => Promise.resolve(store) });
  const endpoint = { accountId: 7, url: target.url('/dead') };
  await store.endpoints.failed(endpoint, 'status 503', new Date(), { failures: 1, milliseconds: 0 });
  const { id } = (await store.endpoints.get(endpoint)) ?? { id: 0 };
  const left = { type: 'storeVariable', assign: [{ saveIn: '$flow.key.left', value: 'yes' }] };
  const call = {
    flow: flowOf({ it: left }, { flowEndWebhook: true }),
    account: { id: 7, httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: endpoint.url } },
  };
  const started = [await rig.start(call), await rig.start(call)] as const;
  for (const { report } of started) await report();
  await save('flow-end-at-paused-endpoint', started[0].handle);
  await rig.env.sleep('2 hours');
  target.on('/dead', answer(204));
  for (const [index, { handle }] of started.entries()) {
    const delivery = rig.env.client.workflow.getHandle(`${handle.workflowId}/flow-end`);
    await delivery.result();
    await save(`delivery-at-paused-endpoint-${index + 1}`, delivery);
  }
  const release = rig.env.client.workflow.getHandle(`release-deliveries-${id}`);
  await release.result();
  await save('release-deliveries', release);
  await rig.close();
  await store.close();
  await Promise.all([database.stop(), target.stop()]);
});

describe('records what 0.7 does otherwise', () => {
  it('a flow end whose endpoint is gone: the call and the delivery after it', async () => {
    const target = await Target.start();
    target.on('/call', answer(410)).on('/delivery', ...Array.from({ length: 6 }, () => answer(503)), answer(410));
    const left = { type: 'storeVariable', assign: [{ saveIn: '$flow.key.left', value: 'yes' }] };
    for (const path of ['call', 'delivery']) {
      const rig = await timeSkippingRig();
      const { handle, report } = await rig.start({
        flow: flowOf({ it: left }, { flowEndWebhook: true }),
        account: { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url(`/${path}`) } },
      });
      await report();
      const delivery = rig.env.client.workflow.getHandle(`${handle.workflowId}/flow-end`);
      await delivery.result().catch(() => undefined);
      await save(`flow-end-gone-in-${path}`, handle);
      await save(`delivery-gone-in-${path}`, delivery);
      await rig.close();
    }
    await target.stop();
  });

  const answered = { type: 'answerCall', lines: { next: 'it' } };
  const bye = { type: 'hangUp' };

  it('an array that is gone, a limit of variables, a wait that is cut', async () => {
    const target = await Target.start();
    target
      .on('/three', json({ slots: ['09:00', '10:00', '11:00'] }))
      .on('/one', json({ slots: '12:00' }))
      .on('/never', silence);
    const hook = (path: string, more: object) => ({
      ...{ type: 'webhook', request: { method: 'GET', url: target.url(path) } },
      ...{ response: { type: 'json', map: [{ saveIn: '$flow.key.slot', path: 'data.slots' }] }, ...more },
    });
    const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'] };
    const full = Array.from({ length: MAX_VARIABLES }, (_, n) => [`$flow.key.v${n}`, '']);
    const wait = { leaveKey: '*', timeout: 30 };
    const calls: Record<string, TestCall> = {
      'single-match-after-array': {
        flow: flowOf({
          answer: answered,
          it: hook('/three', { lines: { success: 'one' } }),
          one: hook('/one', { lines: { success: 'bye' } }),
          bye,
        }),
        account,
      },
      'variable-limit': {
        flow: flowOf({ answer: answered, it: { type: 'counter', limit: 3, saveIn: '$flow.key.over' } }),
        variables: Object.fromEntries(full),
      },
      'key-leaves-wait-within-budget': {
        flow: flowOf({ answer: answered, it: hook('/never', { wait, lines: { left: 'bye' } }), bye }),
        account,
        caller: { steps: [{ until: { widget: 'it' } }, { wait: 1 }, { press: '*', now: true }] },
      },
    };
    for (const [name, call] of Object.entries(calls)) {
      const rig = await timeSkippingRig({ limits: { waitBudgetSeconds: 30 } });
      const { handle, report } = await rig.start(call);
      await report();
      await save(name, handle);
      await rig.close();
    }
    await target.stop();
  });

  it('numbers that an account does not let its calls dial', async () => {
    const rig = await timeSkippingRig();
    const legs = { 912233445566: { answers: false, because: 'busy' } };
    const { handle, report } = await rig.start({
      flow: flowOf({
        answer: answered,
        it: { type: 'makeCall', to: ['900123456', '912233445566', '912233445577'], lines: { rejected: 'over' } },
        over: { type: 'transfer', to: '900123456', mode: 'blind', lines: { rejected: 'bye' } },
        bye,
      }),
      account: { dialling: { allow: ['9122*'], perDay: 1 } },
      caller: { legs },
    });
    await report();
    await save('dialling-limits', handle);
    await rig.close();
  });

  it('a desk that fails, a desk that does not answer, a worker that is silent', async () => {
    const rig = await timeSkippingRig();
    const { bridge, taskQueue: bridgeQueue } = rig.simulator;
    const open = createOpenCall({ limits: DEFAULT_LIMITS, searchAttributes: true });
    /** Runs a call on a worker with these activities, then lets go of those that are still held. */
    const record = async (
      name: string,
      flow: object,
      activities: object,
      steps: object[] = [],
      letGo = () => undefined as void,
    ) => {
      const [id, taskQueue] = [randomUUID(), `own-${randomUUID()}`];
      const worker = await Worker.create({
        ...{ connection: rig.env.nativeConnection, namespace: 'default', taskQueue },
        workflowBundle: { codePath: inject('workflowBundle') },
        sinks: callSinks(undefined),
        activities: { openCall: open, composeFlowEnd, ...activities },
      });
      const legs = { a1: { after: 1, steps: [{ wait: 2 }, { hangUp: true }] } };
      const caller = validateCaller({ from: '1', to: '2', steps, legs }).value;
      if (!caller) throw new Error('The caller is not valid.');
      bridge.addCall({ callId: id, workflowId: callWorkflowId(7, bridge.id, id), direction: 'inbound', caller });
      const input = {
        account: { id: 7, agents: [{ number: 'a1' }], httpEnabled: true, targetAllowList: ['127.0.0.1'] },
        flow: flow as { id: string },
        call: { id, direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() } as const,
        bridge: { id: bridge.id, taskQueue: bridgeQueue },
      };
      await worker.runUntil(async () => {
        const handle = await startCall(rig.env.client, input, { taskQueue });
        await handle.result();
        await save(name, handle);
        letGo();
      });
    };
    const held = () => {
      let letGo = () => undefined as void;
      const result = new Promise<null>((resolve) => (letGo = () => resolve(null)));
      return { activity: () => result, letGo };
    };
    const dial = (lines: object) => ({ type: 'agentConnect', attempts: 1, lines });

    const obey = bridge.bridgeCommand.bind(bridge);
    let [joins, releases] = [0, 0];
    bridge.bridgeCommand = (command) =>
      command.type !== 'join' || (joins += 1) > 1
        ? obey(command)
        : Promise.reject(ApplicationFailure.nonRetryable('no mixer', 'MEDIA_FAILED'));
    const claimAgent = () => Promise.resolve('a1');
    const releaseAgent = () =>
      (releases += 1) > 1 ? Promise.resolve() : Promise.reject(ApplicationFailure.nonRetryable('the desk is away'));
    const again = flowOf({ answer: answered, it: dial({ failure: 'again' }), again: dial({ next: 'bye' }), bye });
    await record('agent-given-back-again-after-a-fault', again, { claimAgent, releaseAgent });
    bridge.bridgeCommand = obey;

    const desk = held();
    const late = { claimAgent: desk.activity, releaseAgent };
    const hangsUp = [{ until: { widget: 'it' } }, { hangUp: true }];
    await record('hang-up-in-claim', flowOf({ answer: answered, it: dial({}) }), late, hangsUp, desk.letGo);

    const silent = held();
    const openCall = async (input: CallInput) => ({ ...(await open(input)), heartbeatTimeout: 30 });
    const hook = {
      ...{ type: 'webhook', request: { method: 'POST', url: 'http://127.0.0.1/' }, response: { type: 'none' } },
      ...{ wait: { timeout: 1 }, retry: { resend: false } },
    };
    const once = { openCall, webhook: silent.activity };
    await record('request-taken-by-a-silent-worker', flowOf({ it: hook }), once, [], silent.letGo);
    await rig.close();
  });
});

it('records a watch whose node dies, and the call that it ends', { timeout: 180_000 }, async () => {
  const stack = await DevStack.start();
  await stack.startWorker();
  const node = await bootNode(stack.client, stack.server);
  const call = await callAt(stack.client, node, { words: 2000 });
  await prompts(node, 1);
  node.process.stop();
  await call.result().catch(() => undefined);
  await save('call-of-lost-node', call);
  const watch = stack.client.workflow.getHandle(`bridge-watch-${nodeOf(node.bridge)}`);
  await watch.result();
  await save('bridge-watch', watch);
  await stack.stop();
});
