/** Nobody is shut out by a slip or a stranger, and what was done can be found out. Contract F2, F7, D3. */
import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRing } from '../../src/crypto/key-ring.js';
import { Sealer } from '../../src/store/sealer.js';
import { type TestApi, testApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  const ring = KeyRing.parse(`k=${randomBytes(32).toString('base64')}`, 'test');
  api = await testApi({ wrongKeys: 20, sealer: new Sealer(ring) });
});
afterAll(() => api.stop());

let id = 700;
const account = async (more: object = {}) => {
  id += 1;
  const { status } = await api.send('POST', '/v1/accounts', { id, ...more });
  expect(status).toBe(201);
  return id;
};
const auditOf = async (mine: number) =>
  ((await api.send('GET', `/v1/accounts/${mine}/audit`)).body as { items: Record<string, unknown>[] }).items;
/** The status of a short link that is asked for at a host. */
const statusAt = (host: string, code: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const asked = httpRequest(`${api.url}/${code}`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject).end();
  });

describe('F7: a slip', () => {
  it('an ipAllowList that would lock out the address of its request is refused, unless it is forced', async () => {
    const mine = await account();
    const key = await api.keyFor(mine, 'account:write');
    const put = (list: string[], query = '') =>
      api.send('PUT', `/v1/accounts/${mine}${query}`, { id: mine, ipAllowList: list }, { key });
    expect(await put(['192.0.2.1'])).toMatchObject({
      status: 409,
      body: { code: 'WOULD_LOCK_OUT', errors: [{ pointer: '/ipAllowList' }] },
    });
    expect((await put(['192.0.2.1', '127.0.0.0/8'])).status).toBe(200);
    expect((await put(['192.0.2.1'], '?force=true')).status).toBe(200);
    expect((await put(['127.0.0.1'])).body).toMatchObject({ code: 'ADDRESS_NOT_ALLOWED' });
  });

  it('a shortDomain is a host name', async () => {
    const wrong = ['https://ex.am', 'ex.am/path', 'ex.am:80', 'ex am', '127.0.0.1', '[::1]', '', 'evil.example/?', '-'];
    for (const shortDomain of wrong)
      expect((await api.send('POST', '/v1/accounts', { id: 99, shortDomain })).body, shortDomain).toMatchObject({
        errors: [{ code: 'INVALID_VALUE', pointer: '/shortDomain' }],
      });
    await account({ shortDomain: 'S.Example.com' });
  });
});

describe('F2: a short link', () => {
  it('answers under the domain of its own account only', async () => {
    const domains = ['a.example', 'b.example', undefined];
    const codes = [];
    for (const shortDomain of domains) {
      const mine = await account({ ...(shortDomain && { shortDomain }) });
      const made = await api.send('POST', `/v1/accounts/${mine}/links`, { url: 'https://example.com/' });
      codes.push((made.body as { code: string }).code);
    }
    const [own, other, without] = codes;
    const public_ = new URL(api.url).host;
    const hosts = ['a.example', 'A.EXAMPLE:8443', 'b.example', public_, 'localhost'];
    const seen = async (code = '') => Promise.all(hosts.map((host) => statusAt(host, code)));
    expect(await seen(own)).toEqual([302, 302, 404, 404, 404]);
    expect(await seen(other)).toEqual([404, 404, 302, 404, 404]);
    expect(await seen(without)).toEqual([404, 404, 404, 302, 302]);
  });
});

describe('F7: a stranger', () => {
  it('who tries keys or security ids from an address shuts nobody out who has a right one', async () => {
    const securityId = 's'.repeat(64);
    const mine = await account({ securityId });
    const key = await api.keyFor(mine, 'account:read', 'functions:write');
    for (let n = 0; n < 20; n += 1) await api.send('GET', `/v1/accounts/${mine}`, undefined, { key: `wrong-${n}` });
    const get = (with_: string) => api.send('GET', `/v1/accounts/${mine}`, undefined, { key: with_ });
    expect([(await get('wrong')).status, (await get(key)).status]).toEqual([429, 200]);
    const shorten = (with_: string) => api.send('POST', '/UrlShortner/phonon/shortUrl', { longUrl: 'https://example.com/' }, { key: with_ }); // prettier-ignore
    expect([(await shorten('wrong')).status, (await shorten(key)).status]).toEqual([429, 200]);
    const call = (secret: string) =>
      api.send('POST', '/kairos-apis/outbound/create', { 'api-version': '1.0', 'security-id': secret, 'flow-id': 'nowhere1', calls: [] }, { key: null }); // prettier-ignore
    const codes = [await call('x'.repeat(64)), await call(securityId)].map(({ body }) => (body as Record<string, unknown>)['api-response-code']); // prettier-ignore
    expect(codes[0]).toBe(401);
    expect(codes[1]).not.toBe(401);
  });
});

