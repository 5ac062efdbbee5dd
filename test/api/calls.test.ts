import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answered, type TestApi, testApi } from '../support/api.js';
import { type TestCalls, testCalls } from '../support/calls.js';
import { Target, answer } from '../support/target.js';

let api: TestApi;
let calls: TestCalls;
let target: Target;
beforeAll(async () => {
  [api, target] = await Promise.all([testApi(), Target.start()]);
  calls = await testCalls(api);
});
afterAll(async () => {
  await calls.stop();
  await Promise.all([api.stop(), target.stop()]);
});

let id = 700;
const securityId = () => String(id).padStart(64, '0');
const at = (path: string) => `/v1/accounts/${id}${path}`;
const ask = async (method: string, path: string, body?: unknown) =>
  (await api.send(method, at(path), body)).body as Record<string, unknown>;
const say = { type: 'play', prompt: { text: 'Hello $flow.key.order' }, lines: { next: 'bye' } };
const flow = (widgets: object = {}, more: object = {}) => ({
  ...{ hookline: 1, id: 'greeting', type: 'outbound', start: 'answer' },
  widgets: { answer: { type: 'answerCall', lines: { next: 'say' } }, say, bye: { type: 'hangUp' }, ...widgets },
  ...more,
});
const publish = async (document: object) => {
  const { version } = await ask('POST', '/flows', document);
  await ask('POST', `/flows/${(document as { id: string }).id}/publish`, { version });
};
const until = async <T>(look: () => Promise<T>, done: (seen: T) => boolean): Promise<T> => {
  for (let tries = 0; tries < 300; tries += 1) {
    const seen = await look();
    if (done(seen)) return seen;
    await pause(100);
  }
  throw new Error('It did not come.');
};
type Call = { id: string; state: string; call: string; outcome: string };
const outbound = async (request: unknown) => (await ask('GET', `/outbound/${String(request)}`)).calls as Call[];
const ended = (request: unknown) =>
  until(
    () => outbound(request),
    (all) => all.length > 0 && all.every(({ state }) => state === 'ended' || state === 'refused'),
  );

beforeEach(async () => {
  id += 1;
  const account = {
    ...{ id, securityId: securityId(), countryCode: '91', httpEnabled: true, targetAllowList: ['127.0.0.1'] },
    ...{
      defaultWebhook: { url: target.url('/end') },
      outbound: { bridge: calls.bridge, from: '912200000002', callsPerSecond: 50, atOnce: 50 },
    },
  };
  expect(await api.send('POST', '/v1/accounts', account)).toMatchObject({ status: 201 });
  target.on('/end', answer(200, ''));
});

