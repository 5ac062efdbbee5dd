/**
 * Accounts from the store, as the engine sees them.
 * @module
 */
import { ApplicationFailure } from '@temporalio/common';
import type { Account } from '../flow/documents/account.js';
import { validateAccount } from '../flow/validation/validate.js';
import type { StoredAccount } from '../store/accounts.js';
import type { Store } from '../store/store.js';

/** The account of an id; undefined when the store has none. */
export async function storedAccount(store: Store, id: number): Promise<Account | undefined> {
  const kept = await store.accounts.get(id);
  return kept && accountOf(kept);
}

/** A stored account. @throws {ApplicationFailure} INVALID_FLOW when its document is not valid */
export function accountOf({ id, document }: Pick<StoredAccount, 'id' | 'document'>): Account {
  const { value, errors } = validateAccount(document, 'stored');
  if (value) return value;
  // Documents are checked before they are kept, so this one is of an older release.
  throw ApplicationFailure.nonRetryable(`The stored account ${id} is not valid any more.`, 'INVALID_FLOW', errors);
}
