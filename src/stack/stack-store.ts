/**
 * The store of a development stack: the one at `DATABASE_URL`, else an embedded one in the stack's folder.
 * @module
 */
import { join } from 'node:path';
import { DISK_FULL } from '../store/disk-full.js';
import { startEmbedded } from '../store/embedded.js';
import { configuredSealer } from '../store/sealer.js';
import { configuredStore } from '../store/source.js';
import { openStore, type Store } from '../store/store.js';
import { lockDatabase } from '../temporal/servers/database-lock.js';
import { stackHome } from './home.js';

/** A store, and where other processes reach its database. */
export interface StackStore {
  store: Store;
  url: string;
  /** Closes the store, and ends a database of our own. */
  stop(): Promise<void>;
}

/** Opens the store. @throws {HooklineError} STORE_UNREACHABLE. */
export async function stackStore(say: (line: string) => void): Promise<StackStore> {
  const events = { diskFull: () => say(DISK_FULL) };
  const configured = await configuredStore(process.env, events);
  if (configured) {
    say('using the database at DATABASE_URL');
    return { store: configured, url: process.env.DATABASE_URL ?? '', stop: configured.close };
  }
  const folder = join(stackHome(), 'store');
  const lock = await lockDatabase(folder, say);
  try {
    const database = await startEmbedded(folder);
    const store = await openStore(database.url, configuredSealer(process.env), events);
    say(`embedded database in ${folder}`);
    const stop = async () => {
      await store.close();
      await database.stop();
      lock.release();
    };
    return { store, url: database.url, stop };
  } catch (error) {
    lock.release();
    throw error;
  }
}
