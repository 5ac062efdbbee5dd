/**
 * What validation knows of an account beyond its shape: allow-lists that name nothing, requests that can never be sent.
 * Contract D1, D3, F7, W2, W11.
 * @module
 */
import type { Account } from '../documents/account.js';
import { parseSourceEntry, parseTargetEntry } from '../documents/allow-list.js';
import type { Problem } from '../errors.js';
import { pointer } from './pointer.js';
import { unsendableAsWritten } from './sendable.js';
import { accountFaults, urlErrors } from './webhooks.js';

/** Entries of the allow-lists that can never match. Contract D1. */
export function allowListErrors({ ipAllowList, targetAllowList }: Account): Problem[] {
  const faulty = (field: string, entries: readonly string[], parse: (entry: string) => unknown, expected: string) =>
    entries.flatMap((entry, index): Problem[] => {
      if (parse(entry) !== undefined) return [];
      const message = `"${entry}" is ${expected}, so it can never match.`;
      return [{ code: 'INVALID_VALUE', pointer: pointer(field, index), message }];
    });
  return [
    ...faulty('ipAllowList', ipAllowList, parseSourceEntry, 'no address and no CIDR such as 10.0.0.0/8'),
    ...faulty('targetAllowList', targetAllowList, parseTargetEntry, 'no address, no CIDR, no host and no *.host'),
  ];
}

/** Requests of the account itself that can never be sent. Contract D1, W2. */
export function accountRequestErrors(account: Account): Problem[] {
  const { defaultWebhook, sms, functions } = account;
  const remote = Object.entries(functions).map(([method, one]) => [one, ['functions', method]] as const);
  const unchecked = [...(defaultWebhook ? [[defaultWebhook, ['defaultWebhook']] as const] : []), ...remote];
  return [
    ...unchecked.flatMap(([one, path]) => [...urlErrors(one.url, path), ...unsendableAsWritten(one, path)]),
    ...remote.flatMap(([one, path]) => accountFaults(one.url, one.auth, account, path)),
    ...(sms ? unsendableAsWritten(sms, ['sms']) : []),
  ];
}
