/**
 * From an `sms` widget to the request that its account's provider gets. Contract T3, W3, W8.
 * @module
 */
import type { Account } from '../documents/account.js';
import { MAX_SMS_CHARACTERS } from '../documents/limits.js';
import { smsBody } from './sms-body.js';
import { fill, literalText, type Lookup, orFail, TemplateError } from '../values/fill.js';
import type { WidgetOf } from '../widgets/index.js';

type Webhook = WidgetOf<'webhook'>;
type Sms = Pick<WidgetOf<'sms'>, 'to' | 'text' | 'from' | 'template'>;

/** One telephone number as people and networks write it: no list, no URI. */
const NUMBER = /^\+?\d[\d ().-]{1,30}$/;
/** A sender: a number, or a name as providers allow it. */
const SENDER = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,50}$/u;

/**
 * Checks what can be known before anything is sent.
 * @throws {TemplateError} INVALID_FLOW_VAR for what is absent or blank, INVALID_REQUEST for what is not as it must be.
 */
export function checkSms({ to, text, from, template }: Sms, defaultFrom: string | undefined, lookup: Lookup): void {
  const number = fill(to, lookup, orFail).trim();
  if (number === '') throw new TemplateError('INVALID_FLOW_VAR', 'There is no number to send to: "to" is blank.');
  if (!NUMBER.test(number)) throw new TemplateError('INVALID_REQUEST', 'What "to" gives is not one telephone number.');
  const message = fill(text, lookup, orFail);
  if (message.trim() === '') throw new TemplateError('INVALID_FLOW_VAR', 'There is nothing to send: "text" is blank.');
  if ([...message].length > MAX_SMS_CHARACTERS) {
    throw new TemplateError('INVALID_REQUEST', `The text has more than ${MAX_SMS_CHARACTERS} characters.`);
  }
  if (template !== undefined && fill(template, lookup, orFail).trim() === '')
    throw new TemplateError('INVALID_FLOW_VAR', 'There is no template to name: "template" is blank.');
  const sender = from === undefined ? defaultFrom : fill(from, lookup, orFail);
  if (sender !== undefined && !SENDER.test(sender)) {
    throw new TemplateError('INVALID_REQUEST', 'What "from" gives is no sender: 1 to 50 characters, no line ends.');
  }
}

/** The request as a webhook's; the account's texts stand in it as they are, those of the widget are templates. */
export function smsRequest(
  { to, text, from, template }: Sms,
  provider: NonNullable<Account['sms']>,
  idempotencyKey: string,
): Webhook['request'] {
  const { url, auth, headers, body } = provider;
  const sender = from ?? (provider.from === undefined ? undefined : literalText(provider.from));
  return {
    method: 'POST',
    url: literalText(url),
    auth: literalAuth(auth),
    headers: headers.map(({ key, value }) => ({ key: literalText(key), value: literalText(value), mandatory: false })),
    query: [],
    body: smsBody(body, { id: literalText(idempotencyKey), to, from: sender, text, template }),
  };
}

function literalAuth(auth: Webhook['request']['auth']): Webhook['request']['auth'] {
  const value = (one: string | { secret: string }) => (typeof one === 'string' ? literalText(one) : one);
  switch (auth.type) {
    case 'none':
      return auth;
    case 'basic':
    case 'digest':
      return { ...auth, username: value(auth.username), password: value(auth.password) };
    case 'bearer':
      return { ...auth, token: value(auth.token) };
    case 'hmac':
      return { ...auth, secret: value(auth.secret), header: literalText(auth.header) };
    case 'apiKey':
      return { ...auth, name: literalText(auth.name), value: value(auth.value) };
    case 'oauth2': {
      const { tokenUrl, clientId, clientSecret, scope, audience } = auth;
      return {
        ...{ ...auth, tokenUrl: literalText(tokenUrl), clientId: value(clientId), clientSecret: value(clientSecret) },
        ...(scope !== undefined && { scope: literalText(scope) }),
        ...(audience !== undefined && { audience: literalText(audience) }),
      };
    }
  }
}
