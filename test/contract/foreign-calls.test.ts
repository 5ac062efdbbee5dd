import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { callProgress, callReport } from '../../src/calls/read-call.js';
import type { FlowEndPayload } from '../../src/engine/call-report.js';
import { type Rig, flowOf } from '../support/rig.js';
import { useRig } from '../support/set-up.js';
import { type Target, after, answer, json } from '../support/target.js';

let rig: Rig;
let target: Target;
useRig((started) => ({ rig, target } = started));

const store = (name: string) => ({ type: 'storeVariable', assign: [{ saveIn: `$flow.key.${name}`, value: 'yes' }] });
const answered = { type: 'answerCall', lines: { next: 'say' } };
const say = { type: 'play', prompt: { text: 'Hello' } };
const account = () => ({
  id: 1,
  httpEnabled: true,
  targetAllowList: ['127.0.0.1'],
  defaultWebhook: { url: target.url('/end') },
});
const startOf = (more: object = {}) => ({
  account: { id: 1 },
  flow: flowOf({ a: store('a') }),
  call: { id: randomUUID(), direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() },
  bridge: { id: 'foreign', taskQueue: `nobody-${randomUUID()}` },
  ...more,
});

/** Starts a call as a client that knows nothing of ours. */
const start = (...args: unknown[]) =>
  rig.env.client.workflow.start('call', { workflowId: randomUUID(), taskQueue: rig.taskQueue, args });

/** A bridge that answers as it likes, and tells the workflow what it likes. */
async function withBridge<T>(
  obey: (command: { type: string }) => unknown,
  run: (taskQueue: string) => Promise<T>,
): Promise<T> {
  const taskQueue = `bridge-${randomUUID()}`;
  const activities = { bridgeCommand: async (command: { type: string }) => obey(command) };
  const worker = await Worker.create({
    connection: rig.env.nativeConnection,
    namespace: 'default',
    taskQueue,
    activities,
  });
  return worker.runUntil(run(taskQueue));
}

// Calls at a bridge that is not there, which is found out after ten seconds.
describe.concurrent('B1, C4: whatever a foreign client starts, the call ends and says why', () => {
  it.each([
    ['nothing', []],
    ['null', [null]],
    ['a text', ['call']],
    ['an empty object', [{}]],
    ['no call', [{ ...startOf(), call: undefined }]],
    ['no bridge', [{ ...startOf(), bridge: undefined }]],
    ['a task queue that is none', [{ ...startOf(), bridge: { id: 'b', taskQueue: 5 } }]],
    ['a variable over 64 KiB', [startOf({ variables: { '$flow.key.a': 'x'.repeat(70_000) } })]],
    [
      '1,001 variables',
      [startOf({ variables: Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`$flow.key.n${n}`, ''])) })],
    ],
  ])('B1, V6: a start with %s is refused with INVALID_INPUT', async (_what, args) => {
    const handle = await start(...args);
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'INVALID_INPUT' } });
  });

  it('V6: a flow of more than 512 KiB is refused', async () => {
    const flow = flowOf({ a: { ...say, prompt: Array.from({ length: 12 }, () => ({ text: 'x'.repeat(50_000) })) } });
    const handle = await start(startOf({ flow }));
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'INVALID_FLOW' } });
  });

  it('C4: conditions of 500 levels are refused', async () => {
    const nested = (leaf: unknown, wrap: (inner: unknown) => unknown) => {
      let value = leaf;
      for (let level = 0; level < 500; level++) value = wrap(value);
      return value;
    };
    const when = nested({ left: 'a', op: 'exists' }, (inner) => ({ all: [inner] }));
    const flow = flowOf({ a: { type: 'decision', cases: [{ line: 'x', when }] } });
    const handle = await start(startOf({ flow }));
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: expect.stringMatching(/^INVALID_/) } });
  });
});