describe('calls', () => {
  it('a call is placed, seen while it runs, ended, and its report read as JSON and CSV', async () => {
    await publish(
      flow(
        { say: { ...say, lines: { next: 'wait' } }, wait: { type: 'delay', seconds: 600, lines: { next: 'bye' } } },
        { flowEndWebhook: true },
      ),
    );
    const { request } = await ask('POST', '/calls', {
      flow: 'greeting',
      to: '9800000001',
      variables: { '$flow.key.order': '=1+1' },
    });
    const [placed] = await until(
      () => outbound(request),
      ([first]) => first?.state === 'placed',
    );
    const path = `/calls/${placed?.call ?? ''}`;
    const live = await until(
      () => ask('GET', path),
      ({ position }) => position === 'wait',
    );
    expect(live).toMatchObject({ state: 'running', outcome: null, variables: { '$flow.key.order': '=1+1' } });
    expect(JSON.stringify(live.timeline)).toContain('Hello =1+1');
    expect((await ask('GET', '/calls?state=running')).items).toMatchObject([{ call: placed?.call, flow: 'greeting' }]);
    expect(await api.send('POST', at(`${path}/end`))).toMatchObject({ status: 202 });
    const [done] = await ended(request);
    expect(done).toMatchObject({ outcome: 'cancelled', id: placed?.id });
    const report = await ask('GET', `/reports/${placed?.call ?? ''}`);
    expect(report).toMatchObject({
      outcome: 'cancelled',
      flow: 'greeting',
      flowVersion: 1,
      direction: 'outbound',
      to: '9800000001',
      uuid: placed?.id,
    });
    const csv = (await api.send('GET', at('/reports.csv'))).body as string;
    expect(csv.split('\r\n')[1]).toMatch(
      new RegExp(
        `^${placed?.call},${placed?.id},greeting,1,outbound,912200000002,9800000001,cancelled,CANCELLED,answer:next say:next wait,`,
      ),
    );
    const gone = await until(
      () => ask('GET', path),
      ({ state }) => state === 'ended',
    );
    expect(gone).toMatchObject({ outcome: 'cancelled', position: null });
    expect((await ask('GET', '/calls?state=ended')).items).toHaveLength(1);
  });

  it('D2b: a required input that is missing is named; reported variables have a column each, masked where they are sensitive', async () => {
    const inputs = { '$flow.key.order': { required: true, sensitive: true }, '$flow.key.tries': { default: 1 } };
    await publish(flow({}, { inputs, report: ['$flow.key.tries', '$flow.key.order'] }));
    const refused = await api.send('POST', at('/calls'), { flow: 'greeting', to: '9800000001' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'CALL_NOT_TAKEN' } });
    expect(JSON.stringify(refused.body)).toContain('$flow.key.order');
    const variables = { '$flow.key.order': 'A7' };
    await ended((await ask('POST', '/calls', { flow: 'greeting', to: '9800000001', variables })).request);
    expect((await ask('GET', '/reports')).items).toMatchObject([{ persisted: { '$flow.key.tries': '1' } }]);
    const today = new Date().toISOString().slice(0, 10);
    const listed = async (query: string) => ((await ask('GET', `/reports?${query}`)).items as unknown[]).length;
    expect(await listed(`from=${today}&outcome=completed&flow=greeting`)).toBe(1);
    expect([await listed(`to=${today}`), await listed('outcome=failed')]).toEqual([0, 0]);
    expect((await api.send('GET', at('/reports?from=2026-02-30'))).status).toBe(400);
    expect((await api.send('GET', at('/reports.csv?from=2026-02-30'))).status).toBe(400);
    const [columns, row] = ((await api.send('GET', at('/reports.csv'))).body as string).split('\r\n');
    expect(columns).toMatch(/,persisted,\$flow\.key\.tries,\$flow\.key\.order$/);
    expect(row).toMatch(/,1,\*\*\*$/);
  });

  it('a query parameter that a route does not have is refused, with those that it has', async () => {
    const { status, body } = await api.send('GET', at('/reports.csv?since=2026-11-30'));
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'INVALID_VALUE' } });
    expect((body as { detail: string }).detail).toContain(
      'There is no query parameter "since" here. Known here: flow, outcome, from, to, udf.',
    );
    expect((await api.send('GET', at('?x=1'))).status).toBe(400);
    expect((await api.send('GET', at('/reports?flow=nope'))).body).toMatchObject({
      detail: expect.stringContaining('flow: '),
    });
  });

  it('C2: publishing and rolling back change calls that start later, and none that runs', async () => {
    await publish(flow({ say: { type: 'delay', seconds: 2, lines: { next: 'bye' } } }));
    const first = await ask('POST', '/calls', { flow: 'greeting', to: '9800000001' });
    await until(
      () => outbound(first.request),
      ([one]) => one?.state === 'placed',
    );
    await publish(flow());
    const second = await ask('POST', '/calls', { flow: 'greeting', to: '9800000002' });
    const versions = async () =>
      ((await ask('GET', '/reports')).items as { flowVersion: number }[]).map(({ flowVersion }) => flowVersion);
    await ended(first.request);
    await ended(second.request);
    expect((await versions()).sort()).toEqual([1, 2]);
    await ask('POST', '/flows/greeting/rollback');
    await ended((await ask('POST', '/calls', { flow: 'greeting', to: '9800000003' })).request);
    expect((await versions())[0]).toBe(1);
  });

  it('a call of another account is not found, and what is asked wrongly is told', async () => {
    await publish(flow());
    expect(await api.send('GET', at('/calls/call-1-x'))).toMatchObject({ status: 404, body: { code: 'CALL_UNKNOWN' } });
    expect(await api.send('GET', at(`/calls/call-${id}-x`))).toMatchObject({ status: 404 });
    expect(await api.send('POST', at('/calls'), { flow: 'nowhere1', to: '9800000001' })).toMatchObject({
      status: 422,
      body: { code: 'CALL_NOT_TAKEN', detail: expect.stringContaining('301') },
    });
    expect(await api.send('POST', at('/calls'), { flow: 'greeting', to: 'nobody' })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('205') },
    });
  });

  it('F1: a call that is asked for later can be taken back', async () => {
    await publish(flow());
    const startAt = new Date(Date.now() + 3600_000).toISOString();
    const { request } = await ask('POST', '/calls', { flow: 'greeting', to: '9800000001', startAt });
    expect((await ask('GET', '/outbound')).items).toMatchObject([{ id: request, calls: { waiting: 1 } }]);
    expect(await ask('POST', `/outbound/${String(request)}/cancel`)).toEqual({ cancelled: 1 });
    expect(await outbound(request)).toMatchObject([{ state: 'cancelled', call: null }]);
  });

  it('F1: the bridge takes no more calls at once than the account says', async () => {
    const { document } = (await ask('GET', '')) as { document: { outbound: object } };
    await ask('PUT', '', { ...document, outbound: { ...document.outbound, atOnce: 2 } });
    await publish(flow({ say: { type: 'delay', seconds: 1, lines: { next: 'bye' } } }));
    const body = {
      'api-version': '1.0',
      'security-id': securityId(),
      'flow-id': 'greeting',
      calls: [1, 2, 3, 4, 5].map((n) => ({ 'contact-numbers': [`980000000${n}`] })),
    };
    const { body: taken } = await api.send('POST', '/kairos-apis/outbound/create', body, { key: null });
    const request = (taken as Record<string, unknown>)['request-id'];
    let most = 0;
    await until(
      async () => {
        const all = await outbound(request);
        most = Math.max(most, all.filter(({ state }) => state === 'placed').length);
        return all;
      },
      (all) => all.every(({ state }) => state === 'ended'),
    );
    expect(most).toBe(2);
  });
});

