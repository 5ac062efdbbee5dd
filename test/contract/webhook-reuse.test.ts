import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWebhookActivities } from '../../src/activities/webhook.js';
import { KeyRing } from '../../src/crypto/key-ring.js';
import type { AnswerShelf } from '../../src/http/reuse.js';
import { Sender } from '../../src/http/send.js';
import { validateFlow } from '../../src/flow/validation/validate.js';
import { startEmbedded } from '../../src/store/embedded.js';
import { Sealer } from '../../src/store/sealer.js';
import { openStore, type Store } from '../../src/store/store.js';
import { answer, json, reset, runTask, silence, Target, taskFor, type TaskFacts } from '../support/target.js';

let target: Target;
let database: Awaited<ReturnType<typeof startEmbedded>>;
let store: Store;
let shelf: AnswerShelf;
/** Seconds by which the time of day is ahead of the system's. */
let ahead = 0;
let sender: Sender;
beforeAll(async () => {
  [target, database] = [await Target.start(), await startEmbedded(null)];
  store = await openStore(database.url, new Sealer(KeyRing.parse(`k=${randomBytes(32).toString('base64')}`, 'test')));
  shelf = store.keptAnswers;
});
afterAll(async () => {
  await store.close();
  await Promise.all([target.stop(), database.stop()]);
});
let account = 0;
beforeEach(() => {
  target.received.length = 0;
  [ahead, account] = [0, account + 1];
  sender = new Sender({ shelf, timeOfDay: () => Date.now() + ahead * 1000 });
});

const keeping = { flow: 'reuseflw', contact: '919800000001', countryCode: '91' };
const row = { saveIn: '$flow.key.n', path: 'data.n', mandatory: true };
interface Ask extends TaskFacts {
  request?: Record<string, unknown>;
  reuse?: object;
  response?: object;
  flow?: string;
  sensitive?: string[];
}
const ask = ({ request, reuse = { freshFor: 60, staleFor: 600 }, response, flow, sensitive, ...facts }: Ask = {}) => {
  const widget = {
    request: { url: target.url('/a'), ...request },
    response: { type: 'json', map: [row], ...response, reuse },
    retry: { attempts: 1 },
  };
  const task = taskFor(widget, { ...facts, rules: { accountId: account, ...facts.rules } });
  const whole = { ...task, ...(sensitive && { sensitive }), keeping: { ...keeping, ...(flow && { flow }) } };
  return runTask(whole, createWebhookActivities({}, sender));
};

