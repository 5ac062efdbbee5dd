/** A disk that is full is named as what it is: in readiness, in answers of the API, and in the log. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from '../../src/api/problem.js';
import { diskHasRoom, readinessOf } from '../../src/observability/readiness.js';
import { openStore } from '../../src/store/store.js';
import { startPostgres } from '../support/databases.js';

const MIB = 2 ** 20;
let disk: string;
let mounted = false;
beforeAll(() => {
  disk = mkdtempSync(join(tmpdir(), 'hookline-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk], { stdio: 'ignore' });
    mounted = true;
  } catch {
    process.stderr.write('skipped: this machine does not let us mount a small disk\n');
  }
});
afterAll(() => {
  if (mounted) execFileSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** Leaves so many bytes on the disk. */
const leave = (bytes: number) => writeFileSync(join(disk, 'rest'), Buffer.alloc(64 * MIB - bytes - used()));
const used = () => Number(execFileSync('du', ['-sb', disk], { encoding: 'utf8' }).split('\t')[0]);
const clear = () => rmSync(join(disk, 'rest'), { force: true });

describe('a disk without room', () => {
  it('is told from one with room, and from a folder that is gone', async ({ skip }) => {
    if (!mounted) return skip();
    const ask = readinessOf({ disk: diskHasRoom(disk) });
    expect(await ask()).toEqual({ status: 'ready', checks: { disk: 'ok' } });
    leave(20 * MIB);
    expect(await ask()).toEqual({ status: 'notReady', checks: { disk: 'diskFull' } });
    clear();
    expect(await ask()).toEqual({ status: 'ready', checks: { disk: 'ok' } });
    expect(await readinessOf({ disk: diskHasRoom(join(disk, 'gone')) })()).toMatchObject({ checks: { disk: 'away' } });
  });

  it('of the database is what the store, the API and the log say, until there is room again', async ({ skip }) => {
    if (!mounted) return skip();
    const database = await startPostgres();
    const folder = join(disk, 'space');
    mkdirSync(folder);
    if (process.getuid?.() === 0) chownSync(folder, 65_534, 65_534);
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`create tablespace small location '${folder}'`);
    await admin.query('create database hookline tablespace small');
    await admin.end();
    let logged = 0;
    const store = await openStore(database.url.replace(/postgres$/, 'hookline'), undefined, {
      diskFull: () => (logged += 1),
    });
    const ask = readinessOf({ store: () => store.ping() });
    expect(await ask()).toMatchObject({ checks: { store: 'ok' } });

    leave(0);
    // Letters that do not compress.
    const text = () => Array.from({ length: 60_000 }, () => Math.random().toString(36).slice(2)).join('');
    const fill = async () => {
      for (let id = 1; ; id += 1) await store.accounts.create(id, { id, name: text() });
    };
    const error: unknown = await fill().catch((thrown: unknown) => thrown);
    expect(problemOf(error)).toMatchObject({
      status: 503,
      code: 'STORE_UNREACHABLE',
      message: expect.stringMatching(/disk is full/),
    });
    expect(logged).toBe(1);
    for (let n = 0; n < 3; n += 1) expect(await ask()).toMatchObject({ checks: { store: 'diskFull' } });
    expect(logged).toBe(1);
    // What is there can be read.
    expect(await store.accounts.get(1)).toBeDefined();

    clear();
    expect(await ask()).toMatchObject({ checks: { store: 'ok' } });
    expect(await store.accounts.create(1000, { id: 1000 })).toBe(true);
    await store.close();
    await database.stop();
  });
});
