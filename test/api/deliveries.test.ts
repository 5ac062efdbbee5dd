import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { OPERATOR_KEY, type TestApi, testApi } from '../support/api.js';
import { type TestCalls, testCalls } from '../support/calls.js';
import { Target, answer } from '../support/target.js';

const bin = fileURLToPath(new URL('../../bin/hookline.js', import.meta.url));
let api: TestApi;
let calls: TestCalls;
let target: Target;
beforeAll(async () => {
  [api, target] = await Promise.all([testApi(), Target.start()]);
  calls = await testCalls(api);
});
afterAll(async () => {
  await calls?.stop();
  await Promise.all([api?.stop(), target?.stop()]);
});

let id = 800;
const at = (path: string) => `/v1/accounts/${id}${path}`;
const ask = async (method: string, path: string, body?: unknown) =>
  (await api.send(method, at(path), body)).body as Record<string, unknown> & { items: Record<string, unknown>[] };
const until = async <T>(look: () => Promise<T>, done: (seen: T) => boolean): Promise<T> => {
  for (let tries = 0; tries < 300; tries += 1) {
    const seen = await look();
    if (done(seen)) return seen;
    await pause(100);
  }
  throw new Error('It did not come.');
};

beforeEach(async () => {
  id += 1;
  const account = {
    ...{ id, countryCode: '91', httpEnabled: true, targetAllowList: ['127.0.0.1'] },
    defaultWebhook: { url: target.url('/end') },
    outbound: { bridge: calls.bridge, from: '912200000002', callsPerSecond: 50, atOnce: 50 },
  };
  expect(await api.send('POST', '/v1/accounts', account)).toMatchObject({ status: 201 });
  target.on('/end', answer(200, ''));
});

/** Keeps a delivery as a workflow would have left it. */
async function kept(name: string, path: string, state: 'pending' | 'dead' = 'dead'): Promise<string> {
  const call = `call-${id}-${name}`;
  const delivery = {
    webhookId: `${call}/flow-end`,
    webhook: { url: target.url(path), auth: { type: 'none' } },
    payload: { callDetails: [], keys: [], 'phonon-uuid': 'u', recordingUrls: [] },
    rules: { accountId: id, httpEnabled: true, targetAllowList: ['127.0.0.1'], secrets: {} },
  };
  const noted = { id: `${call}/flow-end`, call, state, attempts: 30, detail: 'status 503', delivery };
  await api.store.deliveries.note(id, noted);
  return call;
}

/** Runs a call whose flow end `/end` is asked to take; gives its workflow id. */
async function call(): Promise<string> {
  const document = {
    ...{ hookline: 1, id: 'greeting', type: 'outbound', flowEndWebhook: true, start: 'bye' },
    widgets: { bye: { type: 'hangUp' } },
  };
  const { version } = await ask('POST', '/flows', document);
  await ask('POST', '/flows/greeting/publish', { version });
  const { request } = await ask('POST', '/calls', { flow: 'greeting', to: '9800000001' });
  const placed = await until(
    async () => ((await ask('GET', `/outbound/${String(request)}`)).calls as { state: string; call: string }[])[0],
    (one) => one?.state === 'ended',
  );
  return placed?.call ?? '';
}

/** Makes the endpoint of the account a paused one. */
async function paused(): Promise<void> {
  const rule = { failures: 1, milliseconds: 0 };
  await api.store.endpoints.failed({ accountId: id, url: target.url('/end') }, 'status 503', new Date(), rule);
}