describe('an Idempotency-Key', () => {
  it('belongs to the key that used it: another key of the account sees no answer of it', async () => {
    const mine = await account();
    const [one, other] = [await api.keyFor(mine, 'links:write'), await api.keyFor(mine, 'links:write')];
    const post = (key: string) => api.send('POST', `/v1/accounts/${mine}/links`, { url: 'https://example.com/' }, { key, headers: { 'idempotency-key': 'k' } }); // prettier-ignore
    const [first, again, foreign] = [await post(one), await post(one), await post(other)];
    expect(again.body).toEqual(first.body);
    expect(foreign.status).toBe(201);
    expect((foreign.body as { code: string }).code).not.toBe((first.body as { code: string }).code);
  });

  it('of POST keys makes one key, and its answer is not kept', async () => {
    const mine = await account();
    const post = () => api.send('POST', `/v1/accounts/${mine}/keys`, { scopes: ['links:read'] }, { headers: { 'idempotency-key': `k-${mine}` } }); // prettier-ignore
    const [first, again] = [await post(), await post()];
    expect(first.status).toBe(201);
    expect(again).toMatchObject({ status: 409, body: { code: 'ANSWER_NOT_KEPT' } });
    expect((await api.send('GET', `/v1/accounts/${mine}/keys`)).body).toMatchObject({ items: [{ scopes: ['links:read'] }], next: null }); // prettier-ignore
  });
});

describe('F7: scopes', () => {
  it('flows:publish is what publishes and rolls back, calls:private what shows what callers said', async () => {
    const mine = await account();
    const key = await api.keyFor(mine, 'flows:write', 'calls:write');
    const publisher = await api.keyFor(mine, 'flows:publish', 'calls:private');
    const document = { hookline: 1, id: 'greeting', start: 'say', widgets: { say: { type: 'play', prompt: { text: 'Hi' } } } }; // prettier-ignore
    const at = `/v1/accounts/${mine}`;
    expect((await api.send('POST', `${at}/flows`, document, { key })).status).toBe(201);
    const statuses = async (with_: string) => [
      (await api.send('POST', `${at}/flows/greeting/publish`, { version: 1 }, { key: with_ })).status,
      (await api.send('POST', `${at}/flows/greeting/rollback`, undefined, { key: with_ })).status,
      (await api.send('GET', `${at}/calls/call-${mine}-x`, undefined, { key: with_ })).status,
    ];
    expect(await statuses(key)).toEqual([403, 403, 403]);
    expect(await statuses(publisher)).toEqual([200, 409, 404]);
    expect((await api.send('POST', `${at}/keys`, { scopes: ['flows:publish'] }, { key: await api.keyFor(mine, 'keys:write', 'flows:write') })).status).toBe(403); // prettier-ignore
  });
});

