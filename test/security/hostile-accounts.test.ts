import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCOPES } from '../../src/api/access/scopes.js';
import { flowOf } from '../support/rig.js';
import { type TestApi, testApi } from '../support/api.js';
import { describedRoutes, type Route } from '../support/routes.js';

const [MINE, OTHER] = [7, 8];
const SECURITY_ID = 's'.repeat(64);
const keyHeader = (key: string) => ({ authorization: `Bearer ${key}` });

describe('F7: accounts are walls', () => {
  let api: TestApi;
  let routes: Route[];
  let key: string;
  /** By the name of a parameter: what the other account really has. */
  let things: Record<string, string>;
  beforeAll(async () => {
    api = await testApi();
    routes = (await describedRoutes(api.url)).filter(({ path }) => path.startsWith('/v1/accounts/{account}'));
    for (const id of [MINE, OTHER]) await api.send('POST', '/v1/accounts', { id });
    key = await api.keyFor(MINE, ...SCOPES);
    const make = async (path: string, body: object) =>
      (await api.send('POST', `/v1/accounts/${OTHER}${path}`, body)).body as Record<string, string>;
    await make('/flows', flowOf({ a: { type: 'hangUp' } }));
    await make('/flows/testflow/publish', { version: 1 });
    const contact = await make('/contacts', { number: '919800000001', variables: { '$user.key.a': '1' } });
    const link = await make('/links', { url: 'https://example.com/' });
    const made = await make('/keys', { name: 'k', scopes: ['flows:read'] });
    const request = await outboundOf(OTHER);
    const call = await callOf(OTHER);
    things = {
      ...{ flow: 'testflow', version: '1', contact: contact.id ?? '', code: link.code ?? '', key: made.id ?? '' },
      ...{ request, call, delivery: call, id: call, endpoint: await endpointOf(OTHER), secret: 'any' },
    };
  });
  afterAll(() => api.stop());

  it('every parameter of every route is one of which the other account has something', () => {
    const names = new Set(routes.flatMap(({ path }) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')));
    names.delete('account');
    expect([...names].filter((name) => !things[name])).toEqual([]);
    expect(routes.length).toBeGreaterThan(30);
  });

  it('a key of one account finds nothing of another below its own path, on no route', async () => {
    const before = await everythingOf(OTHER);
    for (const { method, path } of routes.filter(({ path }) => /\{(?!account)/.test(path))) {
      // It makes what is not there, for its own account.
      if (`${method} ${path}` === 'PUT /v1/accounts/{account}/secrets/{secret}') continue;
      const own = filled(path, MINE);
      const body = method === 'POST' && path.endsWith('/publish') ? { version: 1 } : {};
      const sent = method === 'GET' || method === 'DELETE' ? undefined : body;
      const { status } = await api.send(method, own, sent, { key: null, headers: keyHeader(key) });
      expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 404`);
    }
    expect(await everythingOf(OTHER)).toEqual(before);
  });

  it('lists of one account show nothing of another', async () => {
    for (const { path } of routes.filter(({ method, path }) => method === 'GET' && /\{account\}\/\w+$/.test(path))) {
      const { status, body } = await api.send('GET', filled(path, MINE), undefined, {
        key: null,
        headers: keyHeader(key),
      });
      expect(`${path} ${status}`).toBe(`${path} 200`);
      for (const thing of [things.contact, things.code, things.request, things.call, things.key, 'testflow'])
        expect(JSON.stringify(body)).not.toContain(thing);
    }
  });

  it('ids of another account that are not written as they are do not help', async () => {
    for (const id of [
      `${OTHER}.0`,
      `0${OTHER}`,
      `+${OTHER}`,
      `${OTHER}%20`,
      '0x8',
      `${MINE},${OTHER}`,
      `${MINE}/../${OTHER}`,
    ]) {
      const { status } = await api.send('GET', `/v1/accounts/${id}/flows`, undefined, {
        key: null,
        headers: keyHeader(key),
      });
      expect([400, 403, 404], id).toContain(status);
    }
  });

  function filled(path: string, account: number): string {
    return path
      .replace('{account}', String(account))
      .replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(things[name] ?? ''));
  }

  /** Everything that an account has, as its lists show it. */
  async function everythingOf(account: number): Promise<unknown[]> {
    const paths = [
      '/flows/testflow',
      '/contacts',
      '/links',
      '/keys',
      '/outbound',
      '/reports',
      '/deliveries',
      '/endpoints',
    ];
    return Promise.all(paths.map(async (path) => (await api.send('GET', `/v1/accounts/${account}${path}`)).body));
  }

  async function outboundOf(account: number): Promise<string> {
    const request = '00000000-0000-4000-8000-00000000000a';
    const call = { id: '00000000-0000-4000-8000-00000000000b', clientIdentifier: null, numbers: ['1'], variables: {} };
    const wanted = { id: request, flowId: 'testflow', flowVersion: 1, checksum: null, origin: null };
    const calls = [{ ...call, startAt: new Date() }];
    return (await api.store.outbound.create(account, wanted, calls, () => Promise.resolve())).request ?? '';
  }

  /** An endpoint that fails. */
  async function endpointOf(accountId: number): Promise<string> {
    const endpoint = { accountId, url: 'https://example.com/end' };
    await api.store.endpoints.failed(endpoint, 'status 500', new Date(), { failures: 20, milliseconds: 3_600_000 });
    return String((await api.store.endpoints.get(endpoint))?.id ?? '');
  }

  /** A call that runs, with a report and a dead letter as if it had ended. */
  async function callOf(account: number): Promise<string> {
    const call = `call-${account}-x`;
    await api.client.workflow.start('call', { workflowId: call, taskQueue: 'nobody', args: [] });
    const uuid = '00000000-0000-4000-8000-00000000000c';
    const facts = { uuid, flowId: 'testflow', flowVersion: 1, direction: 'inbound' as const, from: '1', to: '2' };
    const ended = {
      outcome: 'completed' as const,
      error: null,
      path: [],
      persisted: {},
      startedAt: new Date(),
      endedAt: new Date(),
    };
    await api.store.reports.save(account, { call, ...facts, ...ended });
    await api.store.deliveries.note(account, { id: call, call, state: 'dead', attempts: 1, detail: '', delivery: {} });
    return call;
  }
});

describe('F7: who guesses is shut out, wherever he tries', () => {
  const wrongKey = 'hk_000000000000_000000000000000000000000000000000000000000000000';
  const outbound = (api: TestApi, securityId: string) =>
    api.send(
      'POST',
      '/kairos-apis/outbound/create',
      { 'api-version': '1.0', 'security-id': securityId, 'flow-id': 'x' },
      { key: null },
    );
  const pause = { method: 'updatePauseStatusForCLI', '$flow.key.cli': '1', '$flow.key.pause': 'true' };
  const tries: [string, (api: TestApi) => Promise<{ status: number; body: unknown }>][] = [
    [
      'a key at an internal function',
      (api) => api.send('POST', '/UrlShortner/phonon/shortUrl', { longUrl: 'https://a.example' }, { key: wrongKey }),
    ],
    [
      'a security id at an internal function',
      (api) =>
        api.send(
          'POST',
          '/centraloutboundwebhook-v1/prod/',
          { ...pause, '$flow.syskey.securityID': 'x'.repeat(64) },
          { key: null },
        ),
    ],
    ['a security id at outbound requests', (api) => outbound(api, 'y'.repeat(64))],
  ];

  it('wrong keys and wrong security ids count together, on every route, and close every route', async () => {
    const api = await testApi({ wrongKeys: 6 });
    try {
      await api.send('POST', '/v1/accounts', { id: MINE, securityId: SECURITY_ID });
      expect((await outbound(api, SECURITY_ID)).body).toMatchObject({ 'api-response-code': 301 });
      for (const [what, attempt] of [...tries, ...tries]) {
        const { status, body } = await attempt(api);
        const code = (body as Record<string, unknown>)['api-response-code'];
        expect([what, code ?? status]).toEqual([what, what.includes('outbound') ? 202 : 401]);
      }
      const right = await outbound(api, SECURITY_ID);
      // Who has a right one is not shut out by who guesses from the same address.
      expect(right.body).toMatchObject({ 'api-response-code': 301 });
      expect(await tries[0]?.[1](api)).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
      expect(await tries[1]?.[1](api)).toMatchObject({ status: 429 });
      expect((await api.send('GET', '/v1/accounts')).status).toBe(200);
    } finally {
      await api.stop();
    }
  }, 180_000);

  it('a request without any key, or one with a right one, is no guess', async () => {
    const api = await testApi({ wrongKeys: 2 });
    try {
      await api.send('POST', '/v1/accounts', { id: MINE, securityId: SECURITY_ID });
      for (let n = 0; n < 4; n++) {
        expect(
          (await api.send('POST', '/UrlShortner/phonon/shortUrl', { longUrl: 'https://a.example' }, { key: null }))
            .status,
        ).toBe(401);
        expect((await outbound(api, SECURITY_ID)).body).toMatchObject({ 'api-response-code': 301 });
      }
      expect((await api.send('GET', '/v1/accounts')).status).toBe(200);
    } finally {
      await api.stop();
    }
  }, 180_000);
});
