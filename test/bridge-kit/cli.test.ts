import '../support/runtime.js';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevServer, startDevServer } from '../../src/temporal/servers/dev-server.js';

const bin = fileURLToPath(new URL('../../bin/hookline.js', import.meta.url));
let server: DevServer;
let home: string;
let bridge: ChildProcess;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hookline-bridge-'));
  server = await startDevServer({ say: () => undefined });
  bridge = spawn(process.execPath, [bin, 'bridge', 'simulate', '--task-queue', 'q', '--caller', await script()], {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { stderr } = bridge;
  if (stderr) await once(stderr, 'data');
});
afterAll(async () => {
  const gone = once(bridge, 'exit');
  bridge.kill('SIGTERM');
  await gone;
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

const environment = () => ({ ...process.env, TEMPORAL_ADDRESS: server.address, HOOKLINE_HOME: home });

/** A bridge of which the number 1 answers, and the number 2, which should be busy, does so too. */
async function script(): Promise<string> {
  const file = join(home, 'caller.json');
  await writeFile(file, JSON.stringify({ realTime: true, legs: { 1: { after: 0.1 }, 2: { after: 0.1 } } }));
  return file;
}

function check(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, 'bridge', 'check', ...args], { env: environment() }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

describe('hookline bridge check', () => {
  it('tells what is kept, broken and not checked; 1 when a rule is broken', async () => {
    const numbers = join(home, 'numbers.json');
    await writeFile(numbers, JSON.stringify({ answers: '1', busy: '2' }));
    const only = ['--only', 'dial-answers,dial-busy,dial-rejected'];
    const { code, stdout } = await check('--task-queue', 'q', '--numbers', numbers, ...only);
    expect(code).toBe(1);
    expect(stdout).toContain('✓ `dial` completes when the party answers');
    expect(stdout).toMatch(/✗ A number that is busy.*\n {4}expected the error BUSY.*\n {4}came .*"done"/);
    expect(stdout).toMatch(/– A party that refuses.*\n {4}not checked: no number "rejects" was given/);
    expect(stdout).toContain('1 kept, 1 broken, 1 not checked');
  });

  it('--json gives one document; 0 when no rule is broken', async () => {
    const { code, stdout } = await check('--task-queue', 'q', '--number', 'answers=1', '--only', 'stop,dial-busy', '--json'); // prettier-ignore
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ kept: 1, broken: 0, notChecked: 1 },
      rules: [
        { id: 'dial-busy', section: 'Results', verdict: 'notChecked', why: 'no number "busy" was given' },
        { id: 'stop', section: 'Commands', verdict: 'kept' },
      ],
    });
  });

  it('2 for options and a numbers file that are not valid, every fault at once', async () => {
    const numbers = join(home, 'wrong.json');
    await writeFile(numbers, JSON.stringify({ answer: '1', busy: 17 }));
    const { code, stdout } = await check('--numbers', numbers, '--number', 'x=1', '--only', 'stopp', '--json');
    expect(code).toBe(2);
    const { errors } = JSON.parse(stdout) as { errors: { pointer: string; message: string }[] };
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['', '', '', '/answer', '/busy']);
    expect(errors.map(({ message }) => message).join('\n')).toMatch(/--task-queue[^]*"answers"[^]*"stop"/);
  });

  it('says so when no bridge is there', async () => {
    const { code, stderr } = await check('--task-queue', 'nobody');
    expect(code).toBe(1);
    expect(stderr).toContain('NO_BRIDGE');
  });
});
