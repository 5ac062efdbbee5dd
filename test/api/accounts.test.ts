import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type TestApi, testApi } from '../support/api.js';
import { SCOPES } from '../../src/api/access/scopes.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.stop());

let id = 0;
/** A new account. */
const account = async (more: object = {}) => {
  id += 1;
  const { status } = await api.send('POST', '/v1/accounts', { id, countryCode: '91', ...more });
  expect(status).toBe(201);
  return id;
};
const flow = (text = 'Hello', more: object = {}) => ({
  ...{ hookline: 1, id: 'greeting', start: 'say', widgets: { say: { type: 'play', prompt: { text } } } },
  ...more,
});
const uuid = '00000000-0000-4000-8000-000000000000';

describe('accounts', () => {
  it('D3: an account is made once, read, and replaced as a whole', async () => {
    const mine = await account({ name: 'Shop', agents: [{ number: '9879964805' }] });
    expect(await api.send('POST', '/v1/accounts', { id: mine })).toMatchObject({
      status: 409,
      body: { code: 'ACCOUNT_EXISTS' },
    });
    const read = await api.send('GET', `/v1/accounts/${mine}`);
    expect(read.body).toMatchObject({
      id: mine,
      document: { name: 'Shop', agents: [{ number: '9879964805', paused: false }] },
    });
    await api.send('PUT', `/v1/accounts/${mine}`, { id: mine, name: 'Store' });
    expect((await api.send('GET', `/v1/accounts/${mine}`)).body).toMatchObject({
      document: { id: mine, name: 'Store' },
    });
  });

  it('D1, C4: a document that is not valid is refused with every error', async () => {
    const answer = await api.send('POST', '/v1/accounts', { id: 99_001, nmae: 'Shop', timeZone: 'Nowhere' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'INVALID_ACCOUNT' } });
    expect((answer.body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/nmae',
      '/timeZone',
    ]);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  });

  it('a document of another account than the path is refused', async () => {
    const mine = await account();
    expect(await api.send('PUT', `/v1/accounts/${mine}`, { id: mine + 7000 })).toMatchObject({ status: 422 });
    expect(await api.send('PUT', '/v1/accounts/77777', { id: 77_777 })).toMatchObject({
      status: 404,
      body: { code: 'ACCOUNT_UNKNOWN' },
    });
  });
});

