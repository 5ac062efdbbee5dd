/**
 * What validation knows of an account beyond its shape: allow-lists that name nothing, requests that can never be sent.
 * Contract D1, D3, F7, W2, W11.
 * @module
 */
import { account as accountSchema, type Account } from '../documents/account.js';
import { isHostName, parseSourceEntry, parseTargetEntry } from '../documents/allow-list.js';
import type { Problem } from '../errors.js';
import { messagingErrors, messagingWarnings } from './widgets/message-widgets.js';
import { nearest } from './nearest.js';
import { pointer } from './pointer.js';
import { timelinePromptErrors } from './widgets/prompts.js';
import { unsendableAsWritten } from './sendable.js';
import { timelineErrors } from './widgets/timelines.js';
import { accountFaults, credentialWarnings, signingErrors, urlErrors } from './widgets/webhooks.js';

/** Entries of the allow-lists that can never match. Contract D1. */
function allowListErrors({ ipAllowList, targetAllowList }: Account): Problem[] {
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

/** A domain of short links that is no host name: nobody could follow them. Contract F2, F7. */
function shortDomainErrors({ shortDomain }: Account): Problem[] {
  if (shortDomain === undefined || isHostName(shortDomain)) return [];
  const message = `"${shortDomain}" is no host name, such as s.example.com: write it without scheme, port and path.`;
  return [{ code: 'INVALID_VALUE', pointer: pointer('shortDomain'), message }];
}

/** Requests of the account itself that can never be sent. Contract D1, W2. */
function accountRequestErrors(account: Account): Problem[] {
  const { defaultWebhook, sms, functions } = account;
  const remote = Object.entries(functions).map(([method, one]) => [one, ['functions', method]] as const);
  const unchecked = [...(defaultWebhook ? [[defaultWebhook, ['defaultWebhook']] as const] : []), ...remote];
  return [
    ...unchecked.flatMap(([one, path]) => [...urlErrors(one.url, path), ...unsendableAsWritten(one, path)]),
    ...remote.flatMap(([one, path]) => accountFaults(one.url, one.auth, account, path)),
    ...(sms ? unsendableAsWritten(sms, ['sms']) : []),
  ];
}

/** What an account has beyond its shape; `newer` as in flows. */
export function accountFindings(account: Account): { errors: Problem[]; warnings: Problem[]; newer: Problem[] } {
  const { defaultWebhook, functions } = account;
  return {
    errors: [
      ...(defaultWebhook ? webhookFaults(defaultWebhook, account) : []),
      ...messagingErrors(account),
      ...timelineErrors(account.waitTimeline ?? [], ['waitTimeline']),
      ...timelinePromptErrors(account.waitTimeline, ['waitTimeline']),
    ],
    warnings: [
      ...(defaultWebhook ? credentialWarnings(defaultWebhook.auth, ['defaultWebhook']) : []),
      ...messagingWarnings(account),
      ...Object.entries(functions).flatMap(([method, { auth }]) => credentialWarnings(auth, ['functions', method])),
    ],
    newer: [...allowListErrors(account), ...shortDomainErrors(account), ...accountRequestErrors(account)],
  };
}

function webhookFaults(
  { url, auth, signingSecret }: NonNullable<Account['defaultWebhook']>,
  account: Account,
): Problem[] {
  return [...accountFaults(url, auth, account, ['defaultWebhook']), ...signingErrors(signingSecret, account)];
}

/** The field of the account that a fault of a flow says is missing. Contract D5. */
export const ACCOUNT_FIELDS: Partial<Record<Problem['code'], keyof Account>> = {
  HTTP_NOT_ENABLED: 'httpEnabled',
  UNKNOWN_SECRET: 'secrets',
  DEFAULT_WEBHOOK_MISSING: 'defaultWebhook',
  HOURS_MISSING: 'hours',
  SMS_NOT_CONFIGURED: 'sms',
  SMTP_NOT_CONFIGURED: 'smtp',
};

/** Fields in which an account has an error, a mistyped name standing for the one that was meant. */
export function fieldsInDoubt({
  errors,
  readable,
}: {
  errors: readonly Problem[];
  readable?: Account;
}): ReadonlySet<string> | 'all' {
  if (!readable) return 'all';
  const known = Object.keys(accountSchema.shape);
  return new Set(
    errors.map((problem) => {
      const [, field = '', ...below] = problem.pointer.split('/');
      return problem.code === 'UNKNOWN_FIELD' && below.length === 0 ? (nearest(field, known) ?? field) : field;
    }),
  );
}
