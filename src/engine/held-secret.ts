/**
 * Where the secrets of a call lie, and by whose word. Contract D3, W3.
 * @module
 */
import type { Account, SecretReference } from '../flow/documents/account.js';

/** Where a secret of a call lies. */
export type HeldSecret = SecretReference & {
  /** The account's document came with the call, to a worker that reads what such documents name: `hookline run` sends one. */
  local?: true;
};

/** The account with its secrets marked as {@link HeldSecret.local}. No document can hold the mark: its shape is checked before. */
export function ofCommandLine(account: Account): Account {
  return withSecrets(account, (reference): HeldSecret => ({ ...reference, local: true }));
}

/** The account as its document has it, without marks. */
export function asWritten(account: Account): Account {
  return withSecrets(account, ({ local: _local, ...reference }) => reference);
}

function withSecrets(account: Account, change: (reference: HeldSecret) => HeldSecret): Account {
  const secrets = Object.entries(account.secrets).map(([name, one]) => [name, change(one)] as const);
  return { ...account, secrets: Object.fromEntries(secrets) };
}
