import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDatabase } from './database-lock.js';
import { markOf } from './process-mark.js';

let folder: string;
let database: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-lock-'));
  database = join(folder, 'temporal.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Takes the lock that a file of this text stands for; gives what was said meanwhile. */
async function take(text: string): Promise<string[]> {
  writeFileSync(`${database}.pid`, text);
  const said: string[] = [];
  (await lockDatabase(database, (line) => said.push(line))).release();
  return said;
}

const textOf = (pid: number) => `${pid} ${markOf(pid).since ?? ''}`;

describe('a database whose process was killed is free at once, though the id in its lock', () => {
  it('is our own: the first process of a container has the same one at every start', async () => {
    expect(await take(String(process.pid))).toEqual([]);
    expect(await take(`${process.pid} earlier`)).toEqual([]);
  });

  it('is that of another program by now', async () => {
    const other = spawn('sleep', ['30']);
    expect(await take(`${other.pid} earlier`)).toEqual([]);
    other.kill();
    await once(other, 'exit');
  });

  it('is that of no process, or none at all', async () => {
    const other = spawn('sleep', ['0']);
    await once(other, 'exit');
    for (const text of [String(other.pid), '', 'none', '-1', '1.5']) expect(await take(text)).toEqual([]);
  });
});

it('a database whose process runs is waited for, and the lock names who has it', async () => {
  const other = spawn('sleep', ['30']);
  const taken = take(textOf(other.pid ?? 0));
  await pause(300);
  other.kill();
  expect(await taken).toEqual([expect.stringContaining(`process ${other.pid}`)]);
  const lock = await lockDatabase(database, () => undefined);
  expect(readFileSync(`${database}.pid`, 'utf8')).toBe(textOf(process.pid));
  lock.giveTo(1);
  expect(readFileSync(`${database}.pid`, 'utf8')).toBe(textOf(1));
});
