/**
 * An empty database as the embedded one keeps it, made once by the build: to make one takes seconds, to copy one does not.
 * @module
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';

const FILE = fileURLToPath(new URL('../../dist/empty-database.tar.gz', import.meta.url));

/** Makes an empty database, without our tables, and writes it to `dist/`. Part of the build. */
export async function writeEmptyDatabase(): Promise<void> {
  const db = await PGlite.create('memory://');
  const dump = await db.dumpDataDir('gzip');
  await db.close();
  await writeFile(FILE, Buffer.from(await dump.arrayBuffer()));
}

/**
 * Opens the database of a folder, or one in memory. A new one is a copy of the empty database of the build.
 * @param folder where it keeps its files; null: in memory
 */
export async function openEmbedded(folder: string | null): Promise<PGlite> {
  if (folder !== null && existsSync(join(folder, 'PG_VERSION'))) return PGlite.create(folder);
  const empty = await promisify(gunzip)(await readFile(FILE));
  return PGlite.create(folder ?? 'memory://', { loadDataDir: new Blob([empty]) });
}