describe('R11: reuse of answers', () => {
  it('R11: a fresh answer is read again, by the rows of today, and nothing is sent', async () => {
    target.on('/a', answer(200, '{"n":1,"m":2}', { 'X-Step': 's' }), json({ n: 3 }));
    expect(await ask()).toMatchObject({ line: 'success', attempts: 1, rows: [['$flow.key.n', '1']] });
    ahead = 50;
    const map = [{ saveIn: '$flow.key.m', path: 'data.m' }, { saveIn: '$flow.key.h', header: 'x-step' }]; // prettier-ignore
    const again = await ask({ response: { map } });
    expect(again).toMatchObject({ line: 'success', statusCode: 200, attempts: 0, raw: '{"n":1,"m":2}' });
    expect(again.rows).toEqual([['$flow.key.m', '2'], ['$flow.key.h', 's']]); // prettier-ignore
    expect(Math.round(again.age ?? 0)).toBe(50);
    expect(again.stale).toBeUndefined();
    expect(target.received).toHaveLength(1);
    ahead = 61;
    expect((await ask()).rows).toEqual([['$flow.key.n', '3']]);
    expect(target.received).toHaveLength(2);
  });

  it.each([
    ['SERVER_ERROR', answer(503)],
    ['CONNECTION_FAILURE', reset],
    ['TIMEOUT', silence],
  ])('R11: a stale answer stands in for %s', async (reason, failing) => {
    target.on('/a', json({ n: 1 }), failing);
    await ask();
    ahead = 300;
    const outcome = await ask({ timeout: 0.3 });
    expect(outcome).toMatchObject({ line: 'success', stale: true, attempts: 1, rows: [['$flow.key.n', '1']] });
    expect(outcome.reason).toBeUndefined();
    expect(Math.round(outcome.age ?? 0)).toBe(300);
    ahead = 661;
    expect(await ask({ timeout: 0.3 })).toMatchObject({ line: 'failure', reason });
  });

  it.each([
    ['CLIENT_ERROR', answer(404)],
    ['INVALID_RESPONSE', answer(200, 'no JSON')],
    ['INVALID_RESPONSE_MAP', json({})],
    ['AUTHENTICATION_FAILURE', answer(401)],
  ])('R11: none stands in for %s', async (reason, failing) => {
    target.on('/a', json({ n: 1 }), failing);
    const auth = { type: 'bearer', token: 't' };
    await ask({ request: { auth } });
    ahead = 300;
    expect(await ask({ request: { auth } })).toMatchObject({ line: 'failure', reason });
  });

  it('R11: a failure is not kept, nor an answer that is too long', async () => {
    target.on('/a', answer(500), json({ long: 'x'.repeat(66_000) }), json({ n: 2 }));
    for (let turn = 0; turn < 3; turn += 1) await ask({ response: { map: [{ ...row, mandatory: false }] } });
    expect(target.received).toHaveLength(3);
  });

  it('R11: an answer serves no other account, flow, request or variable', async () => {
    target.on('/a', json({ n: 1 })).on('/b', json({ n: 1 }));
    const variables = { '$flow.key.who': 'ann', '$flow.key.other': '1' };
    const request = { headers: [{ key: 'X-Who', value: '$flow.key.who' }], query: [{ key: 'a', value: '1' }] };
    const first = { request, variables };
    const sent = async (one: Ask) => {
      const before = target.received.length;
      await ask(one);
      return target.received.length - before;
    };
    expect(await sent(first)).toBe(1);
    expect(await sent(first)).toBe(0);
    expect(await sent({ ...first, variables: { ...variables, '$flow.key.other': '2' } })).toBe(0);
    expect(await sent({ ...first, variables: { ...variables, '$flow.key.who': 'bob' } })).toBe(1);
    expect(await sent({ ...first, request: { ...request, url: target.url('/b') } })).toBe(1);
    expect(await sent({ ...first, request: { ...request, query: [] } })).toBe(1);
    expect(await sent({ ...first, flow: 'otherflw' })).toBe(1);
    expect(await sent({ ...first, rules: { accountId: account + 1000 } })).toBe(1);
    const auth = { type: 'basic', username: '$flow.key.other', password: 'p' };
    expect(await sent({ ...first, request: { ...request, auth } })).toBe(1);
    expect(await sent({ ...first, request: { ...request, auth }, variables: { ...variables, '$flow.key.other': '2' } })).toBe(1); // prettier-ignore
  });

  it('R11: a key stands in place of the request', async () => {
    target.on('/a', json({ n: 1 }), json({ n: 2 }));
    const reuse = { key: 'order $flow.key.order', freshFor: 60 };
    const of = (order: string, x: string) => ask({ reuse, request: { url: target.url(`/a?x=${x}`) }, variables: { '$flow.key.order': order } }); // prettier-ignore
    await of('1', 'a');
    expect((await of('1', 'b')).attempts).toBe(0);
    expect((await of('2', 'a')).attempts).toBe(1);
    expect(await ask({ reuse })).toMatchObject({ line: 'failure', reason: 'INVALID_FLOW_VAR', attempts: 0 });
  });

  it('R11, V7: an answer of a request with a sensitive value stays marked', async () => {
    target.on('/a', json({ n: 1 }));
    await ask({ reuse: { key: 'k', freshFor: 60 }, sensitive: ['$flow.key.pin'] });
    expect(await ask({ reuse: { key: 'k', freshFor: 60 } })).toMatchObject({ attempts: 0, sensitive: true });
  });

  it('R11: forgetting a person deletes what calls of that number have kept', async () => {
    target.on('/a', json({ n: 1 }));
    await ask();
    await store.keptAnswers.forget(account, '919800000002');
    expect((await ask()).attempts).toBe(0);
    await store.keptAnswers.forget(account, '919800000001');
    expect((await ask()).attempts).toBe(1);
  });

  it('R11: while the store does not answer, the target is asked, as ever', async () => {
    target.on('/a', json({ n: 1 }));
    const away = () => Promise.reject(new Error('away'));
    sender = new Sender({ shelf: { get: away, keep: away } });
    expect(await ask()).toMatchObject({ line: 'success', attempts: 1 });
    sender = new Sender();
    expect(await ask()).toMatchObject({ line: 'success', attempts: 1 });
  });
});

const flowWith = (method: string, reuse: object, url = 'https://example.com/$flow.key.order') => ({
  ...{ hookline: 1, id: 'reuseflw', name: 'Reuse', type: 'inbound', start: 'a' },
  widgets: { a: { type: 'webhook', request: { method, url }, response: { type: 'none', reuse } } },
});

it.each([
  ['POST', { freshFor: 1 }, 'reuse'],
  ['GET', {}, 'reuse'],
  ['GET', { freshFor: 86_401 }, 'reuse/freshFor'],
  ['GET', { freshFor: 1, staleFor: 86_401 }, 'reuse/staleFor'],
  ['GET', { freshFor: 1, key: '' }, 'reuse/key'],
])('R11, D5: %s with %j is refused', (method, reuse, place) => {
  const { errors } = validateFlow(flowWith(method, reuse));
  expect(errors.map((one) => [one.code, one.pointer])).toEqual([['INVALID_VALUE', `/widgets/a/response/${place}`]]);
});

it('R11: a key that names no variable of the request is warned of; another method is reused on wish', () => {
  const codes = (reuse: object, url?: string) => {
    const { errors, warnings } = validateFlow(flowWith('POST', { freshFor: 1, unsafe: true, ...reuse }, url));
    expect(errors).toEqual([]);
    return warnings.map(({ code }) => code).filter((code) => code === 'REUSE_KEY_COMMON');
  };
  expect(codes({ key: 'all' })).toEqual(['REUSE_KEY_COMMON']);
  expect(codes({ key: '$flow.key.other' })).toEqual(['REUSE_KEY_COMMON']);
  expect(codes({ key: 'o $flow.key.order' })).toEqual([]);
  expect(codes({ key: 'all' }, 'https://example.com/')).toEqual([]);
  expect(codes({})).toEqual([]);
});
