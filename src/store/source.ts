/**
 * Which store a process uses.
 * @module
 */
import { HooklineError } from '../flow/errors.js';
import { configuredSealer } from './sealer.js';
import { openStore, type Store, type StoreEvents } from './store.js';

/**
 * Opens the store at `DATABASE_URL`, sealed with the keys that are there; undefined when that is not set.
 * @throws {HooklineError} STORE_UNREACHABLE, CODEC_KEYS_INVALID
 */
export async function configuredStore(env: NodeJS.ProcessEnv, events?: StoreEvents): Promise<Store | undefined> {
  return env.DATABASE_URL ? storeAt(env.DATABASE_URL, env, events) : undefined;
}

/**
 * Opens the store at this URL, sealed with the keys that are there.
 * @throws {HooklineError} STORE_UNREACHABLE, CODEC_KEYS_INVALID
 */
export async function storeAt(url: string, env: NodeJS.ProcessEnv, events?: StoreEvents): Promise<Store> {
  const sealer = configuredSealer(env);
  try {
    return await openStore(url, sealer, events);
  } catch (error) {
    // The message of a driver may hold the URL, and with it a password.
    const why = (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.name : typeof error);
    throw new HooklineError('STORE_UNREACHABLE', `The database at DATABASE_URL cannot be used (${why}).`);
  }
}

/** Does something once, when it is first asked for; one that failed is done again. */
export function lazily<T>(open: () => Promise<T>): { get: () => Promise<T>; opened: () => Promise<T> | undefined } {
  let value: Promise<T> | undefined;
  const get = () => {
    value ??= open().catch((error: unknown) => {
      value = undefined;
      throw error;
    });
    return value;
  };
  return { get, opened: () => value };
}
