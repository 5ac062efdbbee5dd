/**
 * Accounts and flows that are valid, by a hash of their text: the thousandth call of a flow need not judge it again. Contract C4.
 * @module
 */
import { createHash } from 'node:crypto';
import { RecentlyUsed } from '../engine/recently-used.js';
import type { Account } from '../flow/documents/account.js';
import type { Flow } from '../flow/documents/flow.js';
import { isTooDeep } from '../flow/validation/structure.js';
import { type Findings, type Origin, validateAccount, validateFlow } from '../flow/validation/validate.js';

/** Characters of all documents whose findings are kept. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
/** For what an entry holds beside its document. */
const ENTRY_CHARACTERS = 1000;

/** Findings of one kind of document, with what they were made from. */
interface Judged<T> extends Findings<T> {
  hash: string;
}

/** What validation found lately. Calls share the documents, and change none. */
export class KnownDocuments {
  readonly #accounts = new RecentlyUsed<Judged<Account>>(MAX_CHARACTERS / 4);
  readonly #flows = new RecentlyUsed<Judged<Flow>>(MAX_CHARACTERS);

  /** As {@link validateAccount}, with the hash for {@link flow}. */
  account(document: unknown, origin: Origin): Judged<Account> {
    return judge(this.#accounts, document, origin, () => validateAccount(document, origin));
  }

  /** As {@link validateFlow}; `account` is what {@link account} gave. */
  flow(document: unknown, { value, hash }: Judged<Account>, origin: Origin): Judged<Flow> {
    return judge(this.#flows, document, `${origin} ${hash}`, () => validateFlow(document, value, origin));
  }
}

/** `around` is all that the findings depend on beside the document. */
function judge<T>(
  known: RecentlyUsed<Judged<T>>,
  document: unknown,
  around: string,
  validate: () => Findings<T>,
): Judged<T> {
  // One that cannot be made a text again is refused, and nothing is gained by keeping that.
  if (isTooDeep(document)) return { ...validate(), hash: '' };
  const text = JSON.stringify(document);
  const hash = createHash('sha256').update(`${around}\n${text}`).digest('base64');
  return known.getOrMake(hash, () => ({ ...validate(), hash }), text.length + ENTRY_CHARACTERS);
}
