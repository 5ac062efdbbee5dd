/** `hookline start` on one's own machine: its folder is private, and a stack that was killed starts again. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEmbedded } from '../../src/store/embedded.js';
import { makeHomePrivate } from '../../src/stack/private-home.js';

const program = fileURLToPath(new URL('../../bin/hookline.js', import.meta.url));
/** Runs a program as the first process of a container does. */
const ALONE = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

let home: string;
const running = new Set<ChildProcess>();
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hookline-home-'));
});
afterEach(async () => {
  for (const child of running) await end(child, 'SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

/** What group or others have a right to, below a folder and the folder itself. */
function open(folder: string): string[] {
  const entry = lstatSync(folder, { throwIfNoEntry: false });
  if (!entry || entry.isSymbolicLink()) return [];
  const below = entry.isDirectory() ? readdirSync(folder).flatMap((name) => open(join(folder, name))) : [];
  return (entry.mode & 0o077) === 0 ? below : [folder, ...below];
}

/** Makes the folder private, as a start does; gives what was said. */
function makePrivate(): string[] {
  const said: string[] = [];
  const umask = process.umask();
  vi.stubEnv('HOOKLINE_HOME', home);
  makeHomePrivate((line) => said.push(line));
  vi.unstubAllEnvs();
  process.umask(umask);
  return said;
}

async function start(around: string[] = []): Promise<ChildProcess> {
  const [command = '', ...args] = [...around, process.execPath, program, 'start'];
  const env = { ...process.env, HOOKLINE_HOME: home, TEMPORAL_ADDRESS: '', DATABASE_URL: '' };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('Ready.')) resolve();
      });
    child.once('exit', () => reject(new Error(`hookline start ended: ${said}`)));
  });
  await ready;
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

describe('the folder of a stack', () => {
  it('is private with all that is in it, also when an earlier release left it open, and links in it are left alone', async () => {
    const outside = `${home}-outside`;
    writeFileSync(outside, '');
    chmodSync(outside, 0o644);
    await (await startEmbedded(join(home, 'store'))).stop();
    writeFileSync(join(home, 'operator-key'), 'key');
    for (const name of readdirSync(join(home, 'store'), { recursive: true, encoding: 'utf8' }))
      chmodSync(join(home, 'store', name), statSync(join(home, 'store', name)).isDirectory() ? 0o777 : 0o666);
    for (const path of [join(home, 'operator-key'), join(home, 'store'), home]) chmodSync(path, 0o777);
    symlinkSync(outside, join(home, 'store', 'link'));
    expect(open(home).length).toBeGreaterThan(900);
    const said = makePrivate();
    expect(open(home)).toEqual([]);
    expect([said, statSync(outside).mode & 0o777]).toEqual([[], 0o644]);
    rmSync(outside);
  });

  it('keeps its own rights when it holds more than a stack, and what is ours in it does not', () => {
    writeFileSync(join(home, 'notes.txt'), '');
    mkdirSync(join(home, 'store'));
    chmodSync(home, 0o755);
    const said = makePrivate();
    expect(open(home)).toEqual([home, join(home, 'notes.txt')]);
    expect(said).toEqual([expect.stringContaining('HOOKLINE_HOME')]);
  });
});

describe('a stack that is the first process of its container', () => {
  const allowed = spawnSync(ALONE[0] ?? '', [...ALONE.slice(1), 'true']).status === 0;
  if (!allowed) process.stderr.write('skipped: this machine does not let us make a process namespace (unshare)\n');

  it.skipIf(!allowed)(
    'starts again after kill -9, and leaves nothing that others may read',
    async () => {
      const first = await start(ALONE);
      expect(open(home)).toEqual([]);
      await end(first, 'SIGKILL');
      const second = await start(ALONE);
      expect(open(home)).toEqual([]);
      await end(second, 'SIGKILL');
    },
    120_000,
  );
});