describe('F7: the audit', () => {
  it('says which fields a change set, never a value', async () => {
    const mine = await account({ name: 'Shop', timeZone: 'UTC', secrets: { a: { stored: true } } });
    await api.send('PUT', `/v1/accounts/${mine}`, { id: mine, name: 'Store', timeZone: 'UTC', secrets: { b: { stored: true } }, ipAllowList: ['127.0.0.1'] }); // prettier-ignore
    await api.send('POST', `/v1/accounts/${mine}/contacts`, { number: '9879964805', variables: { '$user.key.a': 'private' } }); // prettier-ignore
    const [contact, put] = await auditOf(mine);
    expect(put).toMatchObject({ outcome: 'changed', fields: ['/name', '/secrets/a', '/secrets/b', '/ipAllowList'] });
    expect(contact).toMatchObject({ outcome: 'changed', fields: ['/variables/$user.key.a'] });
    expect(JSON.stringify(await auditOf(mine))).not.toMatch(/Store|private|9879/);
  });

  it('notes refusals, and reads of private records, each once in a minute', async () => {
    const [mine, other] = [await account(), await account()];
    const key = await api.keyFor(mine, 'reports:read', 'contacts:read', 'flows:read');
    const get = (path: string, of = mine) => api.send('GET', `/v1/accounts/${of}${path}`, undefined, { key });
    for (let n = 0; n < 3; n += 1) {
      await get('/reports');
      await get('/contacts');
      await get('/flows');
      await get('/keys');
      await get('/reports', other);
    }
    const by = key.split('_')[1];
    expect((await auditOf(mine)).reverse().slice(1)).toMatchObject([
      { by, action: 'GET /v1/accounts/:account/reports', outcome: 'read', target: {} },
      { by, action: 'GET /v1/accounts/:account/contacts', outcome: 'read' },
      { by, action: 'GET /v1/accounts/:account/keys', outcome: 'refused' },
      { by, action: 'GET /v1/accounts/:account/reports', outcome: 'refused', target: { account: String(other) } },
    ]);
    expect(await auditOf(other)).toHaveLength(1);
  });
});

describe('D3: secrets of an account', () => {
  it('are stored and listed by name; no answer, list or audit shows a value', async () => {
    const mine = await account();
    const key = await api.keyFor(mine, 'secrets:write', 'account:read');
    const at = `/v1/accounts/${mine}/secrets`;
    const put = (name: string, value: unknown) => api.send('PUT', `${at}/${name}`, { value }, { key });
    const first = await put('orders-api', 'hunter2-first');
    expect(first).toMatchObject({ status: 200, body: { name: 'orders-api' } });
    expect((await put('orders-api', 'hunter2-second')).status).toBe(200);
    expect(await api.store.secrets.value(mine, 'orders-api')).toBe('hunter2-second');
    const list = await api.send('GET', at, undefined, { key });
    expect(list.body).toMatchObject({ items: [{ name: 'orders-api' }] });
    expect((await auditOf(mine))[0]).toMatchObject({ action: 'PUT /v1/accounts/:account/secrets/:secret', target: { secret: 'orders-api' }, fields: ['/value'] }); // prettier-ignore
    expect(JSON.stringify([first.body, list.body, await auditOf(mine)])).not.toContain('hunter2');
    for (const value of ['', 'x'.repeat(65_537), 7, null]) expect((await put('orders-api', value)).status).toBe(400);
    expect((await api.send('DELETE', `${at}/orders-api`, undefined, { key })).status).toBe(204);
    expect((await api.send('DELETE', `${at}/orders-api`, undefined, { key })).status).toBe(404);
  });

  it('name no place that is not of the account: the document is refused, with every place', async () => {
    const secrets = {
      fine: { env: 'HOOKLINE_SECRET_98_A' },
      file: { file: 'orders-api' },
      kept: { stored: true },
      variable: { env: 'PATH' },
      foreign: { env: 'HOOKLINE_SECRET_981_A' },
      passwd: { file: '/etc/passwd' },
      up: { file: '../99/a' },
      device: { file: '/dev/ptmx' },
    };
    const answer = await api.send('POST', '/v1/accounts', { id: 98, secrets });
    expect(answer).toMatchObject({ status: 422, body: { code: 'INVALID_ACCOUNT' } });
    const { errors } = answer.body as { errors: { code: string; pointer: string }[] };
    expect(errors.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      ...['SECRET_OUTSIDE /secrets/variable/env', 'SECRET_OUTSIDE /secrets/foreign/env'],
      ...[
        'SECRET_OUTSIDE /secrets/passwd/file',
        'SECRET_OUTSIDE /secrets/up/file',
        'SECRET_OUTSIDE /secrets/device/file',
      ],
    ]);
  });

  it('are stored with a key only, and lie anywhere where the deployment says so', async () => {
    const open = await testApi({ secrets: { places: 'anywhere', secretsDir: null } });
    try {
      expect((await open.send('POST', '/v1/accounts', { id: 1, secrets: { a: { env: 'ORDERS' } } })).status).toBe(201);
      expect(await open.send('PUT', '/v1/accounts/1/secrets/a', { value: 'v' })).toMatchObject({
        status: 409,
        body: { code: 'CODEC_REQUIRED' },
      });
    } finally {
      await open.stop();
    }
  });
});
