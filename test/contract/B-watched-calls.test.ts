import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenCall } from '../../src/calls/open-call.js';
import { nodeOf, watchedNode } from '../../src/calls/watched-node.js';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import { callReport } from '../../src/calls/read-call.js';
import type { BridgeCommand, CommandResult } from '../../src/telephony/commands.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';

const limits = { ...DEFAULT_LIMITS, renewAfterEvents: 40 };
// Nobody keeps a watch: on a server that skips time it would look for ever.
const openCall = createOpenCall({ limits, searchAttributes: true, findsBridges: true });
let rig: Rig;
beforeAll(async () => {
  rig = await timeSkippingRig({ activities: { openCall } });
});
afterAll(() => rig.close());

const done: CommandResult = { result: 'done' };
const answered = { type: 'answerCall', lines: { next: 'it' } };
const store = (name: string, value = 'yes') => ({ type: 'storeVariable', assign: [{ saveIn: `$flow.key.${name}`, value }] }); // prettier-ignore

/** Runs a call at a node that does what a test says. */
async function atNode<T>(
  flow: object,
  obey: (command: BridgeCommand) => Promise<CommandResult> | CommandResult,
  during: (call: Awaited<ReturnType<Rig['start']>>, node: string) => Promise<T>,
) {
  const bridge = { id: 'node', taskQueue: `bridge-${randomUUID()}`, watched: 'boot-1' };
  const worker = await Worker.create({
    ...{ connection: rig.env.nativeConnection, namespace: 'default', taskQueue: bridge.taskQueue },
    activities: { bridgeCommand: async (command: BridgeCommand) => obey(command) },
  });
  return worker.runUntil(async () => during(await rig.start({ flow, bridge }), watchedNode(bridge, bridge.watched)));
}

describe('B8: a call at a node that is watched as a whole', () => {
  it('B8: it can be found by its node from its first step on, also after it has continued as new; no status is asked', async () => {
    const flow = flowOf({
      answer: answered,
      it: { type: 'counter', limit: 12, lines: { next: 'say', exceeded: 'wait' } },
      say: { type: 'play', prompt: { text: 'Hello' }, lines: { next: 'it' } },
      wait: { type: 'delay', seconds: 3600 },
    });
    const types: string[] = [];
    await atNode(
      flow,
      ({ type }) => (types.push(type), done),
      async ({ handle, report }, node) => {
        expect(await report()).toMatchObject({ outcome: 'completed' });
        const { searchAttributes, raw } = await handle.describe();
        expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
        expect(searchAttributes).toMatchObject({ HooklineBridge: [node] });
      },
    );
    expect(types).not.toContain('status');
    expect(types.filter((type) => type === 'play')).toHaveLength(12);
  });

  it('B8: a node that is lost while the call is opened has lost it', async () => {
    const bridge = { id: 'node', taskQueue: `bridge-${randomUUID()}`, watched: 'boot-1' };
    const handle = await rig.env.client.workflow.signalWithStart('call', {
      ...{ taskQueue: rig.taskQueue, workflowId: `call-1-${randomUUID()}` },
      args: [
        {
          account: { id: 1 },
          flow: flowOf({ answer: answered, it: store('left') }),
          call: { id: 'c', direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() },
          bridge,
        },
      ],
      ...{ signal: 'bridgeLost', signalArgs: [watchedNode(bridge, 'boot-1')] },
    });
    expect(await callReport(handle)).toMatchObject({ error: { code: 'BRIDGE_GONE' }, path: [] });
  });

  it('B8, C6: an epoch that is none is refused before a widget runs; a node is named by a hash', async () => {
    const bridge = { id: 'node of 919800000001', taskQueue: `bridge-${randomUUID()}`, watched: "x' OR 1" };
    const { handle } = await rig.start({ flow: flowOf({ answer: answered, it: store('left') }), bridge });
    const failure: unknown = await handle.result().catch(({ cause }: Error) => cause);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'INVALID_INPUT', message: expect.stringContaining('/bridge/watched') });
    expect(nodeOf(bridge)).toMatch(/^[a-z2-7]{52}$/);
    expect(nodeOf(bridge)).not.toBe(nodeOf({ ...bridge, taskQueue: 'other' }));
  });

  it('B8: where the search attribute is missing, `watched` is ignored: the call has heartbeats', async () => {
    const withoutIt = createOpenCall({ limits, searchAttributes: true });
    const opened = await withoutIt({
      account: { id: 1 },
      flow: flowOf({ it: store('left') }),
      call: { id: 'c', direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() },
      bridge: { id: 'node', taskQueue: 'q', watched: 'boot-1' },
    });
    expect(opened.watched).toBeUndefined();
  });

  // The last one: a call that closes while a command runs stops the skipping of time.
  it('B8: the loss of its node ends it at once, in a prompt too; that of another epoch does not concern it', async () => {
    const flow = flowOf(
      { answer: answered, it: { type: 'play', prompt: { text: 'one '.repeat(900) } }, left: store('left'), done: store('cause', '$call.isdn') }, // prettier-ignore
      { onRemoteHangup: 'left', onFlowComplete: 'done' },
    );
    let [play, letGo] = [() => undefined as void, () => undefined as void];
    const playing = new Promise<void>((resolve) => (play = resolve));
    const over = new Promise<CommandResult>((resolve) => (letGo = () => resolve(done)));
    const obey = ({ type }: BridgeCommand) => (type === 'play' ? (play(), over) : done);
    await atNode(flow, obey, async ({ handle, report }, node) => {
      await playing;
      await handle.signal('bridgeLost', node.replace('boot-1', 'boot-0'));
      expect(await handle.query<string[]>('path')).toEqual(['answer', 'it']);
      expect((await handle.describe()).status.name).toBe('RUNNING');
      await handle.signal('bridgeLost', node);
      expect(await report()).toMatchObject({
        ...{ outcome: 'failed', error: { code: 'BRIDGE_GONE', widget: 'it' } },
        variables: { '$flow.key.cause': '38' },
      });
      letGo();
    });
  });
});
