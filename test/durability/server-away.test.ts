import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import '../support/runtime.js';
import { type DevServer, startDevServer } from '../../src/temporal/servers/dev-server.js';
import type * as stack from '../../src/stack/worker-process.js';
import { freePort } from '../../src/temporal/servers/ports.js';

// As the stack has it: its worker's entry point lies in the build.
const built = new URL('../../dist/stack/worker-process.js', import.meta.url).href;
const { WorkerProcess } = (await import(built)) as typeof stack;

let folder: string;
let server: DevServer;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-away-'));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('a worker that dies while the Temporal server is away is started until the server is back', async () => {
  const port = await freePort();
  const start = () => startDevServer({ say: () => undefined, dbFilename: join(folder, 'temporal.db'), port });
  server = await start();
  const said: string[] = [];
  const where = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
  const worker = new WorkerProcess({ ...where, HOOKLINE_API_URL: '', DATABASE_URL: '' }, (line) => said.push(line));
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
