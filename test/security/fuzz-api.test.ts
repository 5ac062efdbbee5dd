import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as catalogue from '../../src/flow/errors.js';
import { OPERATOR_KEY, type TestApi, testApi } from '../support/api.js';
import { type TestCalls, testCalls } from '../support/calls.js';
import { type RawAnswer, requestOf, sendBytes } from '../support/raw-http.js';
import { describedRoutes, type Route } from '../support/routes.js';
import { answered, bounded, expectNoPollution, hostileTexts, hostileValue, mutated, PATIENCE } from './fuzz.js';

const CODES = new Set(Object.values(catalogue).flatMap((part) => (typeof part === 'object' ? Object.keys(part) : [])));
const example = JSON.parse(
  await readFile(new URL('../../examples/order-status/flow.json', import.meta.url), 'utf8'),
) as object;
/** The routes for bridges and probes. */
const UNDESCRIBED: Route[] = [
  { method: 'POST', path: '/bridge/calls' },
  { method: 'GET', path: '/bridge/calls/{call}' },
  { method: 'POST', path: '/bridge/calls/{call}/events' },
  { method: 'POST', path: '/bridge/dids' },
  { method: 'GET', path: '/health' },
];
const uuid = '00000000-0000-4000-8000-000000000000';

/** Bodies that a route takes, before they are changed; a route that is not here gets any value. */
const BODIES: Record<string, object> = {
  '/v1/accounts': { id: 2, name: 'A', securityId: 'a'.repeat(64) },
  '/v1/accounts/{account}': { id: 1, name: 'A' },
  '/v1/accounts/{account}/keys': { name: 'k', scopes: ['flows:read'] },
  '/v1/accounts/{account}/flows': example,
  '/v1/accounts/{account}/flows/validate': example,
  '/v1/accounts/{account}/flows/{flow}/publish': { version: 1 },
  '/v1/accounts/{account}/calls': { flow: 'reminder', to: ['919800000001'], variables: { '$flow.key.a': '1' } },
  '/v1/accounts/{account}/agents/pause': { number: '1', paused: true },
  '/v1/accounts/{account}/contacts': { number: '919800000001', variables: { '$user.key.a': '1' } },
  '/v1/accounts/{account}/contacts/lookup': { number: '919800000001' },
  '/v1/accounts/{account}/links': { url: 'https://example.com/' },
  '/centraloutboundwebhook-v1/prod/': {
    method: 'updatePauseStatusForCLI',
    '$flow.key.cli': '1',
    '$flow.key.pause': true,
  },
  '/UrlShortner/phonon/shortUrl': { custToken: 'abcd1234', longUrl: 'https://example.com/' },
  '/kairos-apis/outbound/create': {
    ...{ 'api-version': '1.0', 'security-id': '1'.repeat(64), 'flow-id': 'reminder' },
    calls: [{ 'contact-numbers': ['919800000001'], keys: [{ name: '$flow.key.a', value: 1 }] }],
  },
  '/bridge/calls': {
    ...{ account: 1, flow: example, variables: { '$flow.key.a': '1' }, bridge: { id: 'b', taskQueue: 'nobody' } },
    call: { id: 'c', direction: 'inbound', from: '1', to: '2', startedAt: '2026-01-01T00:00:00Z' },
  },
  '/v1/dids': { number: '912200000002', account: 1, flow: 'reminder' },
  '/bridge/dids': { number: '912200000002' },
  '/bridge/calls/{call}/events': [{ eventId: '1', seq: 1, leg: '1', type: 'digits', digits: '1' }],
};

let api: TestApi;
let calls: TestCalls;
let routes: Route[];
let key: string;
beforeAll(async () => {
  api = await testApi();
  calls = await testCalls(api);
  await api.send('POST', '/v1/accounts', { id: 1, securityId: '1'.repeat(64), agents: [{ number: '1' }] });
  key = await api.keyFor(
    1,
    'account:write',
    'flows:write',
    'flows:publish',
    'calls:write',
    'calls:private',
    'secrets:write',
    'contacts:write',
    'links:write',
  );
  routes = [...(await describedRoutes(api.url)), ...UNDESCRIBED];
});
afterAll(async () => {
  await calls.stop();
  await api.stop();
});

/** Sends bytes and judges the answer: never a 5xx, and no code but those of the catalogue. */
async function judge(bytes: Buffer, what = 'bytes'): Promise<RawAnswer & { told: string }> {
  const answer = await answered(() => sendBytes(api.url, bytes));
  const { status, type, code } = answer;
  const told = `${what}: ${status} ${type} ${code}`;
  expect(status < 500, told).toBe(true);
  if (code !== undefined && status >= 400) expect(CODES, told).toContain(code);
  expectNoPollution();
  return { ...answer, told };
}

