/**
 * The body of a text message in the form that a provider wants: places in the account's own template, such as `{to}`.
 * Contract T3, T5, D3.
 * @module
 */
import type { Account } from '../documents/account.js';
import type { JsonValue } from '../template/json.js';
import { literalText } from '../values/fill.js';
import type { WidgetOf } from '../widgets/index.js';

type Body = WidgetOf<'webhook'>['request']['body'];
type Format = NonNullable<NonNullable<Account['sms']>['body']>;

/** What the places of a body stand for, each a template; one that is left out is not there. */
export interface SmsParts {
  /** The idempotency key. */
  id: string;
  to: string;
  from?: string | undefined;
  text: string;
  /** The provider's id of the template that the message follows. */
  template?: string | undefined;
}

const PLACE = /\{(id|to|from|text|template)\}/g;
const WHOLE = /^\{(id|to|from|text|template)\}$/;
/** The body where the account says nothing. */
const DEFAULT: Format = { type: 'json', content: { id: '{id}', to: '{to}', from: '{from}', text: '{text}' } };

/** The body of the request. A field or row that is nothing but a place that is not there is left out. */
export function smsBody(format: Format | undefined, parts: SmsParts): Body {
  const body = format ?? DEFAULT;
  if (body.type === 'json') {
    return { type: 'json', content: filledValue(body.content, parts) ?? {}, onMissing: 'fail' };
  }
  const fields = body.fields.flatMap(({ key, value }) => {
    const filled = filledText(value, parts);
    return filled === undefined ? [] : [{ key: literalText(key), value: filled, mandatory: true }];
  });
  return { type: 'form', fields, encoding: 'urlencoded' };
}

function filledValue(value: JsonValue, parts: SmsParts): JsonValue | undefined {
  if (typeof value === 'string') return filledText(value, parts);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.flatMap((one) => filledValue(one, parts) ?? []);
  const fields = Object.entries(value).map(([key, one]) => [key, filledValue(one, parts)] as const);
  return Object.fromEntries(fields.flatMap(([key, one]) => (one === undefined ? [] : [[key, one] as const])));
}

function filledText(text: string, parts: SmsParts): string | undefined {
  const [, whole] = WHOLE.exec(text) ?? [];
  if (whole !== undefined) return parts[whole as keyof SmsParts];
  return literalText(text).replace(PLACE, (_, place: keyof SmsParts) => parts[place] ?? '');
}
