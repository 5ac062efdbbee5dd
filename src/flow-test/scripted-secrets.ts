/**
 * Stand-ins for secrets: a test needs none, and shows none. Contract W3.
 * @module
 */
import type { SecretSource } from '../http/secret-reader.js';

/** The value that every secret has in tests. */
export function testSecret(name: string): string {
  return `test-secret-${name}`;
}

/**
 * Gives the stand-in of every secret, also of one that is set here: a test gives the same everywhere, and its report may be
 * shown to anybody.
 */
export const SCRIPTED_SECRETS: SecretSource = {
  read: (name) => Promise.resolve(testSecret(name)),
};