const anyText = fc.oneof(fc.constantFrom(...hostileTexts.filter((text) => text.length < 8000)), fc.string());
const parameter = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: anyText.map(encodeLoosely) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('0', '-1', '1e3', '9'.repeat(30), '%00', '%2e%2e', '..', '%', '*', 'call-1-x'),
  },
);
const query = fc.array(
  fc.tuple(fc.constantFrom('limit', 'after', 'state', 'from', 'format', '__proto__', 'x'), anyText),
  { maxLength: 3 },
);
const header = fc.tuple(
  fc.constantFrom('Idempotency-Key', 'Accept', 'X-Forwarded-For', 'Content-Encoding', 'Expect', 'Cookie', 'webhook-id'),
  anyText,
);
const headers = fc.array(header, { maxLength: 2 });
const type = fc.oneof(
  { weight: 4, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    ...['application/json; charset=utf-16', 'text/plain', '', 'application/x-www-form-urlencoded'],
    ...['multipart/form-data', 'application/xml', '\u0001'],
  ),
);

/** Bodies that are nearly right, any JSON, and any bytes. */
function bodiesOf({ path }: Route): fc.Arbitrary<string | Buffer> {
  return fc.oneof(
    { weight: 4, arbitrary: mutated(BODIES[path] ?? {}).map((one) => JSON.stringify(one)) },
    { weight: 2, arbitrary: hostileValue.map((one) => JSON.stringify(one) ?? '') },
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.string().map((text) => gzipSync(text)),
    fc.constantFrom('[', '{"a":', '[1,]', '\ufeff{}', '{"a":1}{"b":2}', '['.repeat(100_000), '"\\ud800"', 'NaN'),
  );
}

function encodeLoosely(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString()).slice(0, 3000);
}

/** The path with an account, an id that might be one, and whatever is put instead. */
function filled(path: string, parameters: readonly (string | null)[]): string {
  const likely: Record<string, string> = { account: '1', flow: 'ordrstat', version: '1', contact: uuid, request: uuid };
  let at = 0;
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => parameters[at++] ?? likely[name] ?? 'abcdefgh');
}

describe('F7: whatever is sent to the API, there is an answer within 2 seconds, and never a 5xx', () => {
  it('knows every route', () => {
    expect(routes.length).toBeGreaterThan(40);
    const paths = new Set(routes.map(({ path }) => path));
    expect(Object.keys(BODIES).filter((path) => !paths.has(path))).toEqual([]);
  });

  it(
    'bodies, parameters, queries and headers of any kind',
    async () => {
      const input = fc.constantFrom(...routes).chain((route) =>
        fc.record({
          ...{ route: fc.constant(route), body: bodiesOf(route), query, headers, type },
          parameters: fc.array(parameter, { maxLength: 3 }),
          who: fc.constantFrom(key, key, OPERATOR_KEY),
        }),
      );
      await fc.assert(
        fc.asyncProperty(input, async ({ route, body, query, headers, type, parameters, who }) => {
          const asked = query.map(([name, value]) => `${name}=${encodeLoosely(value)}`).join('&');
          const path = filled(route.path, parameters) + (asked === '' ? '' : `?${asked}`);
          const clean = headers.map(([name, value]): [string, string] => [name, value.replace(/[\r\n\0]/g, ' ')]);
          const sent: [string, string][] = [['Host', 'localhost'], ['Authorization', `Bearer ${who}`], ...clean];
          if (type !== '') sent.push(['Content-Type', type]);
          const without = route.method === 'GET' || route.method === 'DELETE';
          const request = requestOf(route.method, path, sent, without ? '' : body);
          const { status, type: answeredAs, code, told } = await judge(request, `${route.method} ${route.path}`);
          if (status >= 400) expect([answeredAs, typeof code], told).toEqual(['application/problem+json', 'string']);
        }),
        bounded(),
      );
    },
    PATIENCE,
  );

  it(
    'requests that are hardly HTTP',
    async () => {
      const pieces = [
        ...['GET ', 'POST ', '/v1/accounts', ' HTTP/1.1', ' HTTP/9.9', '\r\n', '\r\n\r\n', 'Host: a', ': '],
        ...['Transfer-Encoding: chunked', 'Content-Length: 5', 'Content-Length: -1', '0\r\n\r\n', 'ffffffff\r\n'],
        ...[`X: ${'y'.repeat(20_000)}`, `Authorization: Bearer ${OPERATOR_KEY}`, 'Connection: upgrade'],
      ];
      const parts = fc.array(
        fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: 'binary', maxLength: 10 })),
        { maxLength: 12 },
      );
      await fc.assert(
        fc.asyncProperty(parts, async (all) => {
          // What is no whole request waits for its end, so an impossible one comes after it.
          // Node refuses a request without `Host` by itself, without a document.
          await judge(Buffer.from(`${all.join('')}\r\n\r\n\0\0\r\n\r\n`, 'utf8'));
        }),
        bounded(),
      );
    },
    PATIENCE,
  );
});