describe('B2, B3: whatever a bridge says, the call ends and its flow end is sent', () => {
  it.each([
    ['nothing', () => undefined],
    ['a text', () => 'ok'],
    ['a result of another name', () => ({ result: 'fine' })],
  ])('B3: results that are %s take the failure line', async (_what, result) => {
    const flow = flowOf({ answer: { type: 'answerCall', lines: { failure: 'failed' } }, failed: store('failed') });
    const report = await withBridge(result, async (taskQueue) =>
      callReport(await start(startOf({ flow, bridge: { id: 'b', taskQueue } }))),
    );
    expect(report).toMatchObject({ outcome: 'completed', variables: { '$flow.key.failed': 'yes' } });
  });

  it('B2, E3: events and results with times that are none do not hold up the flow end', async () => {
    target.on('/end', answer(200));
    const flow = flowOf({ answer: answered, say }, { flowEndWebhook: true });
    const report = await withBridge(
      () => ({ result: 'done', at: 'yesterday' }),
      async (taskQueue) =>
        callReport(await start(startOf({ flow, account: account(), bridge: { id: 'b', taskQueue } }))),
    );
    expect(report).toMatchObject({ outcome: 'completed', flowEnd: { delivered: true } });
    const payload = JSON.parse(target.of('/end').at(-1)?.body ?? '{}') as FlowEndPayload;
    expect(Date.parse(payload.callDetails[0]?.endTime ?? '')).not.toBeNaN();
  });

  it('B2: events that are none are dropped, and the call goes on', async () => {
    const flow = flowOf({ w: { type: 'delay', seconds: 5, lines: { next: 'a' } }, a: store('a') });
    const report = await withBridge(
      () => ({ result: 'done' }),
      async (taskQueue) => {
        const handle = await start(startOf({ flow, bridge: { id: 'b', taskQueue } }));
        for (const event of [
          null,
          'gone',
          {},
          { eventId: 1 },
          { eventId: 'x', seq: 'one', leg: '1', type: 'legEnded' },
        ]) {
          await handle.signal('bridgeEvent', event);
        }
        return callReport(handle);
      },
    );
    expect(report).toMatchObject({ outcome: 'completed', variables: { '$flow.key.a': 'yes' } });
  });

  it('B2: an end of the leg without cause, party and time still is a hang-up', async () => {
    const flow = flowOf({ w: { type: 'delay', seconds: 3000 }, left: store('left') }, { onRemoteHangup: 'left' });
    const report = await withBridge(
      () => ({ result: 'done' }),
      async (taskQueue) => {
        const handle = await start(startOf({ flow, bridge: { id: 'b', taskQueue } }));
        await handle.signal('bridgeEvent', { eventId: 'x', seq: 1, leg: '1', type: 'legEnded' });
        return callReport(handle);
      },
    );
    expect(report).toMatchObject({ outcome: 'hungUp', variables: { '$flow.key.left': 'yes' } });
  });
});

describe('C1, D4: a hang-up at the very end of a flow', () => {
  it('H5, D4: during the last webhook, which finishes: hungUp, and On Remote Hangup runs', async () => {
    target.on('/last', after(800, json({})));
    const hook = { type: 'webhook', request: { method: 'POST', url: target.url('/last') } };
    const flow = flowOf(
      { answer: { type: 'answerCall', lines: { next: 'hook' } }, hook, left: store('left') },
      { onRemoteHangup: 'left' },
    );
    const caller = { steps: [{ until: { widget: 'hook' } }, { wait: 0.1 }, { hangUp: true }] };
    const report = await rig.run({ flow, account: account(), caller });
    expect(report).toMatchObject({ outcome: 'hungUp', variables: { '$flow.key.left': 'yes' } });
    expect(report.path.map((entry) => entry.widget)).toEqual(['answer', 'hook', 'left']);
  });

  it('B3: a command that the bridge superseded is reported as that, and not as a leg that is gone', async () => {
    const timeline = await withBridge(
      ({ type }) => ({ result: type === 'play' ? 'superseded' : 'done' }),
      async (taskQueue) => {
        const flow = flowOf({ answer: answered, say });
        const handle = await start(startOf({ flow, bridge: { id: 'foreign', taskQueue } }));
        await callReport(handle);
        return (await callProgress(handle)).timeline;
      },
    );
    const notes = timeline.flatMap(({ kind, text }) => (kind === 'note' ? [text] : []));
    expect(notes).toContainEqual('say: The bridge did not carry "play" out: it had a later command for the leg.');
  });

  it('D4: a hangUp widget that finds the caller gone first: hungUp, and On Remote Hangup runs', async () => {
    const flow = flowOf(
      { answer: { type: 'answerCall', lines: { next: 'bye' } }, bye: { type: 'hangUp' }, left: store('left') },
      { onRemoteHangup: 'left' },
    );
    const report = await withBridge(
      ({ type }) => (type === 'hangUp' ? { result: 'legGone' } : { result: 'done' }),
      async (taskQueue) => callReport(await start(startOf({ flow, bridge: { id: 'b', taskQueue } }))),
    );
    expect(report).toMatchObject({ outcome: 'hungUp', variables: { '$flow.key.left': 'yes' } });
  });
});
