import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../src/temporal/servers/ports.js';

const bin = fileURLToPath(new URL('../../bin/hookline.js', import.meta.url));
const secret = `whsec_${randomBytes(32).toString('base64')}`;
// No Temporal is there: nothing over HTTP may need it.
const env = { ...process.env, HOOKLINE_BRIDGE_SECRET: secret, TEMPORAL_ADDRESS: '127.0.0.1:9' };
let bridge: ChildProcess;
let url: string;
let said = '';

beforeAll(async () => {
  bridge = spawn(process.execPath, [bin, 'bridge', 'simulate', '--port', '0'], { env, stdio: ['ignore', 'ignore', 'pipe'] }); // prettier-ignore
  bridge.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  while (bridge.stderr && !/http:\S+/.test(said)) await once(bridge.stderr, 'data');
  url = /http:\S+/.exec(said)?.[0] ?? '';
});
afterAll(async () => {
  const gone = once(bridge, 'exit');
  bridge.kill('SIGTERM');
  await gone;
});

/** Runs `hookline bridge ...`; `more` is set in its environment. */
function run(args: string[], more = {}): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, 'bridge', ...args], { env: { ...env, ...more } }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

describe('hookline bridge, over HTTP', () => {
  it('check --url proves what simulate --port runs, signed and without Temporal; no secret is told', async () => {
    const events = `http://127.0.0.1:${await freePort()}`;
    const only = ['--only', 'dial-answers,stop,our-hang-up,unsigned-refused'];
    const { code, stdout, stderr } = await run(['check', '--url', url, '--events-url', events, ...only]);
    expect(stdout).toContain('4 kept, 0 broken, 0 not checked');
    expect(code).toBe(0);
    expect(said + stdout + stderr).not.toContain(secret.slice(6));
  });

  it('1 when the secrets differ: every command is refused', async () => {
    const other = { HOOKLINE_BRIDGE_SECRET: `whsec_${randomBytes(32).toString('base64')}` };
    const { code, stdout } = await run(['check', '--url', url, '--only', 'dial-answers'], other);
    expect(code).toBe(1);
    expect(stdout).toMatch(/no answer that counts.*401/);
  });

  it('NO_BRIDGE when nobody is there', async () => {
    const { code, stderr } = await run(['check', '--url', 'http://127.0.0.1:9/']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/NO_BRIDGE: .*ECONNREFUSED.*simulate --port/);
  });

  it('PORT_TAKEN when the port is', async () => {
    const { port } = new URL(url);
    for (const args of [
      ['simulate', '--port', port],
      ['check', '--url', url, '--events-url', `http://127.0.0.1:${port}`],
    ]) {
      // prettier-ignore
      const { code, stderr } = await run(args);
      expect(code).toBe(1);
      expect(stderr).toContain(`PORT_TAKEN: Port ${port}`);
    }
  });

  it.each([
    [['check'], /--task-queue or --url/],
    [['check', '--task-queue', 'q', '--url', 'http://127.0.0.1/'], /--task-queue and --url/],
    [['check', '--task-queue', 'q', '--events-url', 'http://127.0.0.1/'], /--events-url: allowed only/],
    [['check', '--url', 'ftp://127.0.0.1/'], /--url: the value is an http/],
    [['check', '--url', 'http://127.0.0.1/', '--events-url', 'http://127.0.0.1:1/x'], /--events-url: write/],
    [['simulate', '--port', '1', '--task-queue', 'q'], /--task-queue and --port/],
    [['simulate', '--port', '70000'], /--port: the value is 0/],
  ])('2 for %j', async (args, message) => {
    const { code, stderr } = await run(args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('2 without a secret for another machine, and for what is no secret', async () => {
    const away = ['check', '--url', 'http://192.0.2.1/'];
    const [none, wrong] = await Promise.all([run(away, { HOOKLINE_BRIDGE_SECRET: '' }), run(away, { HOOKLINE_BRIDGE_SECRET: 'hunter2' })]); // prettier-ignore
    expect([none.code, wrong.code]).toEqual([2, 2]);
    expect(none.stderr).toContain('HOOKLINE_BRIDGE_SECRET');
    expect(wrong.stderr).not.toContain('hunter2');
  });
});