describe('business hours', () => {
  it('F1: an account that calls in its hours only places nothing outside of them', async () => {
    const { document } = (await ask('GET', '')) as { document: { outbound: object } };
    const outside = { ...document, hours: { days: {} }, outbound: { ...document.outbound, onlyInHours: true } };
    await ask('PUT', '', outside);
    await publish(flow());
    const first = await ask('POST', '/calls', { flow: 'greeting', to: '9800000001' });
    // The desk has looked at it, more than once.
    const desk = api.client.workflow.getHandle(`outbound-${id}`);
    const looks = async () =>
      ((await desk.fetchHistory()).events ?? []).filter((event) => event.activityTaskCompletedEventAttributes).length;
    await until(looks, (count) => count >= 2);
    expect(await outbound(first.request)).toMatchObject([{ state: 'waiting' }]);
    const day = [{ from: '00:00', to: '23:59' }];
    const days = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((name) => [name, day]));
    await ask('PUT', '', { ...outside, hours: { days } });
    await ended((await ask('POST', '/calls', { flow: 'greeting', to: '9800000002' })).request);
    await ended(first.request);
  });
});

describe('POST /kairos-apis/outbound/create', () => {
  const call = (more: object = {}) => ({ 'client-identifier': 'c1', 'contact-numbers': ['919800000001'], ...more });
  const body = (more: object = {}) => ({
    ...{ 'api-version': '1.0', 'security-id': securityId(), 'flow-id': 'greeting', calls: [call()] },
    ...more,
  });
  const create = (document: unknown) => api.send('POST', '/kairos-apis/outbound/create', document, { key: null });
  const code = ({ status, body }: Answered) => {
    expect(status).toBe(200);
    return (body as Record<string, unknown>)['api-response-code'];
  };

  it('F1: calls are taken with their UUIDs, run with their keys, and the same body again is refused', async () => {
    await publish(flow());
    const calls = [call({ keys: [{ name: '$flow.key.order', value: 1001 }] }), call({ 'client-identifier': 7 })];
    const first = await create(body({ calls }));
    expect(first.body).toMatchObject({
      'api-response-code': 200,
      'api-response-message': 'Success',
      'call-details': [{ 'client-identifier': 'c1' }, { 'client-identifier': '7' }],
    });
    expect(await create(body({ calls }))).toMatchObject({
      body: { 'api-response-code': 201, 'api-response-message': 'Checksum Repeated' },
    });
    const details = first.body as { 'request-id': string; 'call-details': { 'phonon-uuid': string }[] };
    const done = await ended(details['request-id']);
    expect(done.map((one) => one.id)).toEqual(details['call-details'].map((one) => one['phonon-uuid']));
    expect(await ask('GET', `/calls/${done[0]?.call ?? ''}`)).toMatchObject({
      variables: { '$flow.key.order': '1001' },
    });
  });

  it('V3: a number of 20 digits arrives with its digits', async () => {
    await publish(flow());
    const taken = await create(
      JSON.stringify(body({ calls: [call({ 'client-identifier': 7, keys: [{ name: '$flow.key.order', value: 8 }] })] }))
        .replace('"value":8', '"value":12345678901234567890')
        .replace('"client-identifier":7', '"client-identifier":98765432109876543210'),
    );
    expect(taken).toMatchObject({ body: { 'call-details': [{ 'client-identifier': '98765432109876543210' }] } });
    const [done] = await ended((taken.body as { 'request-id': string })['request-id']);
    expect(await ask('GET', `/calls/${done?.call ?? ''}`)).toMatchObject({
      variables: { '$flow.key.order': '12345678901234567890' },
    });
  });

  it.each<[number, string, () => unknown]>([
    [202, 'a security id of nobody', () => body({ 'security-id': 'x'.repeat(64) })],
    [203, 'an API version that is none', () => body({ 'api-version': '3' })],
    [205, 'a number that is none', () => body({ calls: [call({ 'contact-numbers': ['nobody'] })] })],
    [205, 'no number at all', () => body({ calls: [call({ 'contact-numbers': null })] })],
    [209, 'one good number beside a bad one', () => body({ calls: [call(), call({ 'contact-numbers': ['x'] })] })],
    [210, 'no security id', () => body({ 'security-id': undefined })],
    [210, 'a key that may not be set', () => body({ calls: [call({ keys: [{ name: '$call.id', value: 'x' }] })] })],
    [211, 'a day that is past', () => body({ calls: [call({ 'start-time': '2020-01-01T10:00:00+05:30' })] })],
    [301, 'a flow that is not there', () => body({ 'flow-id': 'nowhere1' })],
    [302, 'no calls', () => body({ calls: [] })],
    [303, 'more than 500 calls', () => body({ calls: Array.from({ length: 501 }, () => call()) })],
    [400, 'something that is no JSON', () => '{"api-version":'],
    [
      400,
      'more than 256 KB',
      () => body({ calls: [call({ keys: [{ name: '$flow.key.a', value: 'x'.repeat(300_000) }] })] }),
    ],
    [400, 'a list instead of an object', () => []],
  ])('%d: %s', async (expected, _what, document) => {
    await publish(flow());
    expect(code(await create(document()))).toBe(expected);
  });

  it('429: an address that sends too much, by its status and its code', async () => {
    const small = await testApi({ requestsPerMinute: 1 });
    const send = () => small.send('POST', '/kairos-apis/outbound/create', body(), { key: null });
    await send();
    expect(await send()).toMatchObject({ status: 429, body: { 'api-response-code': 429 } });
    expect(Number((await send()).headers.get('retry-after'))).toBeGreaterThan(0);
    await small.stop();
  });

  it('304 and 207: a flow without a published version, an account without a bridge; 401: a stranger’s address', async () => {
    await ask('POST', '/flows', flow());
    expect(code(await create(body()))).toBe(304);
    expect(code(await create(body({ 'api-version': 'TEST' })))).toBe(200);
    await ask('POST', '/flows/greeting/publish', { version: 1 });
    await ask('PUT', '', { id, securityId: securityId() });
    expect(code(await create(body({ client: 1 })))).toBe(207);
    await ask('PUT', '', { id, securityId: securityId(), ipAllowList: ['192.0.2.0/24'] });
    expect(code(await create(body()))).toBe(401);
  });
});

