/**
 * An Asterisk 22 with espeak-ng, sox and the phone baresip, unpacked into the cache once: the packages are those whose libraries the loaded modules
 * name, computed, for names of packages hold versions of libraries, and sid moves.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../../src/temporal/servers/program-places.js';
import { Apt } from './apt.js';
import { neededLibraries } from './elf.js';

/** The version of what lies in the cache: a new one is fetched when this, or the list of modules, asks for more. */
const FOLDER = 'asterisk-22-2';
const PACKAGES = ['asterisk', 'asterisk-modules', 'libc6', 'espeak-ng', 'espeak-ng-data', 'sox', 'baresip-core'];
const PROGRAMS = ['usr/sbin/asterisk', 'usr/bin/espeak-ng', 'usr/bin/sox', 'usr/bin/baresip'];
/** Where baresip has its modules, and those that a phone without a window or a sound card needs. */
export const BARESIP = {
  folder: 'usr/lib/baresip/modules',
  modules: ['account.so', 'aufile.so', 'ctrl_tcp.so', 'g711.so', 'menu.so', 'sndfile.so'],
};
const LIBRARIES = 'usr/lib/x86_64-linux-gnu';
/** Libraries whose package is not named after them. */
const NAMED_OTHERWISE: Record<string, string> = {
  'libz.so.1': 'zlib1g',
  'libcrypto.so.3': 'libssl3t64',
  'libxslt.so.1': 'libxslt1.1',
  'libvorbis.so.0': 'libvorbis0a',
  'libfftw3.so.3': 'libfftw3-double3',
};
/** Where libraries lie; the second are those that one package keeps to itself. */
const FOLDERS = [LIBRARIES, `${LIBRARIES}/pulseaudio`];
/** No chain of libraries is longer. */
const ROUNDS = 12;

/** Why this machine cannot have an Asterisk. */
export class NoAsterisk extends Error {
  override readonly name = 'NoAsterisk';
}

/** Our list of modules. */
export const MODULES_FILE = fileURLToPath(new URL('../../../ops/asterisk/modules.conf', import.meta.url));

/** The folder with an unpacked Asterisk; fetched when the cache has none. @throws {NoAsterisk} in one line what to do */
export async function asteriskRoot(say: (line: string) => void): Promise<string> {
  const kept = join(cacheFolder(process.env), FOLDER);
  if (existsSync(join(kept, PROGRAMS[0] ?? ''))) return kept;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new NoAsterisk('no Asterisk 22 for this machine: run on Debian or Ubuntu, amd64, with apt');
  say('fetching Asterisk 22, espeak-ng, sox and baresip of Debian into the cache (25 MB); nothing is installed');
  await mkdir(dirname(kept), { recursive: true });
  const work = await mkdtemp(`${kept}-`);
  try {
    await fetchInto(join(work, 'root'), join(work, 'apt'));
    await rename(join(work, 'root'), kept).catch((error: unknown) => {
      // Another process was sooner.
      if (!existsSync(join(kept, PROGRAMS[0] ?? ''))) throw error;
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n').at(-1) || cause.message : String(cause);
    throw new NoAsterisk(`Asterisk 22 could not be fetched with apt: ${why}`, { cause });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return kept;
}

async function fetchInto(root: string, folder: string): Promise<void> {
  const apt = await Apt.open(folder);
  await apt.unpack(PACKAGES, root);
  const known = await apt.dependencies(PACKAGES);
  const asked = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const missing = missingLibraries(root);
    if (missing.length === 0) return;
    const packages = [...new Set(missing.map((library) => packageOf(library, known)))];
    const fresh = packages.filter((name) => name !== undefined && !asked.has(name)) as string[];
    if (fresh.length === 0) throw new NoAsterisk(`no package has the libraries ${missing.join(', ')}`);
    fresh.forEach((name) => asked.add(name));
    await apt.unpack(fresh, root);
  }
}

/** Libraries that programs and loaded modules need, directly or not, and that are not there. */
function missingLibraries(root: string): string[] {
  const modules = [...readFileSync(MODULES_FILE, 'utf8').matchAll(/^load = (\S+)/gm)].map(([, name = '']) => name);
  const todo = [
    ...PROGRAMS,
    ...modules.map((name) => `${LIBRARIES}/asterisk/modules/${name}`),
    ...BARESIP.modules.map((name) => `${BARESIP.folder}/${name}`),
  ].map((path) => join(root, path));
  const seen = new Set<string>();
  const missing = new Set<string>();
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const library of neededLibraries(path)) {
      const file = FOLDERS.map((folder) => join(root, folder, library)).find((path) => existsSync(path));
      if (file === undefined) missing.add(library);
      else todo.push(file);
    }
  }
  return [...missing];
}

/** Debian names the package of a library after its name and version. */
function packageOf(library: string, known: ReadonlySet<string>): string | undefined {
  const [, stem = '', version = ''] = /^(.+)\.so\.(.+)$/.exec(library) ?? [];
  const name = `${stem.toLowerCase().replaceAll('_', '-')}${/\d$/.test(stem) ? '-' : ''}${version}`;
  return [name, `${name}t64`, NAMED_OTHERWISE[library] ?? ''].find((one) => known.has(one));
}

/** The command that runs a program of the unpacked root by its own loader. */
export function unpacked(root: string, program: string): string[] {
  const folders = FOLDERS.map((folder) => join(root, folder)).join(':');
  return [join(root, LIBRARIES, 'ld-linux-x86-64.so.2'), '--library-path', folders, join(root, program)];
}

/** The folder of the modules. */
export function modulesFolder(root: string): string {
  return join(root, LIBRARIES, 'asterisk/modules');
}

/** The command of espeak-ng, with its voices. */
export function espeak(root: string): string[] {
  return [...unpacked(root, 'usr/bin/espeak-ng'), `--path=${join(root, LIBRARIES)}`];
}
