import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildJsonPost, buildRequest, describeRequest } from '../../src/http/request.js';
import { Sender } from '../../src/http/send.js';
import { answer, runTask, Target, taskFor, type TaskFacts } from '../support/target.js';

let target: Target;
beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.stop());
afterEach(() => vi.unstubAllEnvs());

/** Sends a request to a path of its own, and gives what the target got and the outcome. */
let paths = 0;
async function sendTo(request: Record<string, unknown>, facts: TaskFacts = {}, suffix = '') {
  const path = `/request-${++paths}`;
  target.on(path, answer(200));
  const outcome = await runTask(taskFor({ request: { url: target.url(path) + suffix, ...request } }, facts));
  return { outcome, got: target.of(path)[0], all: target.of(path) };
}

describe('W1: methods', () => {
  it.each(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('W1: %s is sent', async (method) => {
    const { outcome, got } = await sendTo({ method });
    expect(outcome).toMatchObject({ line: 'success', statusCode: 200, attempts: 1 });
    expect(got?.method).toBe(method);
  });

  it('W1: OPTION is sent as OPTIONS', async () => {
    expect((await sendTo({ method: 'OPTION' })).got?.method).toBe('OPTIONS');
  });
});

describe('W2: URLs', () => {
  it('W2: http is refused when the account has it not enabled, and nothing is sent', async () => {
    const { outcome, all } = await sendTo({}, { rules: { httpEnabled: false } });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_REQUEST', attempts: 0, duration: 0, rows: [] });
    expect(outcome.detail).toContain('only https');
    expect(all).toHaveLength(0);
  });

  it.each([
    ['ftp://127.0.0.1/'],
    [' https://127.0.0.1/'],
    ['https:127.0.0.1/'],
    ['//127.0.0.1/'],
    ['https://'],
    ['https://exa mple.com/'],
    ['javascript:alert(1)'],
    ['http://[::1/'],
  ])('W2: %j gives INVALID_REQUEST', async (url) => {
    const outcome = await runTask(taskFor({ request: { url } }));
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_REQUEST', attempts: 0 });
  });

  it('W2: the check is made after substitution', async () => {
    const variables = { '$flow.key.base': target.url('/variable') };
    const task = taskFor({ request: { url: '$flow.key.base' } }, { variables, rules: { httpEnabled: false } });
    expect(await runTask(task)).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
  });

  it('W2: credentials inside a URL give INVALID_REQUEST', async () => {
    const { hostname } = new URL(target.url('/'));
    const outcome = await runTask(taskFor({ request: { url: `http://user:secret@${hostname}:${target.port}/x` } }));
    expect(outcome).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
    expect(outcome.detail).not.toContain('secret');
  });

  it.each([
    ['https://api-$flow.key.tenant.example.com/x', 'The target'],
    ['https://api.example.com$flow.key.tenant/x', 'The target'],
    ['https://$flow.key.tenant/x', 'The target'],
    ['https://api.example.com/$flow.key.tenant', 'The host api.example.com'],
    ['https://api.example.com:8443', 'The host api.example.com'],
    ['https://[2001:db8::1]:8443/x', 'The host [2001:db8::1]'],
  ])('C6: details about %s say "%s": no part of a host that a variable brings', async (url, named) => {
    const variables = { '$flow.key.tenant': 's3cret' };
    expect((await buildRequest(taskFor({ request: { url } }, { variables }))).target).toBe(named);
  });

  it('W2: a fragment is not sent', async () => {
    const { got } = await sendTo({}, {}, '?a=1#part');
    expect(got?.path).toMatch(/\?a=1$/);
  });
});

describe('W3: credentials', () => {
  it('W3: basic auth is sent in UTF-8, with templates filled', async () => {
    const auth = { type: 'basic', username: '$flow.key.user', password: 'pässwörd' };
    const { got } = await sendTo({ auth }, { variables: { '$flow.key.user': 'ivr' } });
    expect(got?.headers['authorization']).toBe(`Basic ${Buffer.from('ivr:pässwörd').toString('base64')}`);
  });

  it('W3: bearer auth is sent, its token read from an environment variable', async () => {
    vi.stubEnv('HOOKLINE_SECRET_1_TOKEN', 'token-1');
    const auth = { type: 'bearer', token: { secret: 'api' } };
    const { got } = await sendTo({ auth }, { rules: { secrets: { api: { env: 'HOOKLINE_SECRET_1_TOKEN' } } } });
    expect(got?.headers['authorization']).toBe('Bearer token-1');
  });

  it('W3: the HMAC header signs the body as sent, with a secret from a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hookline-'));
    mkdirSync(join(folder, '1'));
    writeFileSync(join(folder, '1', 'key'), 'the key\n');
    vi.stubEnv('HOOKLINE_SECRETS_DIR', folder);
    const auth = { type: 'hmac', secret: { secret: 'key' }, header: 'X-Sign' };
    const body = { type: 'json', content: { caller: '$flow.key.cli' } };
    const { got } = await sendTo(
      { method: 'POST', auth, body },
      { rules: { secrets: { key: { file: 'key' } } }, variables: { '$flow.key.cli': 'Zoë' } },
    );
    const [, seconds = '', digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(got?.headers['x-sign'] ?? '') ?? [];
    expect(digest).toBe(createHmac('sha256', 'the key').update(`${seconds}.${got?.body}`).digest('hex'));
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(5);
    expect(got?.headers['authorization']).toBeUndefined();
  });

  it.each([
    ['an unknown name', {}],
    ['an environment variable that is not set', { api: { env: 'HOOKLINE_SECRET_1_NOT_SET' } }],
    ['a file that is not there', { api: { file: 'nonexistent' } }],
    ['a variable that is not the account’s', { api: { env: 'PATH' } }],
    ['a file that is not the account’s', { api: { file: '/etc/passwd' } }],
  ])('W3: a secret with %s gives INVALID_REQUEST, and nothing is sent', async (_what, secrets) => {
    const { outcome, all } = await sendTo(
      { auth: { type: 'bearer', token: { secret: 'api' } } },
      { rules: { secrets } },
    );
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_REQUEST', attempts: 0 });
    expect(outcome.detail).toMatch(/"api".*SECRET_UNAVAILABLE/);
    expect(all).toHaveLength(0);
  });

  it('W3: a token that no header can carry gives INVALID_REQUEST, without its value', async () => {
    vi.stubEnv('HOOKLINE_SECRET_1_TOKEN', 'one\r\ntwo: three');
    const secrets = { api: { env: 'HOOKLINE_SECRET_1_TOKEN' } };
    const { outcome, all } = await sendTo(
      { auth: { type: 'bearer', token: { secret: 'api' } } },
      { rules: { secrets } },
    );
    expect(outcome).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
    expect(JSON.stringify(outcome)).not.toContain('three');
    expect(all).toHaveLength(0);
  });

  it.each(['Host', 'content-length', 'Transfer-Encoding', 'Connection', 'Content-Type'])(
    "W3: the HMAC header cannot be %s, which is the engine's alone; nothing is sent",
    async (header) => {
      const { outcome, all } = await sendTo({ method: 'POST', auth: { type: 'hmac', secret: 'key', header } });
      expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_REQUEST', attempts: 0 });
      expect(outcome.detail).toContain(header.toLowerCase());
      expect(all).toHaveLength(0);
    },
  );

  it('W3, W8: no header is sent twice, whatever the name of the HMAC header is', async () => {
    for (const header of ['traceparent', 'Idempotency-Key', 'user-agent', 'Accept-Encoding']) {
      const { got } = await sendTo({ method: 'POST', auth: { type: 'hmac', secret: 'key', header } });
      expect(got?.rawHeaders.filter(([name]) => name.toLowerCase() === header.toLowerCase())).toHaveLength(1);
    }
  });

  it('W3: the auth takes the place of an Authorization row', async () => {
    const headers = [{ key: 'authorization', value: 'mine' }];
    const { got } = await sendTo({ headers, auth: { type: 'bearer', token: 'theirs' } });
    expect(got?.rawHeaders.filter(([name]) => name.toLowerCase() === 'authorization')).toEqual([
      ['Authorization', 'Bearer theirs'],
    ]);
  });

  it('W3: a display of the request masks its credentials', async () => {
    const basic = taskFor({
      request: { url: 'https://example.com/', auth: { type: 'basic', username: 'u', password: 'p' } },
    });
    expect(describeRequest(await buildRequest(basic)).headers).toContainEqual(['Authorization', 'Basic ***']);
    const hmac = taskFor({ request: { url: 'https://example.com/', auth: { type: 'hmac', secret: 's' } } });
    expect(describeRequest(await buildRequest(hmac)).headers).toContainEqual(['X-Signature', '***']);
  });
});