describe('keys', () => {
  it('a key is told once, opens what its scopes say, and nothing after it was taken away', async () => {
    const mine = await account();
    const made = await api.send('POST', `/v1/accounts/${mine}/keys`, { name: 'crm', scopes: ['flows:read'] });
    const { key, id } = made.body as { key: string; id: string };
    expect(made.status).toBe(201);
    expect(JSON.stringify((await api.send('GET', `/v1/accounts/${mine}/keys`)).body)).not.toContain(key);
    expect(await api.send('GET', `/v1/accounts/${mine}/flows`, undefined, { key })).toMatchObject({ status: 200 });
    expect(await api.send('POST', `/v1/accounts/${mine}/flows`, flow(), { key })).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    expect((await api.send('DELETE', `/v1/accounts/${mine}/keys/${id}`)).status).toBe(204);
    expect(await api.send('GET', `/v1/accounts/${mine}/flows`, undefined, { key })).toMatchObject({
      status: 401,
      body: { code: 'KEY_INVALID' },
    });
  });

  it('a key gives no key more rights than it has', async () => {
    const mine = await account();
    const key = await api.keyFor(mine, 'keys:write', 'flows:write');
    const ask = (...scopes: string[]) => api.send('POST', `/v1/accounts/${mine}/keys`, { scopes }, { key });
    expect((await ask('flows:read', 'flows:write')).status).toBe(201);
    expect((await ask('calls:read')).status).toBe(403);
  });

  it('without a key, or with one that is none, every route of an account is closed', async () => {
    const mine = await account();
    for (const key of [null, 'hk_000000000000_000000000000000000000000000000000000000000000000', 'nonsense'])
      for (const path of [
        '',
        '/keys',
        '/flows',
        '/calls',
        '/outbound',
        '/agents',
        '/contacts',
        '/links',
        '/reports',
        '/deliveries',
      ])
        expect(await api.send('GET', `/v1/accounts/${mine}${path}`, undefined, { key })).toMatchObject({ status: 401 });
  });

  it('F7: a key with every scope of one account opens no route of another', async () => {
    const [mine, other] = [await account(), await account()];
    const key = await api.keyFor(mine, ...SCOPES);
    const described = (await api.send('GET', '/openapi.json')).body as {
      paths: Record<string, Record<string, object>>;
    };
    const routes = Object.entries(described.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
    const ofAccounts = routes.filter(([, path]) => path.includes('{account}'));
    expect(ofAccounts.length).toBeGreaterThan(30);
    for (const [method, path] of ofAccounts) {
      const real = path
        .replace('{account}', String(other))
        .replace('{contact}', uuid)
        .replace('{request}', uuid)
        .replace('{version}', '1');
      const filled = real
        .replace('{flow}', 'greeting')
        .replace('{code}', 'abcdefgh')
        .replace(/\{\w+\}/g, `call-${other}-x`);
      const answer = await api.send(method, filled, method === 'GET' || method === 'DELETE' ? undefined : {}, { key });
      expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 403`);
    }
    expect((await api.send('GET', '/v1/accounts', undefined, { key })).status).toBe(403);
    expect((await api.send('POST', '/v1/accounts', { id: 99_002 }, { key })).status).toBe(403);
  });

  it('F7: an account with an allow-list takes its keys from those addresses only', async () => {
    const [open, closed] = [
      await account({ ipAllowList: ['127.0.0.0/8'] }),
      await account({ ipAllowList: ['192.0.2.1'] }),
    ];
    const get = async (mine: number) =>
      api.send('GET', `/v1/accounts/${mine}`, undefined, { key: await api.keyFor(mine, 'account:read') });
    expect((await get(open)).status).toBe(200);
    expect(await get(closed)).toMatchObject({ status: 403, body: { code: 'ADDRESS_NOT_ALLOWED' } });
  });
});

describe('flows', () => {
  it.each(['10.0.0.0/', '10.0.0.0//', '::/', '10.0.0.0/1e0', '10.0.0.0/33', '10.0.0.0/abc', '10.0.0.5/255.0.0.0', 7])(
    'F7, C4: %j in the allow-list of a stored account lets nobody in, and the operator mends it',
    async (entry) => {
      const id = await account();
      const key = await api.keyFor(id, 'account:read');
      const read = async () => (await api.send('GET', `/v1/accounts/${id}`, undefined, { key })).status;
      await api.store.accounts.update(id, { id, ipAllowList: [entry] });
      expect(await read()).toBe(403);
      await api.store.accounts.update(id, { id, ipAllowList: [entry, '127.0.0.0/8', '::1'] });
      expect(await read()).toBe(200);
      expect(await api.send('PUT', `/v1/accounts/${id}`, { id, ipAllowList: ['127.0.0.1'] })).toMatchObject({
        status: 200,
      });
      expect(await read()).toBe(200);
    },
  );

  it('F7: the account of a request is read once, whatever its handler needs, and its id is that of the key', async () => {
    const id = await account({ countryCode: '91', agents: [{ number: '9879964805' }] });
    const key = await api.keyFor(id, ...SCOPES);
    const base = `/v1/accounts/${id}`;
    const read = vi.spyOn(api.store.accounts, 'get');
    for (const [method, path, body] of [
      ['GET', base],
      ['GET', `${base}/agents`],
      ['POST', `${base}/agents/pause`, { number: '9879964805', paused: true }],
      ['POST', `${base}/contacts`, { number: '98799 64806', variables: {} }],
      ['POST', `${base}/links`, { url: 'http://shop.example' }],
      ['POST', `${base}/keys`, { scopes: ['calls:read'] }],
      ['POST', `${base}/flows/validate`, {}],
    ] as const) {
      read.mockClear();
      const { status } = await api.send(method, path, body, { key });
      expect([path, status < 300, read.mock.calls]).toEqual([path, true, [[id]]]);
    }
    read.mockRestore();
  });

  it('C2: versions are kept, published and rolled back', async () => {
    const mine = await account();
    const at = (path: string) => `/v1/accounts/${mine}/flows${path}`;
    expect(await api.send('POST', at(''), flow('one'))).toMatchObject({ status: 201, body: { version: 1 } });
    expect(await api.send('POST', at(''), flow('one'))).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await api.send('POST', at(''), flow('two'))).toMatchObject({ status: 201, body: { version: 2 } });
    expect(await api.send('GET', at('/greeting/versions/published'))).toMatchObject({ status: 404 });
    await api.send('POST', at('/greeting/publish'), { version: 1 });
    expect((await api.send('POST', at('/greeting/publish'), { version: 2 })).body).toMatchObject({
      published: 2,
      newest: 2,
    });
    expect((await api.send('GET', at('/greeting/versions/published'))).body).toMatchObject({
      version: 2,
      document: flow('two'),
    });
    expect((await api.send('POST', at('/greeting/rollback'))).body).toMatchObject({ published: 1 });
    expect(await api.send('POST', at('/greeting/rollback'))).toMatchObject({
      status: 409,
      body: { code: 'NOTHING_TO_ROLL_BACK' },
    });
    expect(await api.send('POST', at('/greeting/publish'), { version: 9 })).toMatchObject({
      status: 404,
      body: { code: 'FLOW_UNKNOWN' },
    });
    expect((await api.send('GET', at(''))).body).toMatchObject({
      items: [{ id: 'greeting', published: 1, newest: 2 }],
      next: null,
    });
  });

  it('C4, D5: a flow that is not valid for the account is refused with every error, and `validate` tells warnings too', async () => {
    const mine = await account();
    const wrong = flow('Hi', { flowEndWebhook: true, sart: 'say' });
    const answer = await api.send('POST', `/v1/accounts/${mine}/flows`, wrong);
    expect(answer).toMatchObject({ status: 422, body: { code: 'INVALID_FLOW' } });
    expect((answer.body as { errors: { code: string }[] }).errors.map(({ code }) => code).sort()).toEqual([
      'DEFAULT_WEBHOOK_MISSING',
      'UNKNOWN_FIELD',
    ]);
    const findings = await api.send('POST', `/v1/accounts/${mine}/flows/validate`, flow('$flow.key.nobody'));
    expect(findings.body).toMatchObject({ errors: [], warnings: [{ code: 'VARIABLE_NEVER_SET' }] });
  });
});

describe('agents, contacts and links', () => {
  it('F4: an agent is paused by any way of writing the number', async () => {
    const mine = await account({ agents: [{ number: '9879964805', name: 'Asha' }] });
    await api.send('POST', `/v1/accounts/${mine}/agents/pause`, { number: '+91 9879964805', paused: true });
    expect((await api.send('GET', `/v1/accounts/${mine}/agents`)).body).toEqual({
      items: [{ number: '9879964805', name: 'Asha', paused: true }],
    });
    expect((await api.send('POST', `/v1/accounts/${mine}/agents/pause`, { number: '1', paused: true })).status).toBe(
      404,
    );
  });

  it('F3: a contact is saved, found by its number, listed and forgotten', async () => {
    const mine = await account();
    const at = `/v1/accounts/${mine}/contacts`;
    await api.send('POST', at, { number: '9879964805', variables: { '$user.key.a': '1' } });
    const saved = await api.send('POST', at, { number: '919879964805', variables: { '$user.key.b': '2' } });
    expect(saved.body).toMatchObject({ number: '919879964805', variables: { '$user.key.a': '1', '$user.key.b': '2' } });
    expect((await api.send('POST', `${at}/lookup`, { number: '09879964805' })).body).toEqual(saved.body);
    const { id: contact } = saved.body as { id: string };
    expect((await api.send('GET', at)).body).toMatchObject({ items: [{ id: contact }], next: null });
    expect((await api.send('DELETE', `${at}/${contact}`)).status).toBe(204);
    expect((await api.send('GET', `${at}/${contact}`)).status).toBe(404);
    const wrong = await api.send('POST', at, { number: '1', variables: { '$flow.key.a': '1' } });
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'UNKNOWN_NAMESPACE', pointer: '/variables/$flow.key.a' }] },
    });
    const long = await api.send('POST', at, { number: '1', variables: { '$user.key.a': 'x'.repeat(70_000) } });
    expect(long.body).toMatchObject({ errors: [{ code: 'INVALID_VALUE', pointer: '/variables/$user.key.a' }] });
  });

  it('F8: callers who withhold their number are no contact', async () => {
    const id = await account();
    const contacts = `/v1/accounts/${id}/contacts`;
    for (const number of ['anonymous', 'Restricted', '+', '12']) {
      expect(await api.send('POST', contacts, { number, variables: { '$user.key.a': '1' } })).toMatchObject({
        status: 422,
        body: { code: 'INVALID_VALUE', errors: [{ pointer: '/number' }] },
      });
      expect(await api.send('POST', `${contacts}/lookup`, { number })).toMatchObject({ status: 404 });
    }
    expect((await api.send('GET', contacts)).body).toEqual({ items: [], next: null });
  });

  it('F2: a short link redirects and counts; only http and https are shortened', async () => {
    const mine = await account();
    const at = `/v1/accounts/${mine}/links`;
    const made = (await api.send('POST', at, { url: 'https://example.com/a b' })).body as {
      code: string;
      shortUrl: string;
    };
    expect(made.shortUrl).toBe(`${api.url}/${made.code}`);
    const followed = await api.send('GET', `/${made.code}`, undefined, { key: null });
    expect([followed.status, followed.headers.get('location'), followed.headers.get('cache-control')]).toEqual([
      302,
      'https://example.com/a%20b',
      'no-store',
    ]);
    expect((await api.send('GET', `${at}/${made.code}`)).body).toMatchObject({ visits: 1 });
    expect((await api.send('POST', at, { url: 'javascript:alert(1)' })).status).toBe(422);
    expect((await api.send('GET', '/00000000', undefined, { key: null })).status).toBe(404);
    expect((await api.send('DELETE', `${at}/${made.code}`)).status).toBe(204);
    expect((await api.send('GET', `/${made.code}`, undefined, { key: null })).status).toBe(404);
  });
});

describe('dids', () => {
  const DID = '+91 22 4999 0001';
  const give = (number: unknown, of: number, id = 'greeting', key?: string) =>
    api.send('PUT', '/v1/dids', { number, account: of, flow: id }, key === undefined ? {} : { key });
  const ask = (number: unknown) => api.send('POST', '/bridge/dids', { number }, { key: null });
  const withFlow = async (more: object = {}) => {
    const mine = await account();
    expect((await api.send('POST', `/v1/accounts/${mine}/flows`, flow('Hello', more))).status).toBe(201);
    return mine;
  };

  it('B1: a number begins the flow that it was given to last, however it is written, and none once it was taken away', async () => {
    const [first, second] = [await withFlow(), await withFlow()];
    expect(await ask('912249990001')).toMatchObject({ status: 404, body: { code: 'DID_UNKNOWN' } });
    const given = await give(DID, first);
    expect(given).toMatchObject({ status: 200, body: { number: DID, account: first, flow: 'greeting' } });
    for (const number of ['912249990001', DID, '00912249990001'])
      expect((await ask(number)).body).toEqual({ account: first, flow: { id: 'greeting' } });
    const { id } = (await give('912249990001', second)).body as { id: number };
    expect(id).toBe((given.body as { id: number }).id);
    expect((await ask(DID)).body).toEqual({ account: second, flow: { id: 'greeting' } });
    expect((await api.send('GET', `/v1/dids?account=${first}`)).body).toEqual({ items: [], next: null });
    const listed = await api.send('GET', `/v1/dids?account=${second}`);
    expect(listed.body).toMatchObject({ items: [{ id, number: '912249990001' }], next: null });
    expect((await api.send('DELETE', `/v1/dids/${id}`)).status).toBe(204);
    expect((await api.send('DELETE', `/v1/dids/${id}`)).status).toBe(404);
    expect((await ask(DID)).status).toBe(404);
    const audit = JSON.stringify((await api.send('GET', `/v1/accounts/${second}/audit`)).body);
    expect(audit).toContain('PUT /v1/dids');
    expect(audit).toContain('DELETE /v1/dids/:did');
    expect(audit).not.toContain('4999');
  });

  it('F7: the operator alone gives numbers: no key of an account lists, gives or takes one', async () => {
    const mine = await withFlow();
    const key = await api.keyFor(mine, ...SCOPES);
    expect((await give('912249990002', mine, 'greeting', key)).status).toBe(403);
    expect((await api.send('GET', '/v1/dids', undefined, { key })).status).toBe(403);
    expect((await api.send('DELETE', '/v1/dids/1', undefined, { key })).status).toBe(403);
    expect((await ask('912249990002')).status).toBe(404);
  });

  it('B1: a number goes to an inbound flow that there is, and is one', async () => {
    const mine = await withFlow({ type: 'outbound' });
    expect(await give('912249990003', mine)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/flow' }] } });
    expect(await give('912249990003', mine, 'nowhere1')).toMatchObject({ body: { code: 'FLOW_UNKNOWN' } });
    expect(await give('912249990003', mine + 7000)).toMatchObject({ body: { code: 'ACCOUNT_UNKNOWN' } });
    for (const number of ['', '+', 'sip:a@b', '1'.repeat(51), 7, null])
      expect((await give(number, mine)).status).toBe(400);
    for (const number of ['', 'x'.repeat(5000), '\0', "'; drop table dids"])
      expect((await ask(number)).status).toBe(404);
    for (const number of [7, null, {}]) expect((await ask(number)).status).toBe(422);
  });
});

describe('what all routes share', () => {
  it('a POST with an Idempotency-Key is done once, and its key stands for nothing else', async () => {
    const mine = await account();
    const post = (url: string, key: string) =>
      api.send('POST', `/v1/accounts/${mine}/links`, { url }, { headers: { 'idempotency-key': key } });
    const first = await post('https://example.com/', `k-${mine}`);
    const again = await post('https://example.com/', `k-${mine}`);
    expect(again.body).toEqual(first.body);
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    expect(await post('https://example.com/other', `k-${mine}`)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_MISMATCH' },
    });
    expect((await api.send('GET', `/v1/accounts/${mine}/links`)).body).toMatchObject({ items: [expect.anything()] });
  });

  it('of two POSTs with one Idempotency-Key at the same moment, one is done', async () => {
    const mine = await account();
    const post = () =>
      api.send(
        'POST',
        `/v1/accounts/${mine}/links`,
        { url: 'https://example.com/' },
        { headers: { 'idempotency-key': `p-${mine}` } },
      );
    const answers = await Promise.all([post(), post(), post()]);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(((await api.send('GET', `/v1/accounts/${mine}/links`)).body as { items: unknown[] }).items).toHaveLength(1);
  });

  it('a POST that failed may be tried again with its Idempotency-Key', async () => {
    const mine = await account();
    const post = (url: string) =>
      api.send('POST', `/v1/accounts/${mine}/links`, { url }, { headers: { 'idempotency-key': `f-${mine}` } });
    expect((await post('ftp://example.com/')).status).toBe(422);
    expect((await post('https://example.com/')).status).toBe(201);
  });

  it('what does not fit the schema is told with its place', async () => {
    const mine = await account();
    const answer = await api.send('POST', `/v1/accounts/${mine}/agents/pause`, { number: 5 });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_VALUE' } });
    expect((answer.body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/number',
      '/paused',
    ]);
    expect(await api.send('GET', `/v1/accounts/${mine}/links?limit=0`)).toMatchObject({ status: 400 });
    expect(await api.send('POST', `/v1/accounts/${mine}/links`, '{"url":')).toMatchObject({
      status: 400,
      body: { code: 'INVALID_JSON', errors: [{ message: expect.stringContaining('line 1, column 8') }] },
    });
    expect(await api.send('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { code: 'ROUTE_UNKNOWN' } });
  });

  it('D1: a key that stands twice and a number that would change are listed with all else that is wrong', async () => {
    const mine = await account();
    const flow =
      '{"hookline":1,"id":"testflow","start":"x","widgets":{"say":{"type":"hangUp"},"say":{"type":"hangUp"}}}';
    const found = ['DUPLICATE_KEY /widgets/say', 'UNKNOWN_WIDGET /start'];
    const shown = ({ body }: { body: unknown }) =>
      (body as { errors: { code: string; pointer: string }[] }).errors.map(({ code, pointer }) => `${code} ${pointer}`);
    expect(shown(await api.send('POST', `/v1/accounts/${mine}/flows/validate`, flow))).toEqual(found);
    const kept = await api.send('POST', `/v1/accounts/${mine}/flows`, flow);
    expect(kept).toMatchObject({ status: 422, body: { code: 'INVALID_FLOW' } });
    expect(shown(kept)).toEqual(found);
    const put = await api.send('PUT', `/v1/accounts/${mine}`, `{"id":${mine},"name":"a","name":"a"}`);
    expect(put).toMatchObject({ status: 422, body: { code: 'INVALID_ACCOUNT' } });
    expect(shown(put)).toEqual(['DUPLICATE_KEY /name']);
    const call = '{"flow":"testflow","to":"1","variables":{"$flow.key.id":12345678901234567890}}';
    const placed = await api.send('POST', `/v1/accounts/${mine}/calls`, call);
    expect(placed).toMatchObject({ status: 422, body: { code: 'INEXACT_NUMBER' } });
    expect(shown(placed)).toEqual(['INEXACT_NUMBER /variables/$flow.key.id']);
  });

  it('a key that sends too much is told to wait', async () => {
    const small = await testApi({ requestsPerMinute: 3 });
    try {
      const answers = [];
      for (let n = 0; n < 5; n += 1) answers.push(await small.send('GET', '/v1/accounts'));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
      expect(answers[4]?.body).toMatchObject({ code: 'RATE_LIMITED' });
      expect(Number(answers[4]?.headers.get('retry-after'))).toBeGreaterThan(0);
      await small.store.accounts.create(1, { id: 1 });
      const [one, other] = [await small.keyFor(1, 'links:read'), await small.keyFor(1, 'links:read')];
      const get = async (key: string) => (await small.send('GET', '/v1/accounts/1/links', undefined, { key })).status;
      // Each key has a count of its own.
      expect([await get(one), await get(one), await get(one), await get(one), await get(other)]).toEqual([
        200, 200, 200, 429, 200,
      ]);
    } finally {
      await small.stop();
    }
  });

  it('an address that tries keys is shut out, but not from a key that is right', async () => {
    const small = await testApi({ wrongKeys: 20 });
    try {
      const tries = [];
      for (let n = 0; n < 21; n += 1)
        tries.push((await small.send('GET', '/v1/accounts', undefined, { key: `wrong-${n}` })).status);
      expect(tries).toEqual([...Array.from({ length: 20 }, () => 401), 429]);
      const wrong = await small.send('GET', '/v1/accounts', undefined, { key: 'wrong' });
      expect([wrong.status, wrong.headers.get('retry-after')]).toEqual([429, '300']);
      expect((await small.send('GET', '/v1/accounts')).status).toBe(200);
    } finally {
      await small.stop();
    }
  });

  it('changes are logged once and by key; plain reads, faulty requests and answers that are given again are not', async () => {
    const mine = await account();
    const key = await api.keyFor(mine, 'links:write', 'account:read');
    const { code } = (await api.send('POST', `/v1/accounts/${mine}/links`, { url: 'https://example.com/' }, { key }))
      .body as { code: string };
    await api.send('GET', `/v1/accounts/${mine}/links`, undefined, { key });
    await api.send('POST', `/v1/accounts/${mine}/links`, { url: 'ftp://example.com/' }, { key });
    await api.send('DELETE', `/v1/accounts/${mine}/links/${code}`, undefined, { key });
    const { items } = (await api.send('GET', `/v1/accounts/${mine}/audit`, undefined, { key })).body as {
      items: object[];
    };
    const again = { headers: { 'idempotency-key': 'k' } };
    for (const replayed of [null, 'true']) {
      const body = { id: mine + 5000, name: 'Twice' };
      const { headers } = await api.send('POST', '/v1/accounts', body, again);
      expect(headers.get('idempotency-replayed')).toBe(replayed);
    }
    const made = (await api.send('GET', `/v1/accounts/${mine + 5000}/audit`)).body;
    expect(made).toMatchObject({ items: [{ action: 'POST /v1/accounts' }], next: null });
    const by = key.split('_')[1];
    expect(items).toMatchObject([
      { by, action: 'DELETE /v1/accounts/:account/links/:code', target: { code } },
      { by, action: 'POST /v1/accounts/:account/links', target: {} },
      { by: 'operator', action: 'POST /v1/accounts' },
    ]);
  });

  it('the description is OpenAPI 3.1, and people can read it', async () => {
    expect((await api.send('GET', '/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
    const page = (await api.send('GET', '/docs', undefined, { key: null })).body as string;
    expect(page).toContain('/v1/accounts/{account}/flows/{flow}/publish');
    expect(page).not.toContain('<script');
  });
});