describe('E5: deliveries', () => {
  it('are found by state, target and time', async () => {
    const [one, two] = [await kept('one', '/hooks/a'), await kept('two', '/hooks/b?tenant=1', 'pending')];
    const found = async (query: string) => (await ask('GET', `/deliveries?${query}`)).items.map((item) => item.call);
    expect(await found('')).toEqual([two, one]);
    expect(await found('state=dead')).toEqual([one]);
    const to = (text: string) => found(`target=${encodeURIComponent(text)}`);
    expect(await to(target.url(''))).toEqual([two, one]);
    expect(await to(target.url('/hooks'))).toEqual([two, one]);
    expect(await to(target.url('/hooks/b'))).toEqual([two]);
    expect(await to(target.url('/hook'))).toEqual([]);
    expect(await to('https://elsewhere.example')).toEqual([]);
    expect(await found(`since=${new Date(Date.now() - 60_000).toISOString()}`)).toEqual([two, one]);
    expect(await found(`since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
    expect(await api.send('GET', at('/deliveries?target=nonsense'))).toMatchObject({ status: 400 });
  });

  it('are sent again by a filter at a limited rate, each under its own id, and the others are left alone', async () => {
    target.on('/a', answer(200)).on('/b', answer(200));
    const wanted = [await kept('1', '/a'), await kept('2', '/a'), await kept('3', '/a')];
    const left = await kept('4', '/b');
    const answered = await api.send('POST', at('/deliveries/replay'), { target: target.url('/a'), perSecond: 1 });
    expect(answered).toMatchObject({ status: 202 });
    expect((await ask('GET', '/deliveries?state=dead')).items).toMatchObject([{ call: left }]);
    await until(
      () => ask('GET', '/deliveries?state=delivered'),
      ({ items }) => items.length === 3,
    );
    const received = target.of('/a');
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set(wanted.map((one) => `${one}/flow-end`)),
    );
    const begun = await Promise.all(wanted.map((one) => api.client.workflow.getHandle(`${one}/flow-end`).describe()));
    // As Temporal was told to begin: when an attempt is made depends on the machine, too.
    const delays = begun.map(({ startTime, executionTime }) => (executionTime?.getTime() ?? 0) - startTime.getTime());
    expect(delays.sort((one, other) => one - other)).toEqual([0, 1000, 2000]);
    expect(target.of('/b')).toEqual([]);
  });

  it('E5: one that is dead no longer stops no other that the filter found, and is refused by its name', async () => {
    target.on('/again', answer(200));
    const [first, moved, last] = [
      await kept('a', '/again'),
      await kept('b', '/again', 'pending'),
      await kept('c', '/again'),
    ];
    const ids = [first, moved, last].map((call) => `${call}/flow-end`);
    const listed = { items: ids.map((one) => ({ id: one })), next: null };
    vi.spyOn(api.store.deliveries, 'list').mockResolvedValueOnce(listed as never);
    const answered = await api.send('POST', at('/deliveries/replay'), { target: target.url('/again'), perSecond: 50 });
    expect(answered).toMatchObject({ status: 202, body: { replayed: [ids[0], ids[2]] } });
    const named = await api.send('POST', at('/deliveries/replay'), { id: ids[1] });
    expect(named).toMatchObject({ status: 409, body: { code: 'NOT_DEAD' } });
    vi.restoreAllMocks();
  });

  it('H10: undo requests are dead letters of their own kind, counted apart, and what is left of them is sent again', async () => {
    target.on('/seats/1', answer(204)).on('/seats/2', answer(204));
    const call = `call-${id}-undo`;
    const item = (seat: number) => ({
      ...{ widget: 'book', idempotencyKey: `${call}/book/${seat}/undo`, variables: { '$flow.key.seat': String(seat) } },
      request: {
        ...{ method: 'DELETE', url: target.url('/seats/$flow.key.seat'), auth: { type: 'none' } },
        ...{ headers: [], query: [], body: { type: 'none' } },
      },
      rules: { accountId: id, httpEnabled: true, targetAllowList: ['127.0.0.1'], secrets: {} },
    });
    const delivery = { undo: [item(2), item(1)], call, record: { attempts: 1 } };
    const noted = { id: `${call}/undo`, call, attempts: 30, detail: 'book: status 503', url: 'https://127.0.0.1' };
    await api.store.deliveries.note(id, { ...noted, state: 'pending', delivery });
    await api.store.deliveries.note(id, { ...noted, state: 'dead', delivery: { ...delivery, undo: [item(1)] } });
    expect((await ask('GET', '/deliveries?state=dead')).items).toMatchObject([{ id: noted.id, kind: 'undo', call }]);
    expect((await api.store.deliveries.undelivered('undo')).dead).toBe(1);
    const answered = await api.send('POST', at('/deliveries/replay'), { id: noted.id });
    expect(answered).toMatchObject({ status: 202, body: { replayed: [noted.id] } });
    await until(
      () => ask('GET', '/deliveries?state=delivered'),
      ({ items }) => items.length === 1,
    );
    expect(target.of('/seats/2')).toEqual([]);
    expect(target.of('/seats/1').map(({ method, headers }) => [method, headers['idempotency-key']])).toEqual([
      ['DELETE', `${call}/book/1/undo`],
    ]);
    expect((await api.store.deliveries.undelivered('undo')).dead).toBe(0);
  });

  it('E5: an id beside a filter is refused, for the filter would change nothing', async () => {
    const id = `${await kept('both', '/both')}/flow-end`;
    const since = '2026-01-31T00:00:00Z';
    const answered = await api.send('POST', at('/deliveries/replay'), { id, target: target.url('/other'), since });
    expect(answered).toMatchObject({
      status: 422,
      body: { code: 'INVALID_VALUE', errors: [{ pointer: '/target' }, { pointer: '/since' }] },
    });
    expect((await ask('GET', '/deliveries?state=dead')).items).toMatchObject([{ id }]);
  });

  it('show every attempt, and their workflows are found in Temporal by search attribute', async () => {
    target.on('/end', answer(404, 'no such hook'));
    const name = await call();
    const { items } = await until(
      () => ask('GET', '/deliveries'),
      ({ items }) => items.length === 1,
    );
    expect(items).toMatchObject([{ state: 'pending', url: target.url('/end') }]);
    const { delivery, attempts } = await ask('GET', `/calls/${name}/delivery`);
    expect(delivery).toEqual(items[0]);
    expect(attempts).toContainEqual(
      expect.objectContaining({ by: 'call', status: 404, detail: 'status 404', answer: 'no such hook' }),
    );
    const query = `HooklineDelivery = 'pending' AND WorkflowType = 'flowEndDelivery' AND WorkflowId = '${name}/flow-end'`;
    await until(
      async () => (await api.client.workflow.count(query)).count,
      (number) => number === 1,
    );
    expect(await api.send('GET', at('/calls/nothing/delivery'))).toMatchObject({ status: 404 });
  });

  it('wait at a paused endpoint without asking it, and go on when somebody ends the pause', async () => {
    await paused();
    const before = target.received.length;
    const name = await call();
    const waiting = await until(
      () => ask('GET', '/deliveries'),
      ({ items }) => items.length === 1,
    );
    expect(waiting.items).toMatchObject([{ state: 'pending', attempts: 0 }]);
    expect(target.received).toHaveLength(before);
    const { items } = await ask('GET', '/endpoints');
    expect(items).toMatchObject([{ url: target.url('/end'), account: id, failures: 1, pausedAt: expect.anything() }]);
    expect((await api.send('GET', '/v1/endpoints')).body).toMatchObject({ items: expect.arrayContaining(items) });
    const resumed = await api.send('POST', at(`/endpoints/${String(items[0]?.id)}/resume`));
    expect(resumed).toMatchObject({ status: 202 });
    // Its own gap is half a minute, less a fifth.
    const began = performance.now();
    await until(
      () => ask('GET', '/deliveries'),
      ({ items: [one] }) => one?.state === 'delivered',
    );
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(target.received.at(-1)?.headers['webhook-id']).toBe(`${name}/flow-end`);
    expect(await ask('GET', '/endpoints')).toEqual({ items: [], next: null });
    expect(await api.send('POST', at('/endpoints/999999/resume'))).toMatchObject({ status: 404 });
  });
});

describe('E5: the commands', () => {
  const hookline = (...args: string[]) =>
    new Promise<{ code: number; out: string }>((resolve) => {
      const env = { ...process.env, HOOKLINE_API_URL: api.url, HOOKLINE_API_KEY: OPERATOR_KEY, NO_COLOR: '1' };
      execFile(process.execPath, [bin, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr }),
      );
    });

  it('list, show and replay dead letters', async () => {
    const [one, two] = [await kept('one', '/end'), await kept('two', '/end')];
    const account = ['--account', String(id)];
    const listed = await hookline('deliveries', 'list', ...account, '--state', 'dead', '--target', target.url(''));
    expect(listed).toMatchObject({ code: 0, out: expect.stringContaining(`${one}/flow-end  dead  `) });
    const nothing = await hookline('deliveries', 'replay', ...account);
    expect(nothing).toMatchObject({ code: 1, out: expect.stringContaining('NOTHING_NAMED') });
    const single = await hookline('deliveries', 'replay', `${one}/flow-end`, ...account);
    expect(single).toMatchObject({ code: 0, out: '1 dead letter is sent again\n' });
    const all = await hookline('deliveries', 'replay', '--all', '--rate', '50', ...account);
    expect(all).toMatchObject({ code: 0, out: '1 dead letter is sent again\n' });
    await until(
      () => ask('GET', '/deliveries?state=delivered'),
      ({ items }) => items.length === 2,
    );
    const { out } = await hookline('deliveries', 'show', two, ...account);
    expect(out).toMatch(/flow-end {2}delivered {2}http.*\n {2}\S+Z {2}replay {2}\d+ ms {2}status 200/);
  });

  it('list paused endpoints, of one account and of all, and end a pause', async () => {
    await paused();
    const { out } = await hookline('endpoints', 'list');
    expect(out).toMatch(new RegExp(`^\\d+  account ${id}  paused since \\S+  ${target.url('/end')}`, 'm'));
    const number = new RegExp(`^(\\d+)  account ${id} `, 'm').exec(out)?.[1] ?? '';
    const resumed = await hookline('endpoints', 'resume', number, '--account', String(id));
    expect(resumed).toMatchObject({ code: 0, out: `${number}: ${target.url('/end')} is resumed\n` });
    expect(await hookline('endpoints', 'list', '--account', String(id))).toEqual({ code: 0, out: '' });
  });
});
