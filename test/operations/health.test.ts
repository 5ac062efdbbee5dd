import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startApi, type RunningApi } from '../../src/api/api.js';
import { openStore, type Store } from '../../src/store/store.js';
import { startEmbedded } from '../../src/store/embedded.js';
import { httpBridgeSettings } from '../../src/telephony/http/bridge-http-settings.js';
import { connectClient } from '../../src/temporal/connect.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import type { TestDatabase } from '../support/databases.js';
import { DevStack } from '../support/dev-stack.js';
import { testLog } from '../support/log.js';
import { flowOf } from '../support/rig.js';
import { after, json, Target } from '../support/target.js';

let stack: DevStack;
let target: Target;
let database: TestDatabase;
let store: Store;
let api: RunningApi;
let worker: ChildProcess;
let workerUrl: string;
/** The way to Temporal, and to the database: both can be cut. */
let temporal: Way;
let db: Way;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  [stack, target, database] = await Promise.all([DevStack.start(), Target.start(), startEmbedded(null)]);
  temporal = await wayTo(Number(stack.server.address.split(':')[1]));
  const url = new URL(database.url);
  db = await wayTo(Number(url.port));
  url.host = `127.0.0.1:${db.port}`;
  const health = `127.0.0.1:${await freePort()}`;
  workerUrl = `http://${health}`;
  worker = await stack.startWorker({ HOOKLINE_HEALTH_ADDRESS: health, TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`, DATABASE_URL: url.href }); // prettier-ignore
  store = await openStore(url.href);
  const { connection, client } = await connectClient(`127.0.0.1:${temporal.port}`, stack.server.namespace);
  stops.push(() => connection.close());
  const common = { client, http: httpBridgeSettings({}), searchAttributes: true, host: '127.0.0.1', port: await freePort(), log: testLog() }; // prettier-ignore
  api = await startApi({ ...common, accounts: { store, operatorKey: null, requestsPerMinute: 600 } });
});

afterAll(async () => {
  await api?.stop();
  await stack?.stop();
  for (const stop of stops) await stop();
  await store?.close();
  await database?.stop();
  await target?.stop();
  await Promise.all([temporal?.close(), db?.close()]);
});

/** A way of TCP that can be cut, and mended. */
interface Way {
  port: number;
  cut(): void;
  mend(): void;
  close(): Promise<unknown>;
}

async function wayTo(port: number): Promise<Way> {
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other).on('error', () => undefined);
      one.on('error', () => undefined).on('close', () => (sockets.delete(one), other.destroy()));
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const cut = () => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  const close = () => (cut(), once(server.close(), 'close'));
  return { port: (server.address() as AddressInfo).port, cut, mend: () => void (whole = true), close };
}

async function ask(url: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(url);
  return { status: answer.status, body: await answer.json() };
}

const ready = (url: string) => ask(`${url}/health/ready`);
const live = (url: string) => ask(`${url}/health/live`);
/** Waits at most five seconds. */
const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 5000, interval: 100 });

describe.each([
  ['the API', () => api.url, {}],
  ['a worker', () => workerUrl, { polling: 'ok' }],
] as const)('the health of %s', (_who, url, own) => {
  const well = { temporal: 'ok', store: 'ok', files: 'ok', loop: 'ok', ...own };

  it('is ready while Temporal and the store answer', async () => {
    expect(await ready(url())).toEqual({ status: 200, body: { status: 'ready', checks: well } });
    expect(await live(url())).toEqual({ status: 200, body: { status: 'live' } });
  });

  it('is not ready within seconds when Temporal is away, but live, and is ready again by itself', async () => {
    temporal.cut();
    await soon(async () => expect(await ready(url())).toEqual({ status: 503, body: { status: 'notReady', checks: { ...well, temporal: 'away' } } })); // prettier-ignore
    expect((await live(url())).status).toBe(200);
    temporal.mend();
    await vi.waitFor(async () => expect((await ready(url())).status).toBe(200), { timeout: 15_000, interval: 200 });
  });

  it('is not ready when the store is away, and is ready again by itself', async () => {
    db.cut();
    await soon(async () => expect(await ready(url())).toMatchObject({ status: 503, body: { checks: { ...well, store: 'away' } } })); // prettier-ignore
    expect((await live(url())).status).toBe(200);
    db.mend();
    await soon(async () => expect((await ready(url())).status).toBe(200));
  });
});

describe('the health of a process whose threads for files are all taken', () => {
  it('is not ready, however often it is asked, and ready again once they are free', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hookline-files-'));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // Each takes a thread until somebody writes.
    const readers = Array.from({ length: 4 }, () => open(pipe, 'r'));
    const checks = { temporal: 'ok', store: 'ok', files: 'exhausted', loop: 'ok' };
    for (let n = 0; n < 2; n += 1) expect(await ready(api.url)).toEqual({ status: 503, body: { status: 'notReady', checks } }); // prettier-ignore
    execFileSync('sh', ['-c', 'exec 3<>"$0"; sleep 1', pipe]);
    for (const reader of readers) await (await reader).close();
    rmSync(folder, { recursive: true });
    expect((await ready(api.url)).status).toBe(200);
  });
});

describe('the health of a worker that was told to stop', () => {
  it('is not ready from then on, and live until its requests are through', async () => {
    target.on('/long', after(3000, json({})));
    const request = { method: 'GET', url: target.url('/long') };
    const flow = flowOf({ answer: { type: 'answerCall', lines: { next: 'ask' } }, ask: { type: 'webhook', request, lines: {} } }); // prettier-ignore
    const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'] };
    await stack.call({ flow, account });
    await vi.waitFor(() => expect(target.of('/long')).toHaveLength(1), { timeout: 10_000 });
    worker.kill('SIGTERM');
    await soon(async () => expect(await ready(workerUrl)).toMatchObject({ status: 503, body: { checks: { polling: 'away' } } })); // prettier-ignore
    expect((await live(workerUrl)).status).toBe(200);
    await once(worker, 'exit');
  });
});