describe('W4, W5, W6: rows and absent variables', () => {
  const row = (key: string, value: string, mandatory = false) => ({ key, value, mandatory });

  it('W4: a mandatory row with an absent variable gives INVALID_FLOW_VAR, and nothing is sent', async () => {
    for (const where of ['headers', 'query']) {
      const { outcome, all } = await sendTo({ [where]: [row('X-A', '$flow.key.absent', true)] });
      expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_FLOW_VAR', attempts: 0 });
      expect(all).toHaveLength(0);
    }
  });

  it('W4: an optional row with an absent variable is dropped', async () => {
    const rows = [row('X-A', '$flow.key.absent'), row('X-B', '$flow.key.b')];
    const { got } = await sendTo({ headers: rows, query: rows }, { variables: { '$flow.key.b': '2' } });
    expect(got?.headers).toMatchObject({ 'x-b': '2' });
    expect(got?.headers).not.toHaveProperty('x-a');
    expect(got?.path).toMatch(/\?X-B=2$/);
  });

  it.each([
    ['the URL', {}, '/$flow.key.absent'],
    ['credentials', { auth: { type: 'basic', username: '$flow.key.absent', password: 'p' } }, ''],
    ['a body', { method: 'POST', body: { type: 'json', content: '{"a":"$flow.key.absent"}' } }, ''],
  ])('W5: an absent variable in %s gives INVALID_FLOW_VAR', async (_where, request, suffix) => {
    const { outcome, all } = await sendTo(request, {}, suffix);
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_FLOW_VAR', attempts: 0 });
    expect(all).toHaveLength(0);
  });

  it('W5: onMissing "empty" sends a body with the variable left empty, null outside of quotes', async () => {
    const content = '{"a":"$flow.key.absent","b":$flow.key.absent}';
    const { got } = await sendTo({ method: 'POST', body: { type: 'json', content, onMissing: 'empty' } });
    expect(JSON.parse(got?.body ?? '')).toEqual({ a: '', b: null });
  });

  it('W6: query rows follow the own query of the URL, in order, doubles kept, a space as %20', async () => {
    const query = [row('b', 'two words'), row('b', 'ä&='), row('c', '')];
    const { got } = await sendTo({ query }, {}, '?a=1');
    expect(got?.path).toMatch(/\?a=1&b=two%20words&b=%C3%A4%26%3D&c=$/);
  });
});

