import { describe, expect, it } from 'vitest';
import { validateAccount, validateFlow } from './validate.js';

const warningsOf = (request: object) => {
  const widgets = { a: { type: 'webhook', request: { method: 'POST', url: 'https://example.com', ...request } } };
  const { errors, warnings } = validateFlow({ hookline: 1, id: 'testflow', start: 'a', widgets });
  expect(errors).toEqual([]);
  return warnings
    .filter(({ code }) => code === 'LITERAL_CREDENTIAL')
    .map(({ pointer }) => pointer.replace('/widgets/a/request/', ''));
};
const row = (key: string, value: string) => ({ key, value });

describe('W3: a credential that stands in a document is a warning, wherever it stands', () => {
  it.each<[string, object, string]>([
    ['auth', { auth: { type: 'bearer', token: 'tok-1' } }, 'auth/token'],
    ['a header', { headers: [row('X-Tenant', '7'), row('authorization', 'Bearer tok-1')] }, 'headers/1/value'],
    ['a header of a key', { headers: [row('X-Api-Key', 'tok-1')] }, 'headers/0/value'],
    ['the query', { query: [row('access_token', 'tok-1')] }, 'query/0/value'],
    ['the URL', { url: 'https://example.com/a?x=1&apikey=tok-1' }, 'url'],
    ['a form', { body: { type: 'form', fields: [row('password', 'tok-1')] } }, 'body/fields/0/value'],
    ['a JSON value', { body: { type: 'json', content: { login: [{ password: 'tok-1' }] } } }, 'body/content'],
    ['a JSON text', { body: { type: 'json', content: '{"client_secret":"tok-1"}' } }, 'body/content'],
  ])('in %s', (_where, request, place) => expect(warningsOf(request)).toEqual([place]));

  it.each<[string, object]>([
    ['a secret', { auth: { type: 'bearer', token: { secret: 'orders' } } }],
    ['a variable', { headers: [row('Authorization', 'Bearer $flow.key.token')] }],
    ['a name that only looks like one', { query: [row('tokenise', 'yes'), row('passwords', '3')] }],
    ['nothing', { headers: [row('X-Api-Key', '')] }],
  ])('%s is none', (_what, request) => expect(warningsOf(request)).toEqual([]));

  it('in an account', () => {
    const { errors, warnings } = validateAccount({
      id: 1,
      defaultWebhook: { url: 'https://example.com', auth: { type: 'bearer', token: 'tok-1' } },
      sms: { url: 'https://example.com', headers: [row('Authorization', 'App tok-1')] },
      smtp: { host: 'mail.example.com', auth: { username: 'u', password: 'tok-1' }, from: 'a@example.com' },
      functions: { shortURL: { url: 'https://example.com', auth: { type: 'hmac', secret: 'tok-1' } } },
    });
    expect(errors).toEqual([]);
    expect(warnings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'LITERAL_CREDENTIAL /defaultWebhook/auth/token',
      'LITERAL_CREDENTIAL /sms/headers/0/value',
      'LITERAL_CREDENTIAL /smtp/auth/password',
      'LITERAL_CREDENTIAL /functions/shortURL/auth/secret',
    ]);
    expect(JSON.stringify(warnings)).not.toContain('tok-1');
  });
});
