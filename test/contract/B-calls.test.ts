import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallReport } from '../../src/engine/call-report.js';
import type { BridgeCommand, CommandResult } from '../../src/telephony/commands.js';
import type { BridgeEvent } from '../../src/telephony/events.js';
import { type Rig, type TestCall, flowOf, timeSkippingRig } from '../support/rig.js';
import { Target, answer } from '../support/target.js';

let rig: Rig;
beforeAll(async () => {
  rig = await timeSkippingRig();
});
afterAll(() => rig.close());

type Obey = (command: BridgeCommand, handle: WorkflowHandle) => Promise<CommandResult> | CommandResult;
const done: CommandResult = { result: 'done' };
const answered = { type: 'answerCall', lines: { next: 'say', failure: 'failed' } };
const say = { type: 'play', prompt: { text: 'Hello' }, lines: { failure: 'failed' } };
const store = (name: string) => ({ type: 'storeVariable', assign: [{ saveIn: `$flow.key.${name}`, value: 'yes' }] });
const event = (seq: number, more: Partial<BridgeEvent> & { type: BridgeEvent['type'] }, eventId = `e${seq}`) =>
  ({ eventId, seq, leg: '1', at: new Date().toISOString(), ...more }) as BridgeEvent;

/** Runs a call against a bridge written for the test. */
async function withBridge(
  test: Omit<TestCall, 'bridge'>,
  obey: Obey,
): Promise<{ report: CallReport; commands: BridgeCommand[] }> {
  const taskQueue = `bridge-${randomUUID()}`;
  const commands: BridgeCommand[] = [];
  let known: (handle: WorkflowHandle) => void = () => undefined;
  const handle = new Promise<WorkflowHandle>((resolve) => (known = resolve));
  const worker = await Worker.create({
    connection: rig.env.nativeConnection,
    namespace: 'default',
    taskQueue,
    activities: {
      async bridgeCommand(command: BridgeCommand): Promise<CommandResult> {
        commands.push(command);
        return obey(command, await handle);
      },
    },
  });
  const report = await worker.runUntil(async () => {
    const call = await rig.start({ ...test, bridge: { id: 'of-the-test', taskQueue } });
    known(call.handle);
    return call.report();
  });
  return { report, commands };
}

describe('B2: events', () => {
  it('B2: a repeated event counts once, and events are applied in the order of seq', async () => {
    const { report, commands } = await withBridge(
      { flow: flowOf({ answer: answered, say, failed: store('failed') }) },
      async (command, handle) => {
        if (command.type !== 'answer') return done;
        // The end comes before the answer by arrival, after it by seq.
        await handle.signal('bridgeEvent', event(2, { type: 'legEnded', cause: 17, by: 'remote' }));
        await handle.signal('bridgeEvent', event(2, { type: 'legEnded', cause: 17, by: 'remote' }));
        await handle.signal('bridgeEvent', event(1, { type: 'legAnswered' }));
        return { result: 'legGone' };
      },
    );
    expect(report.outcome).toBe('hungUp');
    expect(commands.map((command) => command.type)).toEqual(['answer']);
  });

  it('B2: an event that never comes holds up the later ones for a moment only', async () => {
    const flow = flowOf({ answer: { type: 'answerCall', lines: { next: 'w' } }, w: { type: 'delay', seconds: 600 } });
    const { report } = await withBridge({ flow }, async (command, handle) => {
      if (command.type === 'answer')
        await handle.signal('bridgeEvent', event(9, { type: 'legEnded', cause: 16, by: 'remote' }));
      return done;
    });
    expect(report.outcome).toBe('hungUp');
    expect(report.path.at(-1)).toMatchObject({ widget: 'w', line: null });
  });
});

describe('B3: commands', () => {
  it('B3: each has an id of its own, a rising seq, the leg, and the id that the bridge gave the call', async () => {
    const { report, commands } = await withBridge(
      { flow: flowOf({ answer: answered, say, failed: store('failed') }), callId: 'bridge-call-1' },
      () => done,
    );
    expect(commands.map((command) => command.commandId)).toEqual([1, 2, 3].map((n) => `${report.call}/${n}`));
    expect(commands.map((command) => command.seq)).toEqual([1, 2, 3]);
    expect(commands.every((command) => command.leg === '1' && command.callId === 'bridge-call-1')).toBe(true);
    expect(commands[1]).toMatchObject({ type: 'play', widget: 'say', prompts: [{ text: 'Hello' }] });
  });

  it('B3, C1: a command that finds the leg gone ends the call as hung up, also when no event tells why', async () => {
    const flow = flowOf(
      { answer: answered, say, failed: store('failed'), left: store('left') },
      { onRemoteHangup: 'left' },
    );
    const { report } = await withBridge({ flow }, (command) =>
      command.type === 'play' ? { result: 'legGone' } : done,
    );
    expect(report.outcome).toBe('hungUp');
    expect(report.path.map((entry) => entry.widget)).toEqual(['answer', 'say', 'left']);
  });

  it('B3: a long prompt is cut by the event of the hang-up, though its command has not ended', async () => {
    const flow = flowOf(
      { answer: answered, say, failed: store('failed'), left: store('left') },
      { onRemoteHangup: 'left' },
    );
    const { report } = await withBridge({ flow }, async (command, handle) => {
      if (command.type !== 'play') return done;
      await handle.signal('bridgeEvent', event(1, { type: 'legEnded', cause: 16, by: 'remote' }));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return { result: 'legGone' };
    });
    expect(report).toMatchObject({ outcome: 'hungUp', variables: { '$flow.key.left': 'yes' } });
  });
});