describe('W7: bodies and their types', () => {
  it.each([
    ['json', { content: '{"a":1}' }, 'application/json', '{"a":1}'],
    ['xml', { content: '<a>1</a>' }, 'application/xml', '<a>1</a>'],
    ['text', { content: 'Grüße' }, 'text/plain; charset=utf-8', 'Grüße'],
    ['form', { fields: [{ key: 'a', value: 'b c' }] }, 'application/x-www-form-urlencoded', 'a=b+c'],
  ])('W7: a body of type %s sets its Content-Type', async (type, body, contentType, sent) => {
    const { got } = await sendTo({ method: 'POST', body: { type, ...body } });
    expect(got?.headers['content-type']).toBe(contentType);
    expect(got?.body).toBe(sent);
    expect(got?.headers['content-length']).toBe(String(Buffer.byteLength(sent)));
  });

  it('W7: a header row sets the Content-Type instead, alone', async () => {
    const headers = [{ key: 'content-TYPE', value: 'application/vnd.own+json' }];
    const { got } = await sendTo({ method: 'POST', headers, body: { type: 'json', content: {} } });
    const sent = got?.rawHeaders.filter(([name]) => name.toLowerCase() === 'content-type');
    expect(sent).toEqual([['content-TYPE', 'application/vnd.own+json']]);
  });

  it('W7: without a body there is no Content-Type, and a POST says its length is 0', async () => {
    const { got } = await sendTo({ method: 'POST' });
    expect(got?.headers).not.toHaveProperty('content-type');
    expect(got?.headers['content-length']).toBe('0');
  });

  it.each(['multipart', 'urlencoded'])(
    "T5: the Content-Type of a %s form is the engine's, whatever a row says",
    async (encoding) => {
      const headers = [{ key: 'content-type', value: 'multipart/form-data' }];
      const fields = [{ key: 'a', value: 'b' }];
      const { got } = await sendTo({ method: 'POST', headers, body: { type: 'form', fields, encoding } });
      const types = got?.rawHeaders.filter(([name]) => name.toLowerCase() === 'content-type') ?? [];
      expect(types).toHaveLength(1);
      const boundary = /boundary=(.+)$/.exec(types[0]?.[1] ?? '')?.[1];
      if (encoding === 'multipart') expect(got?.body).toContain(`--${boundary}--`);
      else expect(types[0]?.[1]).toBe('application/x-www-form-urlencoded');
    },
  );

  it('T5: a multipart body has the same boundary over attempts, and no value can end a part', async () => {
    const fields = [{ key: 'a', value: '$flow.key.v' }];
    const widget = {
      request: { method: 'POST', url: 'https://example.com/', body: { type: 'form', fields, encoding: 'multipart' } },
    };
    const boundaryWith = async (value: string) => {
      const built = await buildRequest(
        taskFor(widget, { variables: { '$flow.key.v': value }, idempotencyKey: 'call-1/lookup/1' }),
      );
      const type = built.headers.find(([name]) => name === 'Content-Type')?.[1] ?? '';
      return /boundary=(.+)$/.exec(type)?.[1] ?? '';
    };
    const boundary = await boundaryWith('plain');
    expect(await boundaryWith('other')).toBe(boundary);
    expect(await boundaryWith(`x\r\n--${boundary}--`)).not.toBe(boundary);
  });
});

