import { createHash } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWebhookActivities } from '../../src/activities/webhook.js';
import { answering } from '../../src/http/proof/digest.js';
import { buildRequest, describeRequest } from '../../src/http/request.js';
import { Sender } from '../../src/http/send.js';
import { validateFlow } from '../../src/flow/validation/validate.js';
import { type Apache, startApache, withoutApache } from '../support/apache.js';
import { type Certificates, certificates } from '../support/certificates.js';
import { after, answer, json, runTask, silence, Target, taskFor, type TaskFacts } from '../support/target.js';

let target: Target;
let pairs: Certificates;
beforeAll(async () => {
  [target, pairs] = [await Target.start(), await certificates()];
});
afterAll(async () => {
  await target.stop();
  await pairs.remove();
});
beforeEach(() => void (target.received.length = 0));
afterEach(() => vi.unstubAllEnvs());

/** Secrets of account 1, as environment variables of the worker. */
function held(values: Record<string, string>): TaskFacts['rules'] {
  const secrets = Object.entries(values).map(([name, value]) => {
    const env = `HOOKLINE_SECRET_1_${name.toUpperCase()}`;
    vi.stubEnv(env, value);
    return [name, { env }] as const;
  });
  return { secrets: Object.fromEntries(secrets) };
}

const secret = (name: string) => ({ secret: name });

describe('W4: secrets in rows', () => {
  it('W4: rows of headers, query and forms hold secrets, put in as they are', async () => {
    target.on('/rows', answer(200));
    const rules = held({ key: 'a $flow.key.x & "b"' });
    const row = (key: string) => [{ key, value: secret('key') }];
    const request = { method: 'POST', url: target.url('/rows'), headers: row('X-Key'), query: row('k') };
    await runTask(taskFor({ request: { ...request, body: { type: 'form', fields: row('f') } } }, { rules }));
    const [got] = target.received;
    expect(got?.headers['x-key']).toBe('a $flow.key.x & "b"');
    expect(new URL(got?.path ?? '', 'http://a').searchParams.get('k')).toBe('a $flow.key.x & "b"');
    expect(new URLSearchParams(got?.body).get('f')).toBe('a $flow.key.x & "b"');
  });

  it('W4: a secret that is not there sends nothing, and its row is not dropped', async () => {
    const headers = [{ key: 'X-Key', value: secret('none'), mandatory: false }];
    const outcome = await runTask(taskFor({ request: { url: target.url('/rows'), headers } }));
    expect(outcome).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
    expect(outcome.detail).toContain('"none"');
    expect(target.received).toEqual([]);
  });

  it('T1, T5, W4: whatever a secret holds, it is the one value of its row or of its key', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (value) => {
        const row = [{ key: 'k', value: secret('key') }];
        const request = { method: 'POST', url: 'https://example.com/a?b=1', query: row };
        const auth = { type: 'apiKey', in: 'query', name: 'key', value: secret('key') };
        const task = taskFor({ request: { ...request, auth, body: { type: 'form', fields: row } } });
        const { url, text } = await buildRequest(task, undefined, { read: () => Promise.resolve(value) });
        expect([...url.searchParams]).toEqual([['b', '1'], ['k', value], ['key', value]]); // prettier-ignore
        expect([...new URLSearchParams(text)]).toEqual([['k', value]]);
      }),
    ));

  it('T2, W4: a secret with a line end makes no second header', async () => {
    const headers = [{ key: 'X-Key', value: secret('key') }];
    const rules = held({ key: 'a\r\nX-Other: b' });
    const outcome = await runTask(taskFor({ request: { url: target.url('/rows'), headers } }, { rules }));
    expect(outcome).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
    expect(outcome.detail).not.toContain('Other');
  });
});