describe('B4, B5: bridges that cannot', () => {
  it.each(['NOT_SUPPORTED', 'MEDIA_FAILED', 'LEG_UNKNOWN'])(
    'B4: %s takes the failure line of the widget',
    async (type) => {
      const { report } = await withBridge(
        { flow: flowOf({ answer: answered, say, failed: store('failed') }) },
        (command) => {
          if (command.type === 'play') throw ApplicationFailure.nonRetryable('It cannot be played.', type);
          return done;
        },
      );
      expect(report).toMatchObject({ outcome: 'completed', variables: { '$flow.key.failed': 'yes' } });
      expect(report.path[1]).toMatchObject({ widget: 'say', line: 'failure', lineNumber: 1 });
    },
  );
});

// Most of their time they wait, each on a server of its own.
describe.concurrent('B5: bridges that are gone', () => {
  it('B5: a bridge that takes no commands is gone after two tries: failed, On Remote Hangup skipped, On Flow Complete run', async () => {
    const flow = flowOf(
      {
        answer: answered,
        say,
        failed: store('failed'),
        left: store('left'),
        done: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.cause', value: '$call.isdn' }] },
      },
      { onRemoteHangup: 'left', onFlowComplete: 'done' },
    );
    const own = await timeSkippingRig();
    const report = await own.run({ flow, bridge: { id: 'away', taskQueue: `nobody-${randomUUID()}` } });
    await own.close();
    expect(report).toMatchObject({ outcome: 'failed', error: { code: 'BRIDGE_GONE', widget: 'answer' } });
    expect(report.path.map((entry) => entry.widget)).toEqual(['answer', 'done']);
    expect(report.variables['$flow.key.cause']).toBe('38');
  });

  it('B5, E2: a bridge that dies in the middle of a call is noticed, and the call ends with its flow end', async () => {
    const [own, target] = await Promise.all([timeSkippingRig(), Target.start()]);
    target.on('/end', answer(200));
    const taskQueue = `bridge-${randomUUID()}`;
    const worker = await Worker.create({
      ...{ connection: own.env.nativeConnection, namespace: 'default', taskQueue },
      activities: { bridgeCommand: () => Promise.resolve(done) },
    });
    const running = worker.run();
    const flow = flowOf(
      {
        answer: { type: 'answerCall', lines: { next: 'w' } },
        w: { type: 'delay', seconds: 60, lines: { next: 'say' } },
        say,
        failed: store('failed'),
      },
      { flowEndWebhook: true },
    );
    const defaultWebhook = { url: target.url('/end') };
    const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook };
    const { handle, report } = await own.start({ flow, account, bridge: { id: 'mortal', taskQueue } });
    while (!(await handle.query<string[]>('path')).includes('w'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    worker.shutdown();
    await running;
    expect(await report()).toMatchObject({
      ...{ outcome: 'failed', error: { code: 'BRIDGE_GONE', widget: 'say' } },
      flowEnd: { delivered: true, payload: { callDetails: [{ hangupCause: '38' }] } },
    });
    expect(target.of('/end')).toHaveLength(1);
    await Promise.all([own.close(), target.stop()]);
  });

  it('B5: a command that lasts for long shows by itself that the bridge is there: the call does not look', async () => {
    const flow = flowOf({
      answer: { type: 'answerCall', lines: { next: 'story' } },
      story: { type: 'play', prompt: { text: 'one '.repeat(1000) } },
    });
    const own = await timeSkippingRig({ limits: { statusEverySeconds: 30 } });
    const { handle, report } = await own.start({ flow, caller: { realTime: true } });
    expect(await report()).toMatchObject({ outcome: 'completed' });
    const { events } = await handle.fetchHistory();
    const [first, last] = [events?.[0], events?.at(-1)].map((event) => Number(event?.eventTime?.seconds));
    expect((last ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(300);
    // Until the longest call is over.
    expect(events?.filter((event) => event.timerStartedEventAttributes)).toHaveLength(1);
    await own.close();
  });

  it('B5: a bridge that goes away in a long delay is noticed by status', async () => {
    const own = await timeSkippingRig();
    const flow = flowOf({ w: { type: 'delay', seconds: 3600 } });
    const report = await own.run({ flow, bridge: { id: 'away', taskQueue: `nobody-${randomUUID()}` } });
    expect(report).toMatchObject({ outcome: 'failed', error: { code: 'BRIDGE_GONE', widget: 'w' } });
    await own.close();
  });
});