describe('W8: the headers that the engine adds', () => {
  it('W8: Idempotency-Key, User-Agent and traceparent are sent', async () => {
    const { got } = await sendTo({}, { idempotencyKey: 'call-1/lookup/2' });
    expect(got?.headers['idempotency-key']).toBe('call-1/lookup/2');
    expect(got?.headers['user-agent']).toMatch(/^Hookline\/\d+\.\d+\.\d+/);
    expect(got?.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('W8: the key and the trace are the same over every attempt, the span is another', async () => {
    target.on('/attempts', answer(503), answer(200));
    await runTask(taskFor({ request: { url: target.url('/attempts') } }));
    const [first, second] = target.of('/attempts').map(({ headers }) => headers);
    expect(second?.['idempotency-key']).toBe(first?.['idempotency-key']);
    const [trace, span] = [(h = '') => h.split('-')[1], (h = '') => h.split('-')[2]];
    expect(trace(second?.['traceparent'])).toBe(trace(first?.['traceparent']));
    expect(span(second?.['traceparent'])).not.toBe(span(first?.['traceparent']));
  });

  it("W8: a flow's own header of that name wins, whatever its case", async () => {
    const own = { 'IDEMPOTENCY-key': 'own', 'user-agent': 'me', TraceParent: '00-1-2-01' };
    const headers = Object.entries(own).map(([key, value]) => ({ key, value }));
    const { got } = await sendTo({ headers });
    const names = ['idempotency-key', 'user-agent', 'traceparent'];
    expect(got?.rawHeaders.filter(([name]) => names.includes(name.toLowerCase()))).toEqual(Object.entries(own));
  });

  it('T2: header values are sent as UTF-8, doubles kept', async () => {
    const headers = [
      { key: 'X-Name', value: '$flow.key.name' },
      { key: 'X-Name', value: 'two' },
    ];
    const { got } = await sendTo({ headers }, { variables: { '$flow.key.name': 'Zoë 日本' } });
    expect(got?.rawHeaders.filter(([name]) => name === 'X-Name').map(([, value]) => value)).toEqual([
      'Zoë 日本',
      'two',
    ]);
  });

  it('T2: a line break in a header value gives INVALID_REQUEST, nothing is sent, no value is told', async () => {
    const headers = [{ key: 'X-Name', value: '$flow.key.name' }];
    const { outcome, all } = await sendTo({ headers }, { variables: { '$flow.key.name': 'a\r\nX-Evil: 1' } });
    expect(outcome).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
    expect(outcome.detail).not.toContain('Evil');
    expect(all).toHaveLength(0);
  });

  it.each(['Host', 'Content-Length', 'transfer-encoding', 'Connection', 'Upgrade', 'Expect', 'Keep-Alive', 'TE'])(
    'T2: a row %s gives INVALID_REQUEST, for the engine frames the message',
    async (key) => {
      const { outcome, all } = await sendTo({ headers: [{ key, value: '5' }] });
      expect(outcome).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
      expect(outcome.detail).toContain(key.toLowerCase());
      expect(all).toHaveLength(0);
    },
  );
});

describe('E1: a finished JSON body', () => {
  it('E1: is POSTed as it stands, dollars included, under the same rules', async () => {
    target.on('/flow-end', answer(204));
    const { rules } = taskFor({ request: { url: target.url('/') } });
    const json = '{"keys":[{"name":"$flow.key.a","value":"$$"}]}';
    const post = {
      url: target.url('/flow-end'),
      auth: { type: 'none' as const },
      json,
      idempotencyKey: 'id-1',
      call: 'call-1',
    };
    const built = await buildJsonPost({ ...post, headers: [['webhook-id', 'id-1']] }, rules);
    const { statusCode } = await new Sender().perform(
      built,
      rules,
      performance.now() + 5000,
      new AbortController().signal,
    );
    expect(statusCode).toBe(204);
    const [got] = target.of('/flow-end');
    expect(got?.body).toBe(json);
    expect(got?.headers).toMatchObject({ 'webhook-id': 'id-1', 'content-type': 'application/json' });
    await expect(buildJsonPost({ ...post, headers: [] }, { ...rules, httpEnabled: false })).rejects.toMatchObject({
      reason: 'INVALID_REQUEST',
    });
  });
});

describe('W7: charsets of bodies', () => {
  const xml = (encoding: string) => ({
    type: 'xml',
    content: `<?xml version="1.0" encoding="${encoding}"?><r><name>$flow.key.name</name></r>`,
  });
  const typed = (value: string) => [{ key: 'Content-Type', value }];
  const build = (request: object, name: string) =>
    buildRequest(
      taskFor(
        { request: { method: 'POST', url: 'https://example.com/', ...request } },
        { variables: { '$flow.key.name': name } },
      ),
    );

  it.each([
    ['a prolog', { body: xml('ISO-8859-1') }, 'iso-8859-1'],
    ['a prolog and a row', { body: xml('ISO-8859-1'), headers: typed('text/xml; charset=latin1') }, 'iso-8859-1'],
    ['a prolog in UTF-16', { body: xml('utf-16') }, 'utf-16le'],
    [
      'a row',
      { body: { type: 'text', content: '$flow.key.name' }, headers: typed('text/plain; charset="ISO-8859-15"') },
      'iso-8859-15',
    ],
    [
      'a row',
      {
        body: { type: 'json', content: { a: '$flow.key.name' } },
        headers: typed('application/json; charset=windows-1252'),
      },
      'windows-1252',
    ],
    [
      'a row in UTF-8',
      { body: { type: 'text', content: '$flow.key.name' }, headers: typed('text/plain; charset=utf8') },
      'utf-8',
    ],
  ])('W7: a body is sent in the charset of %s', async (_what, request, charset) => {
    const built = await build(request, 'Müller');
    expect(new TextDecoder(charset, { fatal: true }).decode(built.body)).toBe(built.text);
    expect(built.text).toContain('Müller');
    if (charset === 'utf-16le') expect(built.body.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfe]));
  });

  it.each([
    ['a charset that cannot hold the text', { body: xml('ISO-8859-1') }],
    [
      'a row whose charset cannot',
      { body: { type: 'text', content: '$flow.key.name' }, headers: typed('text/plain; charset=us-ascii') },
    ],
    ['a charset that is not known', { body: xml('klingon') }],
    ['a row that contradicts the prolog', { body: xml('utf-16'), headers: typed('text/xml; charset=utf-8') }],
  ])('W7: %s gives INVALID_REQUEST, without the value', async (_what, request) => {
    const failure = await build(request, '€ 漢').catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: 'INVALID_REQUEST', unsent: true });
    expect(String(failure)).not.toContain('漢');
  });

  it('W7: labels that differ are no fault where the bytes are equal', async () => {
    const built = await build({ body: xml('ISO-8859-1'), headers: typed('text/xml; charset=utf-8') }, 'Mueller');
    expect(built.body.toString('latin1')).toBe(built.text);
  });

  it('W7: whatever is sent, its label reads it back as it was, or nothing is sent', async () => {
    const charsets = fc.constantFrom('utf-8', 'UTF-16', 'utf-16be', 'iso-8859-1', 'windows-1251', 'shift_jis', 'cp437');
    await fc.assert(
      fc.asyncProperty(charsets, fc.string({ unit: 'grapheme' }), async (charset, name) => {
        const request = {
          body: { type: 'text', content: '$flow.key.name' },
          headers: typed(`text/plain; charset=${charset}`),
        };
        const built = await build(request, name).catch((error: unknown) => {
          expect(error).toMatchObject({ reason: 'INVALID_REQUEST' });
          return undefined;
        });
        if (built) expect(iconv.decode(built.body, charset)).toBe(name);
      }),
    );
  });
});

