/**
 * From an `sms` widget to the request that its account's provider gets. Contract T3, W3, W8.
 * @module
 */
import type { Account } from '../documents/account.js';
import { MAX_SMS_CHARACTERS } from '../documents/limits.js';
import { fill, type Lookup, orFail, TemplateError } from '../values/fill.js';
import type { WidgetOf } from '../widgets/index.js';

type Webhook = WidgetOf<'webhook'>;
type Sms = Pick<WidgetOf<'sms'>, 'to' | 'text' | 'from'>;

/** One telephone number as people and networks write it: no list, no URI. */
const NUMBER = /^\+?\d[\d ().-]{1,30}$/;
/** A sender: a number, or a name as providers allow it. */
const SENDER = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,50}$/u;

/**
 * Checks what can be known before anything is sent.
 * @throws {TemplateError} INVALID_FLOW_VAR for what is absent or blank, INVALID_REQUEST for what is not as it must be.
 */
export function checkSms({ to, text, from }: Sms, defaultFrom: string | undefined, lookup: Lookup): void {
  const number = fill(to, lookup, orFail).trim();
  if (number === '') throw new TemplateError('INVALID_FLOW_VAR', 'There is no number to send to: "to" is blank.');
  if (!NUMBER.test(number)) throw new TemplateError('INVALID_REQUEST', 'What "to" gives is not one telephone number.');
  const message = fill(text, lookup, orFail);
  if (message.trim() === '') throw new TemplateError('INVALID_FLOW_VAR', 'There is nothing to send: "text" is blank.');
  if ([...message].length > MAX_SMS_CHARACTERS) {
    throw new TemplateError('INVALID_REQUEST', `The text has more than ${MAX_SMS_CHARACTERS} characters.`);
  }
  const sender = from === undefined ? defaultFrom : fill(from, lookup, orFail);
  if (sender !== undefined && !SENDER.test(sender)) {
    throw new TemplateError('INVALID_REQUEST', 'What "from" gives is no sender: 1 to 50 characters, no line ends.');
  }
}

/** The request as a webhook's; the account's texts stand in it as they are, those of the widget are templates. */
export function smsRequest(
  { to, text, from }: Sms,
  provider: NonNullable<Account['sms']>,
  idempotencyKey: string,
): Webhook['request'] {
  const { url, auth, headers } = provider;
  const sender = from ?? (provider.from === undefined ? undefined : literal(provider.from));
  return {
    method: 'POST',
    url: literal(url),
    auth: literalAuth(auth),
    headers: headers.map(({ key, value }) => ({ key: literal(key), value: literal(value), mandatory: false })),
    query: [],
    body: {
      type: 'json',
      content: { id: literal(idempotencyKey), to, ...(sender === undefined ? {} : { from: sender }), text },
      onMissing: 'fail',
    },
  };
}

/** A text as the template that gives it. Contract V2. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}

function literalAuth(auth: Webhook['request']['auth']): Webhook['request']['auth'] {
  const value = (one: string | { secret: string }) => (typeof one === 'string' ? literal(one) : one);
  switch (auth.type) {
    case 'none':
      return auth;
    case 'basic':
    case 'digest':
      return { ...auth, username: value(auth.username), password: value(auth.password) };
    case 'bearer':
      return { ...auth, token: value(auth.token) };
    case 'hmac':
      return { ...auth, secret: value(auth.secret), header: literal(auth.header) };
    case 'apiKey':
      return { ...auth, name: literal(auth.name), value: value(auth.value) };
    case 'oauth2': {
      const { tokenUrl, clientId, clientSecret, scope, audience } = auth;
      return {
        ...{ ...auth, tokenUrl: literal(tokenUrl), clientId: value(clientId), clientSecret: value(clientSecret) },
        ...(scope !== undefined && { scope: literal(scope) }),
        ...(audience !== undefined && { audience: literal(audience) }),
      };
    }
  }
}