describe('internal functions over HTTP', () => {
  const PROD = '/centraloutboundwebhook-v1/prod/';
  const keyed = async () => ({ key: await api.keyFor(id, 'functions:write') });

  it('F6: shortURL has the request and the answer of the product', async () => {
    const { status, body } = await api.send(
      'POST',
      '/UrlShortner/phonon/shortUrl',
      { custToken: 'abcd1234', longUrl: 'https://google.co.in' },
      await keyed(),
    );
    expect(status).toBe(200);
    const { shortUrl } = body as { shortUrl: string };
    expect(Object.keys(body as object)).toEqual(['shortUrl']);
    const followed = await api.send('GET', new URL(shortUrl).pathname, undefined, { key: null });
    expect(followed.headers.get('location')).toBe('https://google.co.in/');
  });

  it('F6: createOutbound is proven by the security id, updateUserPreferences and updatePauseStatusForCLI by a key', async () => {
    await publish(flow());
    const asked = {
      method: 'createOutbound',
      '$flow.syskey.apiVersion': '1.0',
      '$flow.syskey.securityID': securityId(),
      '$flow.syskey.flowID': 'greeting',
      '$flow.syskey.clientID': 5,
      '$flow.syskey.delayMinutes': 0,
      '$flow.syskey.contactNumbers': '9800000001',
    };
    const { body } = await api.send('POST', PROD, asked, { key: null });
    expect(body).toMatchObject({ '$flow.key.obdResponseCode': '200' });
    expect(await ended((body as Record<string, unknown>)['$flow.key.obdReqID'])).toMatchObject([
      { id: (body as Record<string, unknown>)['$flow.key.obdPhononUUID'] },
    ]);
    const saved = {
      method: 'updateUserPreferences',
      '$user.syskey.contactNumber': '9800000002',
      '$user.syskey.accountID': id,
      '$user.key.name': 'Asha',
    };
    expect((await api.send('POST', '/centraloutboundwebhook-v1/test/', saved, await keyed())).body).toEqual({});
    expect(await api.store.contacts.byNumber(id, '919800000002', '91')).toMatchObject({
      variables: { '$user.key.name': 'Asha' },
    });
    await ask('PUT', '', { id, countryCode: '91', agents: [{ number: '9879964805' }] });
    const paused = { method: 'updatePauseStatusForCLI', '$flow.key.pause': true, '$flow.key.cli': '919879964805' };
    expect((await api.send('POST', PROD, paused, await keyed())).body).toEqual({
      '$flow.key.cli_pause_update': 'true',
    });
    expect(await ask('GET', '/agents')).toMatchObject({ items: [{ paused: true }] });
  });

  it('F6: with an Idempotency-Key a repeated request gives the first link again', async () => {
    const key = await keyed();
    const send = () =>
      api.send(
        'POST',
        '/UrlShortner/phonon/shortUrl',
        { longUrl: 'https://example.com/' },
        { ...key, headers: { 'idempotency-key': 'one' } },
      );
    expect((await send()).body).toEqual((await send()).body);
    expect((await ask('GET', '/links')).items).toHaveLength(1);
  });

  it('F6, F7: without a proof, a scope, or an address that is allowed, nothing is done', async () => {
    const body = { longUrl: 'https://example.com/' };
    const path = '/UrlShortner/phonon/shortUrl';
    expect(await api.send('POST', path, body, { key: null })).toMatchObject({ status: 401 });
    expect(await api.send('POST', path, body, { key: await api.keyFor(id, 'links:write') })).toMatchObject({
      status: 403,
    });
    await ask('PUT', '', { id, ipAllowList: ['192.0.2.1'] });
    expect(await api.send('POST', path, body, await keyed())).toMatchObject({
      status: 403,
      body: { code: 'ADDRESS_NOT_ALLOWED' },
    });
    expect((await ask('GET', '/links')).items).toEqual([]);
  });
});

