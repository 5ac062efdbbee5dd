import { describe, expect, it } from 'vitest';
import { validateAccount, validateFlow } from './validate.js';

const account = validateAccount({ id: 1, httpEnabled: true }).value;
const widget = (request: object, more: object = {}) => ({
  type: 'webhook',
  request: { method: 'POST', url: 'https://api.example.com/x', ...request },
  ...more,
});
const flowOf = (w: object) => ({ hookline: 1, id: 'testflow', start: 'w', widgets: { w } });
const errors = (w: object) =>
  validateFlow(flowOf(w), account).errors.map(({ code, pointer }) => `${code} ${pointer.replace('/widgets/w/', '')}`);
const ofRequest = (request: object, more?: object) => errors(widget(request, more));

describe('what can never be sent', () => {
  it.each(['Host', 'content-length', 'Transfer-Encoding', 'CONNECTION', 'TE', 'Expect'])(
    'D1: the framing header %s is no row',
    (key) => {
      expect(
        ofRequest({
          headers: [
            { key: 'X-A', value: '1' },
            { key, value: '1' },
          ],
        }),
      ).toEqual(['INVALID_VALUE request/headers/1/key']);
    },
  );

  it('D1, T2: a name that is no token, and a line end in a value, are no header', () => {
    expect(ofRequest({ headers: [{ key: 'X A', value: '1' }] })).toEqual(['INVALID_VALUE request/headers/0/key']);
    expect(ofRequest({ headers: [{ key: 'X-$flow.key.a:', value: '1' }] })).toEqual([
      'INVALID_VALUE request/headers/0/key',
    ]);
    expect(ofRequest({ headers: [{ key: 'X-A', value: '$flow.key.a\r\nB: 1' }] })).toEqual([
      'INVALID_VALUE request/headers/0/value',
    ]);
    expect(ofRequest({ headers: [{ key: '$flow.key.a', value: 'é\t$flow.key.a' }] })).toEqual([]);
  });

  it('D1, W3: a signature takes no header that is the engine’s', () => {
    const hmac = (header: string) => ofRequest({ auth: { type: 'hmac', secret: 'x', header } });
    for (const header of ['Host', 'Content-Type', 'content-length', 'X Y'])
      expect(hmac(header)).toEqual(['INVALID_VALUE request/auth/header']);
    expect(hmac('X-Signature')).toEqual([]);
  });

  it.each([
    ...['https://api.example.com:65536/x', 'http:/127.0.0.1/x', 'https:api.example.com', 'https://'],
    ...['https://api.example.com:port/x', 'https://a b.example.com/', 'https://999.1.1.1/', 'https:/$flow.key.host/x'],
    'https://api.example.com:70000/$flow.key.id',
  ])('D1, W2: %s is no URL, whatever the variables', (url) => {
    expect(ofRequest({ url })).toEqual(['INVALID_VALUE request/url']);
  });

  it.each([
    ...[
      'https://$flow.key.host:65536/x',
      '$flow.key.url',
      'https://a.$flow.key.host',
      'https://api.example.com:$flow.key.port/',
    ],
    ...[
      'https://api.example.com/$flow.key.id?a=$flow.key.b#c',
      'https:$flow.key.rest',
      'http://[::1]:8080/x',
      'HTTPS://API.example.com',
    ],
  ])('W2: %s may become a URL', (url) => {
    expect(ofRequest({ url })).toEqual([]);
  });

  it.each([
    '<!DOCTYPE a><a/>',
    '<$flow.key.tag/>',
    '<a b=$flow.key.b/>',
    '<a>',
    'text',
    '<!-- $flow.key.a --><a/>',
    '<a>&x;</a>',
  ])('D1, T4: %s is no XML body, whatever the variables', (content) => {
    expect(ofRequest({ body: { type: 'xml', content } })).toEqual(['INVALID_VALUE request/body/content']);
  });

  it('T4: variables in text, attributes and CDATA make an XML body', () => {
    const content = '<a b="$flow.key.b">$flow.key.c<![CDATA[$flow.key.d]]></a>';
    expect(ofRequest({ body: { type: 'xml', content } })).toEqual([]);
  });

  it('D1, T3: a JSON body without variables that is no JSON is an error, one with variables a warning', () => {
    expect(ofRequest({ body: { type: 'json', content: '{"a":}' } })).toEqual(['INVALID_VALUE request/body/content']);
    const found = validateFlow(flowOf(widget({ body: { type: 'json', content: '{"a":$flow.key.x,}' } })), account);
    expect([found.errors, found.warnings.map(({ code }) => code)]).toEqual([
      [],
      expect.arrayContaining(['INVALID_TEMPLATE']),
    ]);
  });

  it('T5: a Content-Type row beside a multipart form has no effect, which is a warning', () => {
    const form = (encoding: string) =>
      validateFlow(
        flowOf(
          widget({
            headers: [{ key: 'content-type', value: 'multipart/form-data' }],
            body: { type: 'form', encoding, fields: [{ key: 'a', value: 'b' }] },
          }),
        ),
        account,
      );
    expect(form('multipart')).toMatchObject({
      errors: [],
      warnings: [{ code: 'HEADER_IGNORED', pointer: '/widgets/w/request/headers/0' }],
    });
    expect(form('urlencoded')).toMatchObject({ errors: [], warnings: [] });
  });

  it('V4: in a mapping path a variable stands inside a quoted string, or alone as an index', () => {
    const at = (type: string, path: string, dialect?: string) =>
      ofRequest({}, { response: { type, map: [{ saveIn: '$flow.key.a', path }], ...(dialect && { dialect }) } });
    const refused = ['INVALID_PATH response/map/0/path'];
    expect(at('json', "data.items[?(@.id=='$flow.key.id')].name")).toEqual([]);
    expect(at('json', "data['${user.key.a}'][$flow.key.n]")).toEqual([]);
    expect(at('xml', "//a[@id='$call.id'][$flow.key.n]")).toEqual([]);
    expect(at('json', 'data.items[$flow.key.n]', 'jsonpath-plus')).toEqual([]);
    expect(at('json', 'data.items[?(@.id==$flow.key.id)].name')).toEqual(refused);
    expect(at('json', 'data.$flow.key.name')).toEqual(refused);
    expect(at('json', "data['$flow.key.name']", 'jsonpath-plus')).toEqual(refused);
    expect(at('xml', '//a[@id=$call.id]')).toEqual(refused);
    expect(at('json', "data.items[?(@.price=='$5')].name")).toEqual([]);
  });

  it('V4: a variable stands in no pattern of collectDigits', () => {
    const digits = { type: 'collectDigits', saveIn: '$flow.key.a' };
    expect(errors({ ...digits, pattern: '^$flow.key.b$' })).toEqual(['INVALID_PATTERN pattern']);
    expect(errors({ ...digits, pattern: '^\\d+$' })).toEqual([]);
  });

  it('D1: a message to what is no number, without words, or from nobody', () => {
    const sms = (more: object) => {
      const own = validateAccount({ id: 1, sms: { url: 'https://example.com' } }).value;
      const w = { type: 'sms', to: '$call.cli', text: 'Hi $flow.key.a', ...more };
      return validateFlow(flowOf(w), own).errors.map(({ pointer }) => pointer.replace('/widgets/w/', ''));
    };
    expect(sms({})).toEqual([]);
    expect(sms({ to: 'nobody', text: ' ', from: 'a\nb' })).toEqual(['to', 'text', 'from']);
    expect(sms({ to: '+91 98000-00001', text: 'Hi', from: 'Shop' })).toEqual([]);
  });
});

