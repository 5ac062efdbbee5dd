import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../src/api/api.js';
import { callReport } from '../../src/calls/read-call.js';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { httpBridgeSettings } from '../../src/telephony/http/bridge-http-settings.js';
import type { CallInput } from '../../src/telephony/start.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { testLog } from '../support/log.js';
import { type Rig, timeSkippingRig } from '../support/rig.js';

const page = await readFile(new URL('../../docs/reference/bridge.md', import.meta.url), 'utf8');
const section = page.split('\n## Over HTTP\n')[1] ?? '';
const block = (language: string) => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(section)?.[1] ?? '';

let rig: Rig;
let api: RunningApi;
let folder: string;
let start: CallInput;
let bridge: ChildProcess | undefined;
const env = { ...process.env, HOOKLINE_BRIDGE_SECRET: `whsec_${randomBytes(32).toString('base64')}`, HOOKLINE_API_URL: '', PORT: '' }; // prettier-ignore

beforeAll(async () => {
  const port = await freePort();
  env.PORT = String(await freePort());
  env.HOOKLINE_API_URL = `http://127.0.0.1:${port}`;
  const http = httpBridgeSettings({ ...env, HOOKLINE_BRIDGE_URLS: '' });
  rig = await timeSkippingRig({ http });
  const { client } = rig.env;
  api = await startApi({ client, http, searchAttributes: true, taskQueue: rig.taskQueue, host: '127.0.0.1', port, log: testLog() }); // prettier-ignore
  folder = await mkdtemp(join(tmpdir(), 'hookline-docs-'));
  // As the page has it, with the bridge that this section names, at a port that is free.
  start = JSON.parse(/```json\n([^]*?)```/.exec(page)?.[1] ?? '') as CallInput;
  const named = JSON.parse(`{ ${/"bridge": \{[^}]*"url"[^}]*\}/.exec(section)?.[0]} }`) as Pick<CallInput, 'bridge'>;
  start.bridge = { id: named.bridge.id, url: `http://127.0.0.1:${env.PORT}/` };
  await writeFile(join(folder, 'start.json'), JSON.stringify(start, null, 2));
});
afterAll(async () => {
  bridge?.kill();
  await api.stop();
  await rig.close();
  await rm(folder, { recursive: true, force: true });
});

describe('docs/reference/bridge.md, over HTTP', () => {
  it('has a bridge of Node alone, in fifty lines, that a call runs on from start to end', async () => {
    const code = block('js');
    expect(code.trim().split('\n').length).toBeLessThanOrEqual(50);
    expect([...code.matchAll(/from '([^']+)'/g)].map(([, from]) => from)).toEqual(['node:crypto', 'node:http', './start.json']); // prettier-ignore
    await writeFile(join(folder, 'bridge.mjs'), code);
    bridge = spawn(process.execPath, ['bridge.mjs'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    bridge.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const handle = rig.env.client.workflow.getHandle(callWorkflowId(1, start.bridge.id, start.call.id));
    await expect.poll(() => printed, { timeout: 20_000 }).toContain('answer');
    const report = await callReport(handle);
    expect(report).toMatchObject({ outcome: 'completed', error: null });
    expect(report.path.map(({ widget }) => widget)).toEqual(['answer', 'say', 'bye']);
    expect(printed.trim().split('\n')).toEqual(['answer ""', 'play [{"text":"Hello, order 1001."}]', 'hangUp 16']);
    const { timeline } = await handle.query<{ timeline: { text: string }[] }>('progress');
    expect(timeline.map(({ text }) => text).join('\n')).toMatch(/legAnswered|connected|answered/i);
  });

  it('has a start by curl that is signed as the API wants it', async () => {
    const shell = await promisify(execFile)('sh', ['-c', block('sh')], { cwd: folder, env, timeout: 20_000 });
    expect(shell.stderr).toBe('');
    // The call was there already.
    expect(JSON.parse(shell.stdout)).toEqual({ call: callWorkflowId(1, start.bridge.id, start.call.id) });
  });

  it('shows a problem document as the API answers it', async () => {
    const shown = JSON.parse(block('json')) as { errors: unknown[] };
    const broken = { ...start, call: { ...start.call, direction: 'sideways' } };
    await writeFile(join(folder, 'start.json'), JSON.stringify(broken));
    const shell = await promisify(execFile)('sh', ['-c', block('sh')], { cwd: folder, env, timeout: 20_000 });
    expect(JSON.parse(shell.stdout)).toEqual(shown);
  });

  it('lists every route of the API, and no other', async () => {
    const files = ['bridge/bridge-calls', 'bridge/did-target', 'bridge/events', 'health'].map(
      (name) => new URL(`../../src/api/${name}.ts`, import.meta.url),
    );
    const code = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
    const routes = [...code.matchAll(/api\.(get|post)(?:<[^(]*>)?\('([^']+)'/g)].map(([, method = '', path = '']) => `${method.toUpperCase()} ${path.replace(':call', '{call}')}`); // prettier-ignore
    const listed = [...section.matchAll(/^\| `((?:GET|POST) [^`]+)` \|/gm)].map(([, route]) => route);
    expect(listed.sort()).toEqual(routes.sort());
  });
});
