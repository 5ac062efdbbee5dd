import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../../src/api/api.js';
import { callReport } from '../../src/calls/read-call.js';
import { nodeOf, startWatch } from '../../src/calls/watched-node.js';
import { BRIDGE_WATCH } from '../../src/engine/bridge-watch.js';
import { httpBridgeSettings } from '../../src/telephony/http/bridge-http-settings.js';
import { SimulatedBridge } from '../../src/telephony/simulator/simulated-bridge.js';
import { bridgeActivities } from '../../src/telephony/simulator/simulator-worker.js';
import { temporalHooks } from '../../src/telephony/temporal-hooks.js';
import { CALL_TASK_QUEUE } from '../../src/telephony/start.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { DevStack } from '../support/dev-stack.js';
import { done, httpBridge } from '../support/http-bridge.js';
import { testLog } from '../support/log.js';
import { flowOf } from '../support/rig.js';
import { Target, answer } from '../support/target.js';
import type { Arrival, BridgeOrder } from './chaos/bridge.js';
import { type WatchedNode, bootNode, callAt, prompts } from '../support/watched-nodes.js';

let stack: DevStack;
let target: Target;
beforeAll(async () => {
  [stack, target] = await Promise.all([DevStack.start(), Target.start()]);
  target.on('/end', answer(200));
  await stack.startWorker({ HOOKLINE_LOG_LEVEL: 'error' });
});
afterAll(async () => {
  await stack.stop();
  await target.stop();
});

const boot = (again?: WatchedNode) => bootNode(stack.client, stack.server, again);
const account = () => ({
  ...{ httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url('/end') } },
});
const reports = (calls: WorkflowHandle[]) => Promise.all(calls.map((call) => callReport(call)));
const many = async <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make));

/** Looks at a node that nobody has taken. */
const failedLooks = async (watch: WorkflowHandle) => {
  const { events } = await watch.fetchHistory();
  return (events ?? []).filter(({ activityTaskTimedOutEventAttributes: late }) => late).length;
};

describe.concurrent('B8: a bridge node that is watched as a whole', () => {
  it('B8, B5: that is killed loses its calls: 50 end as those of a bridge that is gone, with their flow ends', async () => {
    const node = await boot();
    const calls = await many(50, () => callAt(stack.client, node, { words: 2000, flow: { flowEndWebhook: true }, account: account() })); // prettier-ignore
    await prompts(node, 50);
    node.process.stop();
    for (const report of await reports(calls)) {
      expect(report).toMatchObject({ outcome: 'failed', error: { code: 'BRIDGE_GONE', widget: 'say' } });
      expect(report.path.map(({ widget }) => widget)).toEqual(['answer', 'say', 'done']);
      expect(report.variables).toMatchObject({ '$flow.key.cause': '38' });
      expect(report.flowEnd).toMatchObject({ delivered: true });
    }
  });

  it('B8: that is back with another epoch has lost its former calls, and keeps its new ones', async () => {
    const node = await boot();
    const former = await many(5, () => callAt(stack.client, node, { words: 2000 }));
    await prompts(node, 5);
    node.process.stop();
    const again = await boot(node);
    const fresh = await many(5, () => callAt(stack.client, again, { words: 40 }));
    for (const report of await reports(former)) expect(report).toMatchObject({ error: { code: 'BRIDGE_GONE' } });
    for (const report of await reports(fresh)) expect(report).toMatchObject({ outcome: 'completed' });
    again.process.stop();
  });

  it('B8: its commands have no heartbeats, and a time within which they must end', async () => {
    const node = await boot();
    const call = await callAt(stack.client, node, { words: 40 });
    expect(await callReport(call)).toMatchObject({ outcome: 'completed' });
    const { events } = await call.fetchHistory();
    const scheduled = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: given }) =>
      given?.activityType?.name === 'bridgeCommand' ? [given] : [],
    );
    const seconds = (time: { seconds?: unknown } | null | undefined) => Number(time?.seconds ?? 0);
    expect(scheduled.map(({ heartbeatTimeout }) => seconds(heartbeatTimeout))).toEqual([0, 0, 0]);
    expect(scheduled.map(({ startToCloseTimeout }) => seconds(startToCloseTimeout))).toEqual([30, 40 + 30, 30]);
    node.process.stop();
  });

  it('B8: that takes no commands for some seconds, and is back with the same epoch, has lost nothing', async () => {
    const bridge = new SimulatedBridge('node', temporalHooks(stack.client));
    const node = { id: 'node', taskQueue: `bridge-${randomUUID()}`, watched: bridge.epoch };
    const connection = await NativeConnection.connect({ address: stack.server.address });
    const take = () => Worker.create({ connection, taskQueue: node.taskQueue, activities: bridgeActivities(bridge) });
    const before = await take();
    const drained = before.run();
    await startWatch(stack.client, node, CALL_TASK_QUEUE);
    const addCall = (call: BridgeOrder) => bridge.addCall({ ...call, direction: 'inbound' });
    const arrivals: Arrival[] = [];
    const call = await callAt(stack.client, { bridge: node, process: { addCall, arrivals } }, { words: 50 });
    while (!(await call.query<string[]>('path')).includes('say')) await pause(50);
    before.shutdown();
    // What plays continues meanwhile. After three failed looks the node would be gone.
    const watch = stack.client.workflow.getHandle(`${BRIDGE_WATCH.idPrefix}${nodeOf(node)}`);
    while ((await failedLooks(watch)) === 0) await pause(100);
    const again = await take();
    await again.runUntil(async () => expect(await callReport(call)).toMatchObject({ outcome: 'completed' }));
    await drained;
    await connection.close();
  });

  it('B8, B6: over HTTP, that is back with another epoch, has lost its calls; each `watch` is a POST to its URL', async () => {
    let epoch = 'boot-1';
    const bridge = await httpBridge(({ type }) =>
      type === 'watch' ? { body: { result: 'done', epoch } } : type === 'play' ? { body: { result: 'running' } } : done,
    );
    const port = await freePort();
    const api = await startApi({
      ...{ client: stack.client, searchAttributes: true, findsBridges: true, host: '127.0.0.1', port, log: testLog() },
      http: httpBridgeSettings({}),
    });
    const start = {
      account: { id: 1 },
      flow: flowOf({ answer: { type: 'answerCall', lines: { next: 'say' } }, say: { type: 'play', prompt: { text: 'one '.repeat(900) } } }), // prettier-ignore
      call: { id: randomUUID(), direction: 'inbound', from: '919800000001', to: '912200000002', startedAt: new Date().toISOString() }, // prettier-ignore
      bridge: { id: 'over-http', url: bridge.url, watched: epoch },
    };
    const taken = await fetch(`${api.url}/bridge/calls`, { method: 'POST', body: JSON.stringify(start), headers: { 'content-type': 'application/json' } }); // prettier-ignore
    const { call } = (await taken.json()) as { call: string };
    const looks = () => bridge.received.filter(({ command }) => command.type === 'watch');
    while (looks().length < 2 || !bridge.received.some(({ command }) => command.type === 'play')) await pause(50);
    const handle = stack.client.workflow.getHandle(call);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    epoch = 'boot-2';
    expect(await callReport(handle)).toMatchObject({ error: { code: 'BRIDGE_GONE', widget: 'say' } });
    expect(new Set(looks().map(({ command }) => command.commandId)).size).toBe(looks().length);
    for (const { headers } of looks()) expect(headers['hookline-events-url']).toBeUndefined();
    expect(bridge.received.some(({ command }) => command.type === 'status')).toBe(false);
    await Promise.all([api.stop(), bridge.stop()]);
  });
});
