/** Every way to Temporal goes through the codec. */
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCodecServer } from '../../src/codec-server/codec-server.js';
import { SIMULATED_FAR_ENDS, SIMULATED_NUMBERS } from '../../src/telephony/check/far-ends.js';
import { checkBridge } from '../../src/telephony/check/run-check.js';
import { temporalBridge } from '../../src/telephony/check/temporal-transport.js';
import { startSimulator } from '../../src/telephony/simulator/simulator-worker.js';
import { workflowBundle } from '../../src/temporal/bundle.js';
import { configuredDataConverter } from '../../src/temporal/codec/data-converter.js';
import { codecSettings } from '../../src/temporal/codec/codec-settings.js';
import { findServer } from '../../src/temporal/servers/find-server.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { DEV_SERVER } from '../../src/temporal/servers/programs.js';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';
import { ended, hookline, listening } from './command.js';

const [oldKey, newKey] = [`old=${randomBytes(32).toString('base64')}`, `new=${randomBytes(32).toString('base64')}`];
const dataConverter = configuredDataConverter({ HOOKLINE_CODEC_KEYS: `${oldKey},${newKey}` });

let stack: DevStack;
beforeAll(async () => {
  stack = await DevStack.start({ dataConverter });
});
afterAll(() => stack.stop());

const bye = { type: 'hangUp' };
const encrypted = Buffer.from('binary/encrypted').toString('base64');
const historyOf = async (workflowId: string) => {
  const { namespace } = stack.server;
  const asked = { namespace, execution: { workflowId } };
  return (await stack.client.workflowService.getWorkflowExecutionHistory(asked)).history?.events ?? [];
};

describe('C6: the commands encrypt with the keys of their environment', () => {
  it('hookline run on a stack of its own', async () => {
    const { code, stdout, stderr } = await hookline(['run', 'examples/tutorial/1-hello.json', '--json'], {
      HOOKLINE_CODEC_KEYS: newKey,
    });
    expect(stderr).not.toContain('HOOKLINE');
    expect({ code, outcome: JSON.parse(stdout).outcome }).toEqual({ code: 0, outcome: 'completed' });
  });

  it('hookline test', async () => {
    const args = ['test', 'examples/tutorial', '--filter', 'known-order', '--json'];
    const { code, stdout } = await hookline(args, { HOOKLINE_CODEC_KEYS: newKey });
    expect(`${code} ${stdout}`).toMatch(/^0 /);
  });

  it('hookline run beside a worker with the same key; without it the command says which key is missing', async () => {
    const worker = await stack.startWorker({ HOOKLINE_CODEC_KEYS: oldKey });
    const args = ['run', 'examples/tutorial/1-hello.json', '--json'];
    const env = { TEMPORAL_ADDRESS: stack.server.address };
    const { stdout } = await hookline(args, { ...env, HOOKLINE_CODEC_KEYS: oldKey });
    const { outcome, call } = JSON.parse(stdout) as { outcome: string; call: string };
    expect(outcome).toBe('completed');
    expect(JSON.stringify((await historyOf(call))[0])).toContain(encrypted);
    const without = await hookline(args, env);
    expect(without.code).toBe(1);
    expect(without.stderr).toMatch(/PAYLOAD_UNREADABLE: .*the key old/);
    await stack.kill(worker);
  });

  it('hookline api: the start that it makes, and what it asks the call', async () => {
    const worker = await stack.startWorker({ HOOKLINE_CODEC_KEYS: `${oldKey},${newKey}` });
    const port = await freePort();
    const api = await listening(['api'], {
      ...{ HOOKLINE_API_PORT: String(port), TEMPORAL_ADDRESS: stack.server.address },
      HOOKLINE_CODEC_KEYS: `${newKey},${oldKey}`,
    });
    const response = await fetch(`http://127.0.0.1:${port}/bridge/calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        account: { id: 1 },
        flow: flowOf({ wait: { type: 'delay', seconds: 1, lines: {} } }),
        call: { id: randomUUID(), direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() },
        bridge: { id: 'b', taskQueue: 'nobody' },
      }),
    });
    const { call } = (await response.json()) as { call: string };
    expect(JSON.stringify((await historyOf(call))[0])).toContain(encrypted);
    await expect
      .poll(async () => (await fetch(`http://127.0.0.1:${port}/bridge/calls/${call}`)).json() as Promise<unknown>, {
        timeout: 30_000,
      })
      .toMatchObject({ path: ['wait'] });
    await stack.kill(worker);
    await ended(api);
  });

  it('hookline bridge check: it reads events, results and errors of an encrypted history', async () => {
    const { client, server } = stack;
    const native = await NativeConnection.connect({ address: server.address });
    const common = { client, connection: native, namespace: server.namespace };
    const simulator = await startSimulator({ ...common, outbound: SIMULATED_FAR_ENDS });
    const bundle = await workflowBundle(dataConverter);
    const bridge = await temporalBridge({ ...common, taskQueue: simulator.taskQueue, bundle });
    const only = ['dial-answers', 'dial-busy', 'unknown-leg'];
    const report = await checkBridge(bridge, { numbers: SIMULATED_NUMBERS, only });
    expect(report).toMatchObject({ kept: only.length, broken: 0, notChecked: 0 });
    await bridge.close();
    await simulator.shutdown();
    await native.close();
  });
});

