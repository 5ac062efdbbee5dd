/**
 * Stand-ins for secrets: a test needs none, and shows none. Contract W3.
 * @module
 */
import type { Account } from '../flow/documents/account.js';

/** The value that every secret has in tests. */
export function testSecret(name: string): string {
  return `test-secret-${name}`;
}

/**
 * The account with stand-ins for all its secrets, also for those that are set here: a test gives the same everywhere,
 * and its report may be shown to anybody. They stand in this process's environment under names of their own.
 */
export function withTestSecrets(account: Account): Account {
  const secrets = Object.keys(account.secrets).map((name) => {
    const env = `hookline test secret ${name.replaceAll('=', ' ')}`;
    process.env[env] = testSecret(name);
    return [name, { env }] as const;
  });
  return { ...account, secrets: Object.fromEntries(secrets) };
}
