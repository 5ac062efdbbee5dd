import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../src/temporal/servers/ports.js';
import { orderServiceTurn } from '../support/order-service.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = await readFile(join(root, 'docs/reference/api.md'), 'utf8');
const session = page.slice(page.indexOf('## A session'), page.indexOf('## Keys'));
const blocks = [...session.matchAll(/```sh\n([^]*?)```/g)].map(([, text = '']) => text);
/** Longer than a session takes on a small machine that is busy. */
const MAX_SECONDS = 400;
/** Stands between what two blocks print. */
const MARK = '=== next block ===';

let home: string;
let giveOn: () => Promise<void>;
let printed: string[];
let log: string;
beforeAll(async () => {
  giveOn = await orderServiceTurn();
  home = await mkdtemp(join(tmpdir(), 'hookline-session-'));
  const port = await freePort();
  // Each log lies in the folder of this run, not in that of the sources.
  const script = blocks
    .map((block) => `${block}\necho; echo '${MARK}'\n`)
    .join('')
    .replaceAll(/\b(stack|bridge)\.log\b/g, `${home}/$1.log`);
  const env = { ...process.env, HOOKLINE_HOME: home, HOOKLINE_API_PORT: String(port), NO_COLOR: '1' };
  // Jobs are groups of their own, as in the shell of a person: `kill %1` reaches all of `npm start`.
  // By the shell's own `kill`: the program of that name takes the number of a group for a signal to everybody.
  const ended = 'for job in $(jobs -p); do builtin kill -- -$job || true; done';
  const whole = `set -eum -o pipefail\ntrap '${ended}' EXIT\n${script}\nwhile curl -sf $API/health; do sleep 1; done`;
  const shell = spawn('timeout', [String(MAX_SECONDS), 'bash', '-c', whole], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  shell.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  shell.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await once(shell, 'close');
  printed = out.split(MARK).map((text) => text.trim());
  log = `${out}\n${err}\n${await readFile(join(home, 'stack.log'), 'utf8').catch(() => '')}`;
}, 900_000);
afterAll(async () => {
  await giveOn();
  // The stack may still be closing its files.
  await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
});

/** The last lines that a block printed. */
const lines = (block: number) => (printed[block] ?? '').split('\n');

describe('the session of docs/reference/api.md', () => {
  it('runs to its end, line by line', () => {
    expect(printed.length, log).toBe(blocks.length + 1);
  });

  it('makes an account, publishes a flow, and the call that the API places ends with an agent', () => {
    expect(printed[1], log).toContain('"id":163');
    expect(printed[2]).toContain('"version":1');
    expect(printed[2]).toContain('"published":1');
    expect(lines(3)).toEqual(['9879964805']);
  });

  it('F2: the report holds the short link, which redirects and counts the visit', () => {
    expect(lines(4)).toEqual(['302 https://shop.example.com/orders/1001', '1']);
  });

  it('F4: the next call skips the agent who was paused', () => {
    expect(printed[5]).toContain('"paused":true');
    expect(printed[5]).toMatch(/9879964806$/);
  });

  it('F1: a call that was asked for before everything restarted is placed once', () => {
    expect(lines(6)).toEqual(['1', '9800000003,9800000002,9800000001']);
  });
});
