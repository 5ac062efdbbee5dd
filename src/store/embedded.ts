/**
 * The database of a stack without `DATABASE_URL`: PostgreSQL compiled to WebAssembly, on a folder or in memory, served on a
 * loopback port to the processes of the stack.
 * @module
 */
import { mkdirSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { makePrivate } from '../crypto/private-files.js';
import { MIGRATIONS } from './database.js';
import { openEmbedded } from './empty-database.js';
import { WholeSequences } from './whole-sequences.js';

/** A database that runs inside this process. */
export interface EmbeddedDatabase {
  /** As in `DATABASE_URL`. */
  url: string;
  /** Ends it; what was written is on disk. */
  stop(): Promise<void>;
}

/** More connections than the pools of a stack's processes have together. */
const MAX_CONNECTIONS = 100;

/** Starts the database. @param folder where it keeps its files; null: in memory */
export async function startEmbedded(folder: string | null): Promise<EmbeddedDatabase> {
  if (folder !== null) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const db = await openEmbedded(folder);
  // A copied database gives every user of the machine the right to write each of its files.
  if (folder !== null) makePrivate(folder);
  // All connections share one session, in which no lock keeps two of them apart: so nobody else migrates.
  await migrate(drizzle(db), { migrationsFolder: MIGRATIONS });
  const server = new PGLiteSocketServer({
    // Of a database it asks no more than that.
    db: new WholeSequences(db) as unknown as PGlite,
    ...{ host: '127.0.0.1', port: 0, maxConnections: MAX_CONNECTIONS },
  });
  await server.start();
  const stop = async () => {
    await server.stop();
    await db.close();
  };
  return { url: `postgres://postgres:postgres@${server.getServerConn()}/postgres`, stop };
}
