/**
 * `npm run soak`, its upgrade: calls of 0.6.0 end while workers are replaced, and what bridges announce comes last. Exit code 1 when
 * a call does not go the way that it should.
 * @module
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallReport } from '../../src/engine/call-report.js';
import { startWatch } from '../../src/calls/watched-node.js';
import { CALL_TASK_QUEUE } from '../../src/telephony/start.js';
import { DEPLOYMENT } from '../../src/temporal/worker-version.js';
import { DevStack } from '../support/dev-stack.js';
import { installRelease, RELEASE, releaseWorker } from '../support/release.js';
import { flowOf, type StartedCall, type TestCall } from '../support/rig.js';
import { Target, answer } from '../support/target.js';

/** Calls of each kind. */
const CALLS = 20;
/** Seconds after which a caller presses a key: workers are replaced meanwhile. */
const PATIENCE = 20;

await installRelease(console.log);
const target = await Target.start();
target.on('/end', answer(204));
const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url('/end') } };
const say = (next: string) => ({ type: 'play', prompt: { text: 'One moment' }, lines: { next } });
const flow = flowOf(
  {
    answer: { type: 'answerCall', lines: { next: 'hello' } },
    hello: say('wait'),
    wait: { type: 'menu', prompt: { text: 'Press 1' }, keys: { 1: 'one' }, timeout: 60, lines: { one: 'thanks' } },
    thanks: say('bye'),
    bye: { type: 'hangUp' },
  },
  { flowEndWebhook: true },
);
const PATH = ['answer', 'hello', 'wait', 'thanks', 'bye'];
const caller = (seconds: number) => ({ steps: [{ until: { widget: 'wait' } }, { wait: seconds }, { press: '1' }] });

const withVersions = await beside();
const without = await inPlaceOf();
await target.stop();
console.log(
  `upgrade from ${RELEASE.version}: ${withVersions} calls with two builds side by side and ${without} with one in place of the other ` +
    'ended as planned, each with one flow end',
);
process.exit(0);

/** Two builds side by side: each call ends on its own, and bridges announce what they can when the old build is gone. */
async function beside(): Promise<number> {
  const stack = await oldBridge();
  const old = await stack.startWorker({ HOOKLINE_BUILD_ID: 'old' }, releaseWorker);
  await makeCurrent(stack, 'old');
  const began = await place(stack, { flow, account, caller: caller(PATIENCE) });
  await waiting(began);
  await stack.startWorker({ HOOKLINE_BUILD_ID: 'new' });
  await makeCurrent(stack, 'new');
  const after = await place(stack, { flow, account, caller: caller(1) });
  await ended(after, 'new');
  await ended(began, 'old');
  await stack.kill(old);
  const { bridge, taskQueue } = stack.simulator;
  await startWatch(stack.client, { id: bridge.id, taskQueue }, CALL_TASK_QUEUE);
  const announced = { can: ['sequence' as const], watched: bridge.epoch };
  const presses = { steps: [{ wait: 3 }, { press: '1' }] };
  const last = await place(stack, { flow, account, caller: presses, ...announced });
  await ended(last, 'new');
  const sequences = stack.commands.filter(({ command }) => command.type === 'sequence').length;
  assert(sequences >= CALLS, `only ${sequences} sequences came to the bridge that takes them`);
  await stack.stop();
  return 3 * CALLS;
}

/** A new worker in place of an old one, without versions: the calls go on with it. */
async function inPlaceOf(): Promise<number> {
  const stack = await oldBridge();
  const old = await stack.startWorker({}, releaseWorker);
  const began = await place(stack, { flow, account, caller: caller(PATIENCE) });
  await waiting(began);
  await stack.startWorker();
  await gone(old);
  await ended(began, null);
  await stack.stop();
  return CALLS;
}

/** A stack whose bridge gives results as those of 0.6 did: without `at`. */
async function oldBridge(): Promise<DevStack> {
  const stack = await DevStack.start();
  const { bridge } = stack.simulator;
  const obey = bridge.bridgeCommand.bind(bridge);
  bridge.bridgeCommand = async (command) => {
    const result = await obey(command);
    if (command.type === 'sequence' || command.type === 'watch') return result;
    return { ...result, at: undefined };
  };
  return stack;
}

async function place(stack: DevStack, call: TestCall): Promise<StartedCall[]> {
  const calls: StartedCall[] = [];
  for (let n = 0; n < CALLS; n++) calls.push(await stack.call(call));
  return calls;
}

async function waiting(calls: readonly StartedCall[]): Promise<void> {
  for (const { handle } of calls) while (!(await handle.query<string[]>('path')).includes('wait')) await pause(50);
}

/** Each call went its way, with one flow end, on this build; null: on whichever. */
async function ended(calls: readonly StartedCall[], build: string | null): Promise<void> {
  for (const { handle, report } of calls) {
    const { outcome, path, flowEnd }: CallReport = await report();
    assert.deepEqual([outcome, path.map(({ widget }) => widget), flowEnd?.delivered], ['completed', PATH, true]);
    const ends = target.of('/end').filter(({ headers }) => headers['webhook-id'] === `${handle.workflowId}/flow-end`);
    assert.equal(ends.length, 1, `${handle.workflowId} has ${ends.length} flow ends`);
    if (build === null) continue;
    const { events } = await handle.fetchHistory();
    const builds = (events ?? []).flatMap((event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? []); // prettier-ignore
    assert.deepEqual([...new Set(builds)], [build]);
  }
}

async function makeCurrent(stack: DevStack, buildId: string): Promise<void> {
  const { namespace } = stack.server;
  const version = { namespace, deploymentName: DEPLOYMENT, buildId };
  for (let tries = 0; ; tries++) {
    try {
      await stack.client.workflowService.setWorkerDeploymentCurrentVersion(version);
      return;
    } catch (error) {
      // The server knows a build once its worker has polled.
      if (tries === 100) throw error;
      await pause(200);
    }
  }
}

async function gone(worker: ChildProcess): Promise<void> {
  const exit = once(worker, 'exit');
  worker.kill('SIGTERM');
  await exit;
}