describe('T1, W2: what the author writes into a URL', () => {
  const pathOf = async (url: string, variables = {}) => {
    const built = await buildRequest(taskFor({ request: { url } }, { variables }));
    return built.url.pathname + built.url.search;
  };

  it.each([
    ['https://h/a|b^c`d{e}f', '/a%7Cb%5Ec%60d%7Be%7Df'],
    ['https://h/100%/x', '/100%25/x'],
    ['https://h/100%25/%2f', '/100%25/%2f'],
    ['https://h/a\tb\nc', '/a%09b%0Ac'],
    ['https://h/a\\b', '/a%5Cb'],
    ['https://h/x?f={"a":[1]}&g=%&h= ', '/x?f=%7B%22a%22:%5B1%5D%7D&g=%25&h='],
    ['https://h/ä?ö=<ü>', '/%C3%A4?%C3%B6=%3C%C3%BC%3E'],
  ])('W2: %j is sent as RFC 3986 has it: %s', async (url, path) => {
    expect(await pathOf(url)).toBe(path);
  });

  it('T1: no value completes a percent sign of the text', async () => {
    expect(await pathOf('https://h/a%$flow.key.x', { '$flow.key.x': '2fb' })).toBe('/a%252fb');
    expect(await pathOf('https://h/a%2$flow.key.x', { '$flow.key.x': 'fb' })).toBe('/a%252fb');
  });

  it.each(['https://good.example\\@evil.example/', 'https://good.\texample/', 'https://good\n.example/x'])(
    'W2: %j, whose host holds what no host may, gives INVALID_REQUEST',
    async (url) => {
      await expect(pathOf(url)).rejects.toMatchObject({ reason: 'INVALID_REQUEST' });
    },
  );

  it('W2: every character that is sent is one that RFC 3986 allows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 30 }), async (text) => {
        const built = await pathOf(`https://h/${text.replaceAll('$', '')}`).catch(() => '/');
        expect(built).toMatch(/^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[\dA-Fa-f]{2})+$/);
      }),
    );
  });
});
