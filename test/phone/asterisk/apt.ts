/**
 * Debian packages, downloaded and unpacked to a folder: nothing is installed, and no root rights are needed. The suite is sid, for
 * bookworm and trixie have no Asterisk; its packages bring the C library that they were linked with.
 * @module
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const DEFAULT_MIRROR = 'http://deb.debian.org/debian';
/** Milliseconds that one command may take. */
const TIMEOUT = 120_000;

/** An apt with its own state in a folder, which knows nothing of what this machine has installed. */
export class Apt {
  readonly #env: NodeJS.ProcessEnv;

  private constructor(private readonly folder: string) {
    this.#env = { ...process.env, APT_CONFIG: join(folder, 'apt.conf') };
  }

  /** Fetches the list of packages. */
  static async open(folder: string): Promise<Apt> {
    const apt = new Apt(folder);
    for (const part of ['etc/apt.conf.d', 'etc/preferences.d', 'state/lists/partial', 'cache/archives/partial', 'deb'])
      await mkdir(join(folder, part), { recursive: true });
    await writeFile(join(folder, 'etc/sources.list'), `deb [signed-by=${KEYRING}] ${await mirror()} sid main\n`);
    await writeFile(join(folder, 'status'), '');
    await writeFile(
      join(folder, 'apt.conf'),
      [
        `Dir::Etc "${folder}/etc"; Dir::Etc::sourcelist "${folder}/etc/sources.list"; Dir::Etc::sourceparts "/dev/null";`,
        `Dir::State "${folder}/state"; Dir::State::status "${folder}/status"; Dir::Cache "${folder}/cache";`,
        // A mirror may lag; the signature is checked in any case.
        `Acquire::Languages "none"; Acquire::Check-Valid-Until "false";`,
        ...(process.getuid?.() === 0 ? ['APT::Sandbox::User "root";'] : []),
      ].join('\n'),
    );
    await apt.#run('apt-get', 'update', '-qq');
    return apt;
  }

  /** Names of the packages that some packages depend on, directly or not. */
  async dependencies(packages: readonly string[]): Promise<Set<string>> {
    const without = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
      (kind) => `--no-${kind}`,
    );
    const listed = await this.#run('apt-cache', 'depends', '--recurse', ...without, ...packages);
    return new Set(listed.split('\n').filter((line) => /^[a-z0-9]/.test(line)));
  }

  /** Downloads packages and unpacks them below `root`. */
  async unpack(packages: readonly string[], root: string): Promise<void> {
    const debs = join(this.folder, 'deb');
    const before = new Set(await readdir(debs));
    await this.#run('apt-get', 'download', '-qq', ...packages);
    await mkdir(root, { recursive: true });
    const excluded = ['doc', 'man', 'locale'].map((name) => `--exclude=./usr/share/${name}/*`);
    for (const deb of (await readdir(debs)).filter((name) => !before.has(name))) {
      const tar = join(this.folder, 'data.tar');
      await run('sh', ['-c', 'dpkg-deb --fsys-tarfile "$1" > "$2"', 'sh', join(debs, deb), tar], { timeout: TIMEOUT });
      await run('tar', ['-x', '-f', tar, '-C', root, '--no-same-owner', ...excluded], { timeout: TIMEOUT });
    }
  }

  async #run(program: string, ...args: string[]): Promise<string> {
    const options = { env: this.#env, cwd: join(this.folder, 'deb'), timeout: TIMEOUT, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await run(program, args, options);
    return stdout;
  }
}

/** The Debian mirror that this machine uses. */
async function mirror(): Promise<string> {
  for (const path of ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list']) {
    const text = await readFile(path, 'utf8').catch(() => '');
    const [, uri] = /^URIs: *(\S+)/m.exec(text) ?? /^deb [^\n]*?(https?:\S*debian\/?) /m.exec(text) ?? [];
    if (uri !== undefined) return uri;
  }
  return DEFAULT_MIRROR;
}