describe('W3: API keys', () => {
  it('W3: an API key stands in a header or in the query', async () => {
    target.on('/key', answer(200));
    const rules = held({ key: 'k 1' });
    for (const place of ['header', 'query']) {
      const auth = { type: 'apiKey', in: place, name: 'X-Api-Key', value: secret('key') };
      await runTask(taskFor({ request: { url: target.url('/key?a=1'), auth } }, { rules }));
    }
    expect(target.received[0]?.headers['x-api-key']).toBe('k 1');
    expect(target.received[1]?.path).toBe('/key?a=1&X-Api-Key=k%201');
  });

  it.each(['Content-Length', 'content-type', 'a b'])('W3: a header %s holds no key', async (name) => {
    const auth = { type: 'apiKey', in: 'header', name, value: 'k' };
    expect(await runTask(taskFor({ request: { url: target.url('/key'), auth } }))).toMatchObject({
      ...{ reason: 'INVALID_REQUEST', attempts: 0 },
    });
  });
});

describe('W3: OAuth 2 client credentials', () => {
  let server: OAuth2Server;
  beforeAll(async () => {
    server = new OAuth2Server();
    await server.issuer.keys.generate('RS256');
    await server.start(0, '127.0.0.1');
  });
  afterAll(() => server.stop());

  const auth = (more = {}) => ({
    ...{ type: 'oauth2', tokenUrl: target.url('/token'), clientId: 'ivr', clientSecret: secret('client') },
    ...more,
  });
  const ask = (sender: Sender, more = {}, facts: TaskFacts = {}, path = '/api') =>
    runTask(
      taskFor(
        { request: { url: target.url(path), auth: auth(more) } },
        { ...facts, rules: { ...held({ client: 's:cret%' }), ...facts.rules } },
      ),
      createWebhookActivities({}, sender),
    );
  const token = (text: string, more = {}) =>
    json({ access_token: text, token_type: 'Bearer', expires_in: 3600, ...more });

  it('W3: a token of a server that nobody here wrote is taken to the target', async () => {
    target.on('/api', answer(200));
    const tokenUrl = `http://127.0.0.1:${server.address().port}/token`;
    expect(await ask(new Sender(), { tokenUrl, scope: 'orders' })).toMatchObject({ line: 'success' });
    const [, text = ''] = target.of('/api')[0]?.headers.authorization?.split(' ') ?? [];
    expect(JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      scope: 'orders',
    });
  });

  it('W3: the client shows who it is by basic auth or in the body, and says scope and audience', async () => {
    target.on('/api', answer(200)).on('/token', token('t-1'));
    await ask(new Sender(), { scope: 'a b', audience: 'urn:x' });
    await ask(new Sender(), { clientAuth: 'body' });
    const [first, second] = target.of('/token');
    expect(first?.headers.authorization).toBe(`Basic ${Buffer.from('ivr:s%3Acret%25').toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(first?.body))).toEqual({ grant_type: 'client_credentials', scope: 'a b', audience: 'urn:x' }); // prettier-ignore
    expect(second?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(second?.body))).toEqual({ grant_type: 'client_credentials', client_id: 'ivr', client_secret: 's:cret%' }); // prettier-ignore
    expect(target.of('/api').map(({ headers }) => headers.authorization)).toEqual(['Bearer t-1', 'Bearer t-1']);
    expect(JSON.stringify(await ask(new Sender()))).not.toMatch(/t-1|cret/);
  });

  it('W3: one token is asked for however many calls wait, and a kept one costs no request', async () => {
    target.on('/api', answer(200)).on('/token', after(100, token('t-1')));
    const sender = new Sender();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => ask(sender)));
    expect(outcomes.every(({ line }) => line === 'success')).toBe(true);
    await ask(sender);
    expect(target.of('/token')).toHaveLength(1);
    await ask(sender, { scope: 'other' });
    await ask(sender, {}, { rules: { accountId: 2, secrets: { client: { env: 'HOOKLINE_SECRET_2_CLIENT' } } } });
    vi.stubEnv('HOOKLINE_SECRET_2_CLIENT', 's:cret%');
    await ask(sender, {}, { rules: { accountId: 2, secrets: { client: { env: 'HOOKLINE_SECRET_2_CLIENT' } } } });
    expect(target.of('/token')).toHaveLength(3);
  });

  it('W3: a token is kept until 30 s before it expires', async () => {
    target.on('/api', answer(200)).on('/token', token('t', { expires_in: 100 }));
    let now = 1000;
    const real = new Sender().clock;
    const sender = new Sender({ clock: { ...real, now: () => now } });
    for (const second of [0, 69, 71]) {
      now = 1000 + second * 1000;
      await ask(sender);
      expect(target.of('/token'), `after ${second} s`).toHaveLength(second < 70 ? 1 : 2);
    }
  });

  it('W3: after a 401 another token is asked for once, by however many calls', async () => {
    target.on('/token', token('old'), token('new'));
    target.on('/api', ({ headers }, response) =>
      response.writeHead(headers.authorization === 'Bearer new' ? 200 : 401).end(),
    );
    const sender = new Sender();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => ask(sender)));
    expect(outcomes.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(target.of('/token')).toHaveLength(2);
  });

  it('W3, R3: a target that refuses the new token, too, is AUTHENTICATION_FAILURE', async () => {
    target.on('/token', token('a'), token('b')).on('/api', answer(401, 'no'));
    expect(await ask(new Sender())).toMatchObject({ reason: 'AUTHENTICATION_FAILURE', statusCode: 401, raw: 'no' });
    expect(target.of('/api')).toHaveLength(2);
  });

  it.each([
    [
      'invalid_client',
      answer(401, '{"error":"invalid_client"}'),
      'AUTHENTICATION_FAILURE',
      '401 (Unauthorized): invalid_client',
    ],
    ['no token', json({}), 'AUTHENTICATION_FAILURE', 'gave no token'],
    ['no JSON', answer(200, '<html>'), 'AUTHENTICATION_FAILURE', 'gave no token'],
    ['a line end in it', json({ access_token: 'a\r\nb' }), 'AUTHENTICATION_FAILURE', 'gave no token'],
    ['a token of another type', token('t', { token_type: 'mac' }), 'AUTHENTICATION_FAILURE', 'not of type Bearer'],
    ['a redirect', answer(302, '', { location: '/api' }), 'AUTHENTICATION_FAILURE', '302'],
    ['a failure of the server', answer(503), 'CONNECTION_FAILURE', '503'],
  ])('W3: %s is a failure that names the token server, and no secret', async (_case, behaviour, reason, words) => {
    target.on('/token', behaviour).on('/api', answer(200));
    const outcome = await ask(new Sender());
    expect(outcome).toMatchObject({ line: 'failure', reason, attempts: 0 });
    expect(outcome.detail).toContain('The token server 127.0.0.1');
    expect(outcome.detail).toContain(words);
    expect(JSON.stringify(outcome)).not.toContain('cret');
    expect(target.of('/api')).toEqual([]);
  });

  it('W3, W2, W11: a token server that is away, too slow, or not allowed sends nothing', async () => {
    target.on('/api', answer(200)).on('/token', silence);
    const away = await ask(new Sender(), { tokenUrl: 'http://127.0.0.1:1/token' });
    expect(away).toMatchObject({ reason: 'CONNECTION_FAILURE', attempts: 0 });
    expect(away.detail).toBe('The token server 127.0.0.1 refused the connection.');
    expect(await ask(new Sender(), {}, { timeout: 0.2 })).toMatchObject({ reason: 'TIMEOUT', attempts: 0 });
    const refused = await ask(new Sender(), { tokenUrl: 'http://127.0.0.2/token' });
    expect(refused).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
    const plain = await ask(new Sender(), { tokenUrl: 'ftp://127.0.0.1/' });
    expect(plain).toMatchObject({ reason: 'INVALID_REQUEST', detail: expect.stringContaining('token') as string });
    expect(target.of('/api')).toEqual([]);
  });

  it('W3: a failure is not kept: the next call asks again', async () => {
    target.on('/token', answer(500), token('t')).on('/api', answer(200));
    const sender = new Sender();
    expect((await ask(sender)).line).toBe('failure');
    expect((await ask(sender)).line).toBe('success');
  });

  it('W3: a display of the request asks for no token', async () => {
    const task = taskFor({ request: { url: target.url('/api'), auth: auth({ clientSecret: 's' }) } });
    expect(describeRequest(await buildRequest(task)).headers).toContainEqual(['Authorization', 'Bearer ***']);
    expect(target.received).toEqual([]);
  });
});

describe('W3: digest', () => {
  it('W3: whatever a username holds, it adds no field to the answer', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), fc.string(), (username, realm) => {
        const parameters = new Map([['realm', realm], ['nonce', 'n']]); // prettier-ignore
        const challenge = { parameters, hash: 'sha256', session: false, qop: 'auth' } as const;
        const request = { method: 'GET', url: new URL('https://example.com/a?b'), body: Buffer.alloc(0) };
        const header = answering(challenge, { username, password: 'p' }, request, 'c').value(Buffer.alloc(0));
        const outside = header.replace(/"(?:[^"\\]|\\[^])*"/g, '""');
        expect(outside.replace(/username\*=UTF-8''[\w%.!~-]*/, 'username=""')).toBe(
          'Digest username="", realm="", nonce="", uri="", response="", qop=auth, nc=00000001, cnonce=""',
        );
      }),
    ));

  const auth = { type: 'digest', username: 'ivr', password: secret('password') };
  const ask = (url: string, more = {}) =>
    runTask(taskFor({ request: { url, auth, ...more } }, { rules: held({ password: 'p@ss:word' }) }));

  describe.skipIf(withoutApache)(`Apache${withoutApache ? `: ${withoutApache}` : ''}`, () => {
    let apache: Apache;
    beforeAll(async () => {
      apache = await startApache(pairs);
    });
    afterAll(() => apache.stop());

    it('W3: Apache accepts the answer to its challenge, in MD5, with a query', async () => {
      const outcome = await ask(`http://127.0.0.1:${apache.port}/digest/order.json?a=1%202`);
      expect(outcome).toMatchObject({ line: 'success', statusCode: 200, raw: '{"status":"sent"}' });
    });

    it('W3: Apache wants the client certificate, and its own CA is trusted', async () => {
      const url = `https://127.0.0.1:${apache.tlsPort}/order.json`;
      const rules = held({ cert: pairs.client.cert, key: pairs.client.key, ca: pairs.ca.cert });
      const tls = { certificate: secret('cert'), key: secret('key'), ca: secret('ca') };
      expect(await runTask(taskFor({ request: { url, tls } }, { rules }))).toMatchObject({ statusCode: 200 });
      const without = await runTask(taskFor({ request: { url, tls: { ca: secret('ca') } }, retry: { attempts: 1 } }, { rules })); // prettier-ignore
      expect(without).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE' });
    });
  });
  if (withoutApache) console.log(`skipped: ${withoutApache}`);

  it.each([
    ['SHA-256', 'sha256', 'algorithm=SHA-256, qop="auth"'],
    [
      'SHA-256 beside MD5',
      'sha256',
      'algorithm=MD5, qop="auth", Digest realm="r", nonce="n,1", algorithm=SHA-256, qop="auth,auth-int"',
    ],
    ['MD5 after Basic', 'md5', 'qop="auth"'],
    ['a session', 'sha256-sess', 'algorithm=SHA-256-sess, qop="auth"'],
    ['the whole body', 'sha256-int', 'algorithm=SHA-256, qop="auth-int"'],
    ['RFC 2069', 'md5-plain', ''],
  ])('W3: a challenge for %s is answered', async (_case, kind, offer) => {
    const [algorithm = 'md5', way] = kind.split('-');
    const H = (text: string) => createHash(algorithm).update(text).digest('hex');
    target.on('/digest', ({ headers, method, path, body }, response) => {
      const given = headers.authorization ?? '';
      const of = (name: string) => new RegExp(`[ ,]${name}="?([^",]*)`).exec(given)?.[1] ?? '';
      const user = H('ivr:r:p@ss:word');
      const key = way === 'sess' ? H(`${user}:n,1:${of('cnonce')}`) : user;
      const request = H(`${method}:${path}${way === 'int' ? `:${H(body)}` : ''}`);
      const middle = way === 'plain' ? [] : [of('nc'), of('cnonce'), way === 'int' ? 'auth-int' : 'auth'];
      const right = H([key, 'n,1', ...middle, request].join(':'));
      const challenge = `Basic realm="b", Digest realm="r", nonce="n,1"${offer && `, ${offer}`}`;
      response.writeHead(of('response') === right ? 200 : 401, { 'www-authenticate': challenge }).end();
    });
    const outcome = await ask(target.url('/digest?q=1'), { method: 'POST', body: { type: 'text', content: 'hello' } });
    expect(outcome).toMatchObject({ line: 'success', statusCode: 200, attempts: 1 });
    expect(target.of('/digest').map(({ body }) => body)).toEqual(['hello', 'hello']);
  });

  it.each([
    '',
    'Digest realm="r"',
    'Digest nonce="n", algorithm=SHA-512-256',
    'Negotiate',
    'Digest ,,,="'.repeat(1000),
  ])('W3, R3: a challenge that cannot be answered is AUTHENTICATION_FAILURE: %.40s', async (challenge) => {
    target.on('/digest', answer(401, '', { 'www-authenticate': challenge }));
    expect(await ask(target.url('/digest'))).toMatchObject({ reason: 'AUTHENTICATION_FAILURE', statusCode: 401 });
    expect(target.of('/digest')).toHaveLength(1);
  });

  it('W3, R3: wrong credentials are refused once', async () => {
    target.on('/digest', answer(401, '', { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' }));
    expect(await ask(target.url('/digest'))).toMatchObject({ reason: 'AUTHENTICATION_FAILURE' });
    expect(target.of('/digest')).toHaveLength(2);
  });
});

describe('W3: client certificates', () => {
  let server: ReturnType<typeof createServer>;
  let url: string;
  let connections = 0;
  beforeAll(async () => {
    const { server: own, ca } = pairs;
    const options = { key: own.key, cert: own.cert, ca: ca.cert, requestCert: true, rejectUnauthorized: true };
    server = createServer(options, (_request, response) => response.end('ok'));
    server.on('secureConnection', () => (connections += 1));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const all = { certificate: secret('cert'), key: secret('key'), ca: secret('ca') };
  const values = () => ({ cert: pairs.client.cert, key: pairs.client.key, ca: pairs.ca.cert });
  const ask = (tls: object, secrets = values(), sender = new Sender(), accountId = 1) =>
    runTask(
      taskFor({ request: { url, tls }, retry: { attempts: 1 } }, { rules: { ...held(secrets), accountId } }),
      createWebhookActivities({}, sender),
    );

  it('W3: connections are shared by the same certificate, and by no other', async () => {
    const sender = new Sender();
    const before = connections;
    // A request that follows at once may find the connection not free yet, and open a second one.
    for (let asked = 0; asked < 6; asked += 1)
      expect(await ask(all, values(), sender)).toMatchObject({ line: 'success', raw: 'ok' });
    expect(connections - before).toBeLessThan(3);
    const stranger = { ...values(), cert: pairs.stranger.cert, key: pairs.stranger.key };
    expect(await ask(all, stranger, sender)).toMatchObject({ reason: 'CONNECTION_FAILURE' });
    expect(await ask({ ca: secret('ca') }, values(), sender)).toMatchObject({ reason: 'CONNECTION_FAILURE' });
    await sender.close();
  });

  it('W3: without its CA the target is not trusted', async () => {
    const outcome = await ask({ certificate: secret('cert'), key: secret('key') });
    expect(outcome).toMatchObject({ reason: 'CONNECTION_FAILURE' });
    expect(outcome.detail).toContain('not trusted');
  });

  it.each([
    ['is no PEM', 'cert'],
    ['has another key', 'key'],
  ])('W3: a certificate that %s sends nothing', async (_case, wrong) => {
    const secrets = { ...values(), [wrong]: wrong === 'cert' ? 'nonsense' : pairs.stranger.key };
    const outcome = await ask(all, secrets);
    expect(outcome).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
    expect(outcome.detail).toMatch(/^The client certificate of "tls" cannot be used/);
  });
});

const flowWith = (request: object) => ({
  ...{ hookline: 1, id: 'authflow', name: 'Auth', type: 'inbound', start: 'a' },
  widgets: { a: { type: 'webhook', request: { method: 'POST', url: 'https://example.com', ...request } } },
});
const account = { id: 1, secrets: { known: { stored: true } } };

it.each([
  [
    { auth: { type: 'oauth2', tokenUrl: 'example.com', clientId: 'a', clientSecret: secret('known') } },
    'INVALID_VALUE',
    'auth/tokenUrl',
  ],
  [
    { auth: { type: 'oauth2', tokenUrl: 'https://a:70000/', clientId: 'a', clientSecret: secret('known') } },
    'INVALID_VALUE',
    'auth/tokenUrl',
  ],
  [
    { auth: { type: 'oauth2', tokenUrl: 'http://a/', clientId: 'a', clientSecret: secret('known') } },
    'HTTP_NOT_ENABLED',
    'auth/tokenUrl',
  ],
  [
    { auth: { type: 'oauth2', tokenUrl: 'https://a/', clientId: 'a', clientSecret: secret('knwon') } },
    'UNKNOWN_SECRET',
    'auth/clientSecret/secret',
  ],
  [{ auth: { type: 'apiKey', in: 'header', name: 'Host', value: secret('known') } }, 'INVALID_VALUE', 'auth/name'],
  [{ auth: { type: 'apiKey', in: 'cookie', name: 'a', value: secret('known') } }, 'INVALID_VALUE', 'auth/in'],
  [{ auth: { type: 'digest', username: 'a', password: secret('x') } }, 'UNKNOWN_SECRET', 'auth/password/secret'],
  [{ headers: [{ key: 'X-Key', value: secret('x') }] }, 'UNKNOWN_SECRET', 'headers/0/value/secret'],
  [{ query: [{ key: 'k', value: secret('x') }] }, 'UNKNOWN_SECRET', 'query/0/value/secret'],
  [
    { body: { type: 'form', fields: [{ key: 'k', value: secret('x') }] } },
    'UNKNOWN_SECRET',
    'body/fields/0/value/secret',
  ],
  [{ tls: { certificate: secret('known') } }, 'MISSING_FIELD', 'tls/key'],
  [{ tls: {} }, 'MISSING_FIELD', 'tls/ca'],
  [{ tls: { ca: 'PEM' } }, 'INVALID_VALUE', 'tls/ca'],
  [{ tls: { ca: secret('x') } }, 'UNKNOWN_SECRET', 'tls/ca/secret'],
])('W3, W4, D5: %j is %s at %s', (request, code, place) => {
  const { errors } = validateFlow(flowWith(request), account as never);
  expect(errors.map((one) => [one.code, one.pointer])).toEqual([[code, `/widgets/a/request/${place}`]]);
});

it('W3, W4: literal credentials are warned of, names of secrets are not', () => {
  const of = (request: object) =>
    validateFlow(flowWith(request)).warnings.filter(({ code }) => code === 'LITERAL_CREDENTIAL').map((one) => one.pointer); // prettier-ignore
  const oauth2 = { type: 'oauth2', tokenUrl: 'https://a/', clientId: 'a', clientSecret: 'b' };
  expect(of({ auth: oauth2 })).toEqual(['/widgets/a/request/auth/clientSecret']);
  expect(of({ auth: { type: 'apiKey', in: 'query', name: 'k', value: 'v' } })).toEqual([
    '/widgets/a/request/auth/value',
  ]);
  expect(of({ headers: [{ key: 'X-Api-Key', value: secret('x') }] })).toEqual([]);
});
