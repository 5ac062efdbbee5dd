import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterEach, beforeEach, expect, it } from 'vitest';
import '../support/runtime.js';
import { callReport } from '../../src/calls/read-call.js';
import { connectClient } from '../../src/temporal/connect.js';
import { type DevServer, startDevServer } from '../../src/temporal/servers/dev-server.js';
import type * as stack from '../../src/stack/worker-process.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { flowOf } from '../support/rig.js';

// As the stack has it: its worker's entry point lies in the build.
const built = new URL('../../dist/stack/worker-process.js', import.meta.url).href;
const { WorkerProcess } = (await import(built)) as typeof stack;

let folder: string;
let server: DevServer;
let start: () => Promise<DevServer>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-away-'));
  const port = await freePort();
  start = () => startDevServer({ say: () => undefined, dbFilename: join(folder, 'temporal.db'), port });
  server = await start();
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function workerOf({ address, namespace }: DevServer, say: (line: string) => void) {
  const where = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
  return new WorkerProcess({ ...where, HOOKLINE_API_URL: '', DATABASE_URL: '' }, say);
}

it('a worker that dies while the Temporal server is away is started until the server is back', async () => {
  const said: string[] = [];
  const worker = workerOf(server, (line) => said.push(line));
  const hear = async (start: string) => {
    while (!said.some((line) => line.startsWith(start))) await pause(50);
  };
  await worker.start();
  const pid = Number(/process (\d+)/.exec(said[0] ?? '')?.[1]);

  process.kill(server.pid, 'SIGKILL');
  await server.gone;
  process.kill(pid, 'SIGKILL');
  await hear('the worker does not start');
  said.length = 0;
  server = await start();
  await hear('worker takes calls');
  expect(said.join()).not.toContain(`process ${pid})`);
  await worker.stop();
});

it.each([
  ['until after the command was due', 8_000],
  ['for a moment, which its bridge took longer to notice', 2_500],
])('B5: the server was away %s: its bridge is not gone, and the call goes on', async (_, away) => {
  const worker = workerOf(server, () => undefined);
  await worker.start();
  const { connection, client } = await connectClient(server.address, server.namespace, {});
  const [id, taskQueue] = [randomUUID(), `bridge-${randomUUID()}`];
  const call = { id, direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() };
  const flow = flowOf({ answer: { type: 'answerCall', lines: { next: 'bye' } }, bye: { type: 'hangUp' } });
  const input = { account: { id: 1 }, flow, call, bridge: { id: 'far', taskQueue } };
  const handle = await client.workflow.start('call', { workflowId: id, taskQueue: 'hookline', args: [input] });
  const given = async () =>
    (await handle.fetchHistory()).events?.filter(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === 'bridgeCommand',
    ).length ?? 0;
  while ((await given()) < 1) await pause(20);

  process.kill(server.pid, 'SIGKILL');
  await server.gone;
  await pause(away);
  server = await start();
  while ((await given()) < 2) await pause(50);
  // The bridge lost the server, too, and is longer in finding it again than a command waits.
  await pause(7_000);
  const native = await NativeConnection.connect({ address: server.address });
  const done = { bridgeCommand: () => Promise.resolve({ result: 'done' }) };
  const bridge = await Worker.create({ connection: native, namespace: server.namespace, taskQueue, activities: done });
  expect(await bridge.runUntil(callReport(handle))).toMatchObject({ outcome: 'completed' });
  // The answer, given twice, and the hang-up.
  expect(await given()).toBe(3);
  await worker.stop();
  await Promise.all([native.close(), connection.close()]);
});
