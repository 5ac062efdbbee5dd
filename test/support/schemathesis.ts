/**
 * Schemathesis, which tries an API against its own description: fetched once, by Python's pip, into our cache folder.
 * @module
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../src/temporal/servers/program-places.js';

const VERSION = '4.32.5';
const run = promisify(execFile);

/** What a run said. */
export interface Verdict {
  passed: boolean;
  output: string;
}

/** The folder with the program; a text that says why there is none. */
export function schemathesis(): { folder: string } | { missing: string } {
  const folder = join(cacheFolder(process.env), `schemathesis-${VERSION}`);
  if (existsSync(folder)) return { folder };
  const making = `${folder}.${process.pid}`;
  try {
    const args = ['-m', 'pip', 'install', '--quiet', '--target', making, `schemathesis==${VERSION}`];
    execFileSync('python3', args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 180_000 });
    renameSync(making, folder);
    return { folder };
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (existsSync(folder)) return { folder };
    return {
      missing: `pip cannot install schemathesis ${VERSION}: ${String(error).split('\n').slice(0, 3).join(' ')}`,
    };
  }
}

/** Tries an API for a bounded number of requests. */
export async function tryApi(folder: string, url: string, key: string, options: string[]): Promise<Verdict> {
  const args = ['-m', 'schemathesis.cli', 'run', `${url}/openapi.json`, '-H', `Authorization: Bearer ${key}`];
  // It keeps notes in the folder in which it runs.
  const cwd = await mkdtemp(join(tmpdir(), 'hookline-schemathesis-'));
  try {
    const env = { ...process.env, PYTHONPATH: folder, NO_COLOR: '1' };
    const { stdout } = await run('python3', [...args, '--seed', '1', ...options], {
      env,
      cwd,
      maxBuffer: 1e8,
      timeout: 240_000,
    });
    return { passed: true, output: stdout };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { passed: false, output: `${stdout}\n${stderr}` };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
