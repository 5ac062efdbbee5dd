/**
 * What validation knows of messages: the account's provider and mail server, addresses that stand in a flow. Contract D5, W2, W3.
 * @module
 */
import type { Account } from '../../documents/account.js';
import { entriesOf } from '../../messages/email-content.js';
import { MAX_RECIPIENTS } from '../../documents/limits.js';
import { isEmailAddress } from '../../messages/email-address.js';
import type { Problem } from '../../errors.js';
import { checkSms } from '../../messages/sms-request.js';
import { TemplateError } from '../../values/fill.js';
import { variablesIn } from '../../values/reference.js';
import type { Widget, WidgetOf } from '../../widgets/index.js';
import { pointer } from '../pointer.js';
import { rowCredentials } from '../literal-credentials.js';
import { accountFaults, credentialWarnings, secretFaults, urlErrors } from './webhooks.js';

type Path = readonly PropertyKey[];

/** A widget whose message the account cannot send: errors for a run, warnings where no account is given. Contract D5. */
export function messageFaults(widget: Widget, account: Account, path: Path): Problem[] {
  if (widget.type === 'sms' && !account.sms) {
    const message = 'The account has no "sms": it says where a provider takes text messages.';
    return [{ code: 'SMS_NOT_CONFIGURED', pointer: pointer(...path), message }];
  }
  if (widget.type === 'email' && !account.smtp) {
    const message = 'The account has no "smtp": it names the mail server and the sender.';
    return [{ code: 'SMTP_NOT_CONFIGURED', pointer: pointer(...path), message }];
  }
  return [];
}

/** Faults of an email that no value can mend. */
export function emailErrors({ to, cc = [] }: WidgetOf<'email'>, path: Path): Problem[] {
  const places = (name: string, field: string | readonly string[]) =>
    entriesOf(field).map((text, index) => [typeof field === 'string' ? [name] : [name, index], text] as const);
  const all = [...places('to', to), ...places('cc', cc)];
  const problems = all.flatMap(([place, text]): Problem[] => {
    // `$$` is a dollar, which an address may hold.
    if (variablesIn(text).length > 0 || isEmailAddress(text.replaceAll('$$', '$'))) return [];
    const message = 'This is not one email address. Write several as a list.';
    return [{ code: 'INVALID_VALUE', pointer: pointer(...path, ...place), message }];
  });
  if (all.length <= MAX_RECIPIENTS) return problems;
  const message = `An email has at most ${MAX_RECIPIENTS} recipients, "to" and "cc" together.`;
  return [...problems, { code: 'INVALID_VALUE', pointer: pointer(...path, 'cc'), message }];
}

/** Texts of a message that can never be sent, whatever the variables. Contract D1. */
export function smsErrors({ to, text, from }: WidgetOf<'sms'>, path: Path): Problem[] {
  // One field at a time, beside others that do.
  const fields = [
    ['to', { to, text: '1' }],
    ['text', { to: '10', text }],
    ['from', { to: '10', text: '1', ...(from !== undefined && { from }) }],
  ] as const;
  const own = { to, text, from };
  return fields.flatMap(([field, message]): Problem[] => {
    if (own[field] === undefined || variablesIn(own[field]).length > 0) return [];
    try {
      checkSms(message, undefined, () => undefined);
      return [];
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return [{ code: 'INVALID_VALUE', pointer: pointer(...path, field), message: error.message }];
    }
  });
}

/** Faults of an account's provider and mail server. Contract D3, W2, W3. */
export function messagingErrors(account: Account): Problem[] {
  const { sms, smtp } = account;
  return [
    ...(sms ? [...urlErrors(sms.url, ['sms']), ...accountFaults(sms.url, sms.auth, account, ['sms'])] : []),
    ...(smtp?.auth ? secretFaults({ type: 'basic', ...smtp.auth }, account, ['smtp']) : []),
  ];
}

/** Credentials of messages that stand in the account document. Contract W3. */
export function messagingWarnings({ sms, smtp }: Account): Problem[] {
  return [
    ...(sms ? [...credentialWarnings(sms.auth, ['sms']), ...rowCredentials(sms.headers, ['sms', 'headers'])] : []),
    ...(smtp?.auth ? credentialWarnings({ type: 'basic', ...smtp.auth }, ['smtp']) : []),
  ];
}
