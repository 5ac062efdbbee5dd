/**
 * What sends the requests of a worker's calls, with the secrets that they name.
 * @module
 */
import type { AnswerShelf } from '../http/reuse.js';
import { KeptSecrets } from '../http/kept-secrets.js';
import { SecretReader } from '../http/secret-reader.js';
import type { SecretSettings } from '../http/secret-settings.js';
import { Sender, type SenderOptions } from '../http/send.js';
import type { Store } from '../store/store.js';

/** What a sender of calls is made of. */
export interface CallSenderOptions extends Pick<SenderOptions, 'accountTargetLists' | 'record' | 'proxy'> {
  /** Which places the secrets of accounts may name; default: as the environment says. Contract D3. */
  places?: SecretSettings | undefined;
  /** Where secrets are stored; default: nowhere. */
  store?: (() => Promise<Store>) | undefined;
}

/** Makes the sender of a worker. */
export function callSender({ places, store, ...options }: CallSenderOptions): Sender {
  return new Sender({
    ...options,
    secrets: new SecretReader(places, store && new KeptSecrets(store)),
    ...(store && { shelf: shelfOf(store) }),
  });
}

/** The shelf of a store. Contract R11. */
function shelfOf(store: () => Promise<Store>): AnswerShelf {
  return {
    get: async (account, key) => (await store()).keptAnswers.get(account, key),
    keep: async (account, key, answer) => (await store()).keptAnswers.keep(account, key, answer),
  };
}
