/**
 * Which store a process uses.
 * @module
 */
import { HooklineError } from '../flow/errors.js';
import { openStore, type Store } from './store.js';

/** Opens the store at `DATABASE_URL`; undefined when that is not set. @throws {HooklineError} STORE_UNREACHABLE. */
export async function configuredStore(env: NodeJS.ProcessEnv): Promise<Store | undefined> {
  const url = env.DATABASE_URL;
  if (!url) return undefined;
  try {
    return await openStore(url);
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