describe("C6: Temporal's own CLI, through the codec server", () => {
  it('shows a history and a query in clear, and encrypts the start that it makes', async () => {
    const worker = await stack.startWorker({ HOOKLINE_CODEC_KEYS: oldKey });
    const program = await findServer(DEV_SERVER, () => undefined);
    const token = 'a-token-of-some-length';
    const codec = codecSettings({ HOOKLINE_CODEC_KEYS: oldKey });
    if (!codec) throw new Error('There is no codec.');
    const place = { host: '127.0.0.1', port: 0, origins: new Set<string>(), token };
    const server = await startCodecServer({ ...place, codec, say: () => undefined });
    const where = [
      '--address',
      stack.server.address,
      '--codec-endpoint',
      server.url,
      '--codec-auth',
      `Bearer ${token}`,
    ];
    const temporal = async (...args: string[]) =>
      (await promisify(execFile)(program, ['workflow', ...args, ...where], { maxBuffer: 1e8 })).stdout;

    const { handle, report } = await stack.call({ flow: flowOf({ bye }), caller: { from: '919847362514' } });
    await report();
    const id = handle.workflowId;
    expect(JSON.stringify(await historyOf(id))).not.toContain('919847362514');
    expect(await temporal('show', '--workflow-id', id, '--detailed')).toContain('919847362514');
    expect(await temporal('query', '--workflow-id', id, '--type', 'path')).toContain('bye');
    const [named, queue] = ['--workflow-id', '--task-queue'];
    await temporal(
      'start',
      '--type',
      'call',
      queue,
      'nobody',
      named,
      'by-the-cli',
      '--input',
      '{"number":"919847362514"}',
    );
    const [started] = await historyOf('by-the-cli');
    expect(JSON.stringify(started)).toContain(encrypted);
    await server.stop();
    await stack.kill(worker);
  });
});

describe('PAYLOAD_UNREADABLE: a worker without the key', () => {
  it('leaves a call waiting, and it goes on where the key is, encrypted with the new one', async () => {
    const first = await stack.startWorker({ HOOKLINE_CODEC_KEYS: oldKey });
    const flow = flowOf({ wait: { type: 'delay', seconds: 2, lines: { next: 'bye' } }, bye });
    const { handle, report } = await stack.call({ flow });
    await expect.poll(() => handle.query<string[]>('path').catch(() => [])).toContain('wait');
    await stack.kill(first);
    const without = await stack.startWorker({ HOOKLINE_CODEC_KEYS: newKey });
    await expect.poll(() => stack.output, { timeout: 20_000 }).toMatch(/PAYLOAD_UNREADABLE: .*the key old/);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    const both = await stack.startWorker({ HOOKLINE_CODEC_KEYS: `${newKey},${oldKey}` });
    await stack.kill(without);
    expect(await report()).toMatchObject({ outcome: 'completed' });
    const last = JSON.stringify((await historyOf(handle.workflowId)).at(-1));
    expect(last).toContain(Buffer.from('new').toString('base64'));
    await stack.kill(both);
  });
});
