import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningSimulator, startSimulator } from '../../src/telephony/simulator/simulator-worker.js';
import { type TestApi, testApi } from '../support/api.js';
import { startPostgres } from '../support/databases.js';

const CALLS = 500;
/** Calls a second: about what a small machine can run beside everything else. */
const PACE = 20;
/** Another one for each try. */
let account = 4;

const entry = fileURLToPath(new URL('../../dist/worker.js', import.meta.url));

let api: TestApi;
let native: NativeConnection;
let simulator: RunningSimulator;
/** How often each call was dialled, by the id of the command. */
const dials = new Map<string, Set<string>>();
beforeAll(async () => {
  api = await testApi({ database: await startPostgres() });
  native = await NativeConnection.connect({ address: api.server.address });
  simulator = await startSimulator({ connection: native, client: api.client, namespace: api.server.namespace });
  const obey = simulator.bridge.bridgeCommand.bind(simulator.bridge);
  simulator.bridge.bridgeCommand = (command) => {
    if (command.type === 'dial')
      dials.set(command.callId, (dials.get(command.callId) ?? new Set()).add(command.commandId));
    return obey(command);
  };
});
afterAll(async () => {
  await simulator.shutdown();
  await native.close();
  await api.stop();
});

async function startWorker(): Promise<ChildProcess> {
  const env = {
    ...process.env,
    TEMPORAL_ADDRESS: api.server.address,
    DATABASE_URL: api.database.url,
    HOOKLINE_CODEC: 'off',
  };
  const child = fork(entry, { env, stdio: ['ignore', 2, 2, 'ipc'] });
  await once(child, 'message');
  return child;
}

async function end(worker: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = once(worker, 'exit');
  worker.kill(signal);
  await gone;
}

describe('500 outbound calls in one request', () => {
  it('F1: are all placed once, at the account’s pace, though the worker is killed twice meanwhile', async () => {
    account += 1;
    dials.clear();
    const securityId = String(account).repeat(64);
    const bridge = { id: simulator.bridge.id, taskQueue: simulator.taskQueue };
    const outbound = { bridge, from: '912200000002', callsPerSecond: PACE, atOnce: CALLS };
    await api.send('POST', '/v1/accounts', { id: account, securityId, outbound });
    const widgets = { answer: { type: 'answerCall', lines: { next: 'bye' } }, bye: { type: 'hangUp' } };
    await api.send('POST', `/v1/accounts/${account}/flows`, {
      hookline: 1,
      id: 'fivehund',
      type: 'outbound',
      start: 'answer',
      widgets,
    });
    await api.send('POST', `/v1/accounts/${account}/flows/fivehund/publish`, { version: 1 });
    const calls = Array.from({ length: CALLS }, (_, n) => ({
      'client-identifier': `c${n}`,
      'contact-numbers': [`9198000${String(n).padStart(5, '0')}`],
    }));
    const request = { 'api-version': '1.0', 'security-id': securityId, 'flow-id': 'fivehund', calls };
    let worker = await startWorker();
    const answer = (await api.send('POST', '/kairos-apis/outbound/create', request, { key: null })).body as Record<
      string,
      unknown
    >;
    expect(answer).toMatchObject({ 'api-response-code': 200 });
    const requestId = answer['request-id'] as string;

    const standing = () => api.store.outbound.standing(account);
    for (const left of [CALLS * 0.7, CALLS * 0.35]) {
      while ((await standing()).waiting > left) await pause(50);
      await end(worker, 'SIGKILL');
      worker = await startWorker();
    }
    const deadline = Date.now() + 120_000;
    const over = async () => {
      const { waiting, underWay } = await standing();
      return waiting + underWay === 0 || Date.now() > deadline;
    };
    while (!(await over())) await pause(250);
    await end(worker, 'SIGTERM');

    const placed = await api.store.outbound.lists.calls(account, requestId);
    expect(placed.filter(({ state, outcome }) => state === 'ended' && outcome === 'completed')).toHaveLength(CALLS);
    expect(new Set(placed.map(({ call }) => call)).size).toBe(CALLS);
    // A dial that was cut off by the kill is repeated under its id, and rings nobody twice (B3).
    expect([...dials.values()].map(({ size }) => size)).toEqual(Array.from({ length: CALLS }, () => 1));
    expect(new Set(dials.keys())).toEqual(new Set(placed.map(({ id }) => id)));
    const times = placed.map(({ placedAt }) => placedAt?.getTime() ?? 0).sort((a, b) => a - b);
    const inOneSecond = times.map((from) => times.filter((time) => time >= from && time < from + 1000).length);
    expect(Math.max(...inOneSecond)).toBeLessThanOrEqual(PACE * 1.1);
  }, 240_000);
});
