/**
 * Where a server program may already lie on this machine. Each look-up throws an Error that says why not.
 * @module
 */
import { access, constants, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ServerProgram } from './programs.js';

/** Our cache folder: `HOOKLINE_CACHE`, else `hookline` in the user's cache folder. It may not exist yet. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  if (env.HOOKLINE_CACHE) return env.HOOKLINE_CACHE;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'hookline');
  const home = env.HOME ?? homedir();
  return process.platform === 'darwin' ? join(home, 'Library', 'Caches', 'hookline') : join(home, '.cache', 'hookline');
}

/** Where the unpacked wheel of a program lies in our cache; the platform too, for a home can be shared by machines. */
export function cachedProgram({ program, wheel }: ServerProgram, env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), `${wheel.package}-${wheel.version}-${process.platform}-${process.arch}`, program);
}

/** Where the Temporal SDK keeps the copy that it downloads. */
export function sdkDownload({ program }: ServerProgram, env: NodeJS.ProcessEnv): string {
  const { version } = createRequire(import.meta.url)('@temporalio/testing/package.json') as { version: string };
  return join(env.TMPDIR ?? '/tmp', `${program}-sdk-typescript-${version}`);
}

/** Finds a program on `PATH`. */
export async function onPath(program: string, env: NodeJS.ProcessEnv): Promise<string> {
  for (const folder of (env.PATH ?? '').split(':')) {
    if (folder !== '' && (await isProgram(join(folder, program)))) return join(folder, program);
  }
  throw new Error('not there');
}

/** Gives the path back when a program is there. */
export async function present(path: string): Promise<string> {
  if (await isProgram(path)) return path;
  throw new Error('not there');
}

/** Gives the path back when a program is there that only this user can have put there. */
export async function presentAndOurs(path: string): Promise<string> {
  await present(path);
  // The temporary folder is open to all: a program that somebody else left there must not run as this user.
  const { uid } = await stat(path);
  if (uid !== process.getuid?.() && uid !== 0) throw new Error('belongs to another user, so it is not trusted');
  return path;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