describe('an account', () => {
  const pointers = (more: object) =>
    validateAccount({ id: 1, ...more }).errors.map(({ code, pointer }) => `${code} ${pointer}`);

  it('D1: entries of allow-lists that can never match are errors, each with its place', () => {
    expect(
      pointers({ ipAllowList: ['10.0.0.0/8', '10.0.0.0/', 'a.example'], targetAllowList: ['a.example', '*'] }),
    ).toEqual(['INVALID_VALUE /ipAllowList/1', 'INVALID_VALUE /ipAllowList/2', 'INVALID_VALUE /targetAllowList/1']);
  });

  it('D1, W2: its own requests are judged as those of flows', () => {
    const auth = { type: 'hmac', secret: 'x', header: 'Host' };
    expect(pointers({ defaultWebhook: { url: 'https://a.example:65536', auth } })).toEqual([
      'INVALID_VALUE /defaultWebhook/url',
      'INVALID_VALUE /defaultWebhook/auth/header',
    ]);
    expect(pointers({ defaultWebhook: { url: 'a.example' } })).toEqual(['INVALID_VALUE /defaultWebhook/url']);
    expect(
      pointers({
        functions: { shortURL: { url: 'http://a.example', auth: { type: 'bearer', token: { secret: 'a' } } } },
      }),
    ).toEqual(['HTTP_NOT_ENABLED /functions/shortURL/url', 'UNKNOWN_SECRET /functions/shortURL/auth/token/secret']);
    expect(pointers({ sms: { url: 'https://a.example', headers: [{ key: 'Host', value: 'b' }] } })).toEqual([
      'INVALID_VALUE /sms/headers/0/key',
    ]);
    expect(pointers({ defaultWebhook: { url: 'https://a.example/$flow.key.a?b=$' } })).toEqual([]);
  });
});
