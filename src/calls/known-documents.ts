/**
 * Accounts and flows that are valid, by a hash of their text: the thousandth call of a flow need not judge it again. Contract C4.
 * @module
 */
import { createHash } from 'node:crypto';
import { RecentlyUsed } from '../engine/recently-used.js';
import type { Account } from '../flow/documents/account.js';
import type { Flow } from '../flow/documents/flow.js';
import { isTooDeep } from '../flow/validation/structure.js';
import type { Findings, Origin } from '../flow/validation/validate.js';
import { findingsOf } from '../judging/check-document.js';

/** Characters of all documents whose findings are kept. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
/** For what an entry holds beside its document. */
const ENTRY_CHARACTERS = 1000;

/** Findings of one kind of document, with what they were made from. */
interface Judged<T> extends Findings<T> {
  hash: string;
}

/** What validation found lately. Calls share the documents, and change none. Large documents are checked in threads. */
export class KnownDocuments {
  readonly #accounts = new RecentlyUsed<Promise<Judged<Account>>>(MAX_CHARACTERS / 4);
  readonly #flows = new RecentlyUsed<Promise<Judged<Flow>>>(MAX_CHARACTERS);

  /** As `validateAccount`, with the hash for {@link flow}. */
  account(document: Readonly<Record<string, unknown>>, origin: Origin): Promise<Judged<Account>> {
    const id = Number(document['id']) || 0;
    return judged(this.#accounts, document, origin, () => findingsOf('account', { document, origin }, id));
  }

  /** As `validateFlow`; `account` is what {@link account} gave. */
  flow(document: unknown, { value: account, hash }: Judged<Account>, origin: Origin): Promise<Judged<Flow>> {
    const check = () => findingsOf('flow', { document, account, origin }, account?.id ?? 0);
    return judged(this.#flows, document, `${origin} ${hash}`, check);
  }
}

/** `around` is all that the findings depend on beside the document. */
async function judged<T>(
  known: RecentlyUsed<Promise<Judged<T>>>,
  document: unknown,
  around: string,
  check: () => Promise<Findings<T>>,
): Promise<Judged<T>> {
  // One that cannot be made a text again is refused, and nothing is gained by keeping that.
  if (isTooDeep(document)) return { ...(await check()), hash: '' };
  const text = JSON.stringify(document);
  const hash = createHash('sha256').update(`${around}\n${text}`).digest('base64');
  const make = async () => ({ ...(await check()), hash });
  const found = known.getOrMake(hash, make, text.length + ENTRY_CHARACTERS);
  const forget = () => known.forget(hash);
  // What a busy machine gave up is tried again.
  found.then(({ errors }) => errors.some(({ code }) => code === 'DOCUMENT_TOO_LARGE') && forget(), forget);
  return found;
}