describe('deliveries', () => {
  it('E5: a dead letter is listed, and sent again under its own id', async () => {
    const call = `call-${id}-dead`;
    const rules = { accountId: id, httpEnabled: true, targetAllowList: ['127.0.0.1'], secrets: {} };
    const delivery = {
      webhookId: `${call}/flow-end`,
      webhook: { url: target.url('/end'), auth: { type: 'none' } },
      payload: { callDetails: [], keys: [], 'phonon-uuid': 'u' },
      rules,
    };
    await api.store.deliveries.note(id, {
      id: `${call}/flow-end`,
      call,
      state: 'dead',
      attempts: 40,
      detail: 'status 503',
      delivery,
    });
    expect((await ask('GET', '/deliveries?state=dead')).items).toMatchObject([
      { id: `${call}/flow-end`, attempts: 40 },
    ]);
    expect(await api.send('POST', at('/deliveries/replay'), { id: 'nothing' })).toMatchObject({ status: 404 });
    const answered = await api.send('POST', at('/deliveries/replay'), {});
    expect(answered).toMatchObject({ status: 202, body: { replayed: [`${call}/flow-end`] } });
    await until(
      () => ask('GET', '/deliveries'),
      ({ items }) => (items as { state: string }[])[0]?.state === 'delivered',
    );
    expect((await ask('GET', '/deliveries')).items).toMatchObject([{ attempts: 41, detail: 'status 200' }]);
    expect(target.received.at(-1)?.headers['webhook-id']).toBe(`${call}/flow-end`);
    expect(await api.send('POST', at('/deliveries/replay'), { id: `${call}/flow-end` })).toMatchObject({
      status: 409,
      body: { code: 'NOT_DEAD' },
    });
  });

  it('E5: a flow end that does not arrive with its call is kept as pending, with its attempts', async () => {
    target.on('/end', answer(404, ''));
    await publish(flow({}, { flowEndWebhook: true }));
    const { request } = await ask('POST', '/calls', { flow: 'greeting', to: '9800000001' });
    await ended(request);
    const { items } = await until(
      () => ask('GET', '/deliveries'),
      ({ items }) => (items as unknown[]).length > 0,
    );
    expect(items).toMatchObject([{ state: 'pending' }]);
  });
});
