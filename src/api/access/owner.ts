/**
 * The account that a request is about, once its key has proven it. Contract F7.
 * @module
 */
import { accountOf } from '../../calls/stored-account.js';
import type { Account } from '../../flow/documents/account.js';
import type { StoredAccount } from '../../store/accounts.js';
import type { Store } from '../../store/store.js';
import { RequestProblem } from '../problem.js';

/** A proven account. It is read from the store at most once a request, whatever asks for it. */
export class Owner {
  #read: Promise<StoredAccount | undefined> | undefined;

  /** @param id of the key's account; only the operator names an account by the path */
  constructor(
    private readonly store: Pick<Store, 'accounts'>,
    readonly id: number,
  ) {}

  /** The account as it is stored; undefined when the operator names one that is not there. */
  found(): Promise<StoredAccount | undefined> {
    return (this.#read ??= this.store.accounts.get(this.id));
  }

  /** As {@link found}. @throws {RequestProblem} ACCOUNT_UNKNOWN */
  async stored(): Promise<StoredAccount> {
    const found = await this.found();
    if (!found) throw unknownAccount();
    return found;
  }

  /** The account as the engine sees it. @throws {RequestProblem} ACCOUNT_UNKNOWN */
  async account(): Promise<Account> {
    return accountOf(await this.stored());
  }
}

/** There is no account of this id. */
export function unknownAccount(): RequestProblem {
  return new RequestProblem(404, 'ACCOUNT_UNKNOWN', 'There is no account of this id.');
}
