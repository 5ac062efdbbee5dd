/**
 * What the log of a process says of its store.
 * @module
 */
import { DISK_FULL } from '../store/disk-full.js';
import type { StoreEvents } from '../store/store.js';
import type { Log } from './log.js';

/** Logs what happens to the store; a process whose store is away when it starts runs, and is not ready. */
export function storeEvents(log: Log): StoreEvents {
  return {
    diskFull: () => log.error(DISK_FULL),
    away: () =>
      log.error('STORE_UNREACHABLE: the database at DATABASE_URL does not answer, and is asked until it does'),
  };
}
