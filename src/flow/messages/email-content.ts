/**
 * From an `email` widget to what is sent: addresses, subject and bodies, none of which a value can break. Contract T2, T6, W5.
 * @module
 */
import { MAX_RECIPIENTS } from '../documents/limits.js';
import { isEmailAddress } from './email-address.js';
import { fillHtml } from '../template/html.js';
import { fill, type Lookup, orFail, TemplateError } from '../values/fill.js';
import type { WidgetOf } from '../widgets/index.js';

/** The parts of an `email` widget that are sent. */
export type EmailFields = Pick<WidgetOf<'email'>, 'to' | 'cc' | 'subject' | 'text' | 'html'>;

/** The bytes of text and HTML together, in UTF-8. */
export const MAX_EMAIL_BYTES = 256 * 1024;
/** The longest subject, filled. */
export const MAX_SUBJECT = 500;

/** An email with its variables replaced. */
export interface EmailContent {
  to: string[];
  cc: string[];
  subject: string;
  text: string;
  html: string | undefined;
}

/**
 * Fills an email. Each entry of `to` and `cc` gives exactly one address, whatever a variable holds.
 * @throws {TemplateError} INVALID_FLOW_VAR for what is absent or blank, INVALID_REQUEST for what is not as it must be.
 */
export function fillEmail(fields: EmailFields, lookup: Lookup): EmailContent {
  const to = addresses('to', fields.to, lookup);
  const cc = fields.cc === undefined ? [] : addresses('cc', fields.cc, lookup);
  if (to.length + cc.length > MAX_RECIPIENTS) throw refused(`An email has at most ${MAX_RECIPIENTS} recipients.`);
  const subject = fill(fields.subject, lookup, orFail);
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(subject))
    throw refused('The subject holds a line end or another control character.');
  if (subject.length > MAX_SUBJECT) throw refused(`The subject has more than ${MAX_SUBJECT} characters.`);
  const text = fill(fields.text, lookup, orFail);
  if (text.trim() === '') throw new TemplateError('INVALID_FLOW_VAR', 'There is nothing to send: "text" is blank.');
  const html = fields.html === undefined ? undefined : fillHtml(fields.html, lookup);
  const bytes = new TextEncoder().encode(text + (html ?? '')).length;
  if (bytes > MAX_EMAIL_BYTES) throw refused(`Text and HTML have more than ${MAX_EMAIL_BYTES / 1024} KiB together.`);
  return { to, cc, subject, text, html };
}

/** The entries of `to` or `cc`, one or several. */
export function entriesOf(field: string | readonly string[]): readonly string[] {
  return typeof field === 'string' ? [field] : field;
}

function addresses(name: string, field: string | readonly string[], lookup: Lookup): string[] {
  return entriesOf(field).map((template) => {
    const address = fill(template, lookup, orFail);
    if (address.trim() === '') {
      throw new TemplateError('INVALID_FLOW_VAR', `There is no address to send to: an entry of "${name}" is blank.`);
    }
    if (!isEmailAddress(address)) throw refused(`An entry of "${name}" gives something else than one email address.`);
    return address;
  });
}

function refused(message: string): TemplateError {
  return new TemplateError('INVALID_REQUEST', message);
}
