import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { answer, json, runTask, Target, taskFor, type TaskFacts } from '../support/target.js';

let target: Target;
let other: Target;
beforeAll(async () => {
  [target, other] = [await Target.start(), await Target.start()];
});
afterAll(() => Promise.all([target.stop(), other.stop()]));
beforeEach(() => {
  target.received.length = 0;
  other.received.length = 0;
});
afterEach(() => vi.unstubAllEnvs());

const to = (location: string, status = 302) => answer(status, '', { location });
const ask = (request: Record<string, unknown>, facts: TaskFacts = {}) =>
  runTask(taskFor({ request: { url: target.url('/from'), redirects: 2, ...request }, retry: { attempts: 1 } }, facts));

describe('W10: redirects on wish', () => {
  it('W10: none is followed where the request does not say so', async () => {
    target.on('/from', to('/to')).on('/to', json({}));
    expect(await runTask(taskFor({ request: { url: target.url('/from') } }))).toMatchObject({
      reason: 'REDIRECTION',
      statusCode: 302,
    });
    expect(target.of('/to')).toEqual([]);
  });

  it('W10: up to as many are followed as it says, in one attempt', async () => {
    target.on('/from', to('one')).on('/one', to('/two?x=1', 308)).on('/two', answer(200, 'there'));
    expect(await ask({ query: [{ key: 'a', value: '1' }] })).toMatchObject({
      line: 'success',
      raw: 'there',
      attempts: 1,
    });
    expect(target.received.map(({ path }) => path)).toEqual(['/from?a=1', '/one', '/two?x=1']);
    const fewer = await ask({ redirects: 1 });
    expect(fewer).toMatchObject({ reason: 'REDIRECTION', statusCode: 308, attempts: 1 });
    expect(fewer.detail).toContain('follows 1 at most');
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
  ])('W10: %i of a %s is followed by a %s', async (status, method, next) => {
    target.on('/from', to('/to', status)).on('/to', answer(200));
    const body = method === 'HEAD' ? {} : { body: { type: 'json', content: { a: 1 } } };
    expect(await ask({ method, ...body })).toMatchObject({ line: 'success' });
    const [got] = target.of('/to');
    const keeps = next === method && method !== 'HEAD';
    expect(got).toMatchObject({ method: next, body: keeps ? '{"a":1}' : '' });
    expect(got?.headers['content-type']).toBe(keeps ? 'application/json' : undefined);
  });

  it.each([
    [300, '/to'],
    [304, '/to'],
    [305, '/to'],
    [302, ''],
    [302, 'http://[x/'],
  ])('W10: a %i with Location "%s" is not followed', async (status, location) => {
    target.on('/from', answer(status, '', location === '' ? {} : { location }));
    expect(await ask({})).toMatchObject({ reason: 'REDIRECTION', statusCode: status });
    expect(target.received).toHaveLength(1);
  });

  it.each([
    ['http://169.254.169.254/latest/meta-data', 'The target of the redirect has an address that is not public'],
    ['http://user:pass@127.0.0.1/', 'credentials'],
    ['file:///etc/passwd', 'not allowed'],
    ['ftp://127.0.0.1/', 'not allowed'],
  ])('W2, W11, W10: a redirect to %s is INVALID_REQUEST', async (location, words) => {
    target.on('/from', to(location));
    const outcome = await ask({});
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_REQUEST', attempts: 1 });
    expect(outcome.detail).toContain(words);
  });

  it('W10: credentials, secrets, keys and cookies go to the first origin alone, and do not come back', async () => {
    vi.stubEnv('HOOKLINE_SECRET_1_KEY', 'k-1');
    const rules = { secrets: { key: { env: 'HOOKLINE_SECRET_1_KEY' } } };
    const secret = { secret: 'key' };
    target
      .on('/from', to('/same', 307))
      .on('/same', to(other.url('/other'), 307))
      .on('/back', answer(200));
    other.on('/other', to(target.url('/back'), 307));
    const headers = [
      { key: 'X-Secret', value: secret },
      { key: 'Cookie', value: 'a=b' },
      { key: 'X-Plain', value: 'p' },
    ];
    const fields = [{ key: 'key', value: secret }, { key: 'name', value: 'Zoë' }]; // prettier-ignore
    const form = { body: { type: 'form', fields }, headers, method: 'POST', redirects: 3 };
    for (const auth of [
      { type: 'bearer', token: secret },
      { type: 'apiKey', in: 'header', name: 'X-Api', value: secret },
      { type: 'hmac', secret, header: 'X-Sign' },
    ]) {
      target.received.length = 0;
      other.received.length = 0;
      expect(await ask({ auth, ...form }, { rules })).toMatchObject({ line: 'success' });
      const [[same], [elsewhere], [back]] = [target.of('/same'), other.of('/other'), target.of('/back')];
      const proof = auth.type === 'bearer' ? 'authorization' : (auth.name ?? auth.header)?.toLowerCase();
      for (const name of ['x-secret', 'cookie', 'idempotency-key', proof ?? '']) {
        expect(same?.headers, name).toHaveProperty(name);
        for (const got of [elsewhere, back]) expect(got?.headers, name).not.toHaveProperty(name);
      }
      expect(same?.body).toBe('key=k-1&name=Zo%C3%AB');
      for (const got of [elsewhere, back]) {
        expect(got?.body).toBe('name=Zo%C3%AB');
        expect(got?.headers).toMatchObject({ 'x-plain': 'p', 'content-type': 'application/x-www-form-urlencoded' });
        expect(JSON.stringify(got)).not.toContain('k-1');
      }
    }
  });

  it('W10, W3: a token is not asked for at another origin, and a challenge there is not answered', async () => {
    target.on('/from', to(other.url('/other'))).on('/token', json({ access_token: 't' }));
    other.on('/other', answer(401, '', { 'www-authenticate': 'Digest realm="r", nonce="n"' }));
    const login = { username: 'u', password: 'p' };
    for (const auth of [
      { type: 'digest', ...login },
      { type: 'oauth2', tokenUrl: target.url('/token'), clientId: 'c', clientSecret: 's' },
    ]) {
      expect(await ask({ auth })).toMatchObject({ reason: 'AUTHENTICATION_FAILURE', statusCode: 401 });
    }
    expect(other.received).toHaveLength(2);
    expect(other.received.some(({ headers }) => 'authorization' in headers)).toBe(false);
    expect(target.of('/token')).toHaveLength(1);
  });
});
