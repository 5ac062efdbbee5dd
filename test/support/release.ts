/**
 * Hookline 0.6.0, which upgrades and comparisons begin from. It is built once from its commit, in the cache of this user, with the
 * packages of its own lock file.
 * @module
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../../src/temporal/servers/program-places.js';

/** The release. */
export const RELEASE = { version: '0.6.0', commit: '2408c30960c9aaa14a10e2e6a3c25df8d1818513' };

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(cacheFolder(process.env), 'releases', RELEASE.version);

/** The program of its worker; to be installed first. */
export const releaseWorker = pathToFileURL(join(folder, 'dist', 'worker.js'));

/** Builds it, when it is not there. Rejects with the reason when it cannot be. */
export async function installRelease(say: (line: string) => void): Promise<void> {
  if (existsSync(folder)) return;
  const { version, commit } = RELEASE;
  say(`hookline ${version}: git archive, npm ci`);
  // It gets its name when it is whole.
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const archive = join(part, 'source.tar');
  await run('git', ['archive', '--output', archive, commit], { cwd: repository }).catch((cause: unknown) => {
    throw new Error(`This clone has no commit ${commit}: git fetch --unshallow gets it.`, { cause });
  });
  await run('tar', ['-xf', archive], { cwd: part });
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: part, maxBuffer: 2 ** 26 });
  await rename(part, folder);
}
