import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { framedHead, UnreadableHead } from '../../src/http/answers/framing.js';
import { bytes, runTask, Target, taskFor } from '../support/target.js';

let target: Target;
beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.stop());

const OK = 'HTTP/1.1 200 OK\r\n';
let paths = 0;

/** Sends one request, which may be repeated twice, to a target that answers with these bytes. */
async function ask(raw: string, widget: { method?: string; response?: unknown } = {}, settledBy?: 'status') {
  const path = `/framing-${++paths}`;
  target.on(path, bytes(Buffer.from(raw, 'latin1'), { keep: true }));
  const { method = 'GET', response = { type: 'none' } } = widget;
  const task = taskFor(
    { request: { method, url: target.url(path) }, response, retry: { attempts: 3 } },
    { timeout: 3 },
  );
  const outcome = await runTask(settledBy ? { ...task, settledBy } : task);
  expect(outcome.attempts).toBe(target.of(path).length);
  return outcome;
}

describe('W13: HTTP decides where an answer ends', () => {
  const chunked = 'Transfer-Encoding: chunked\r\n';
  const chunks = '\r\n2\r\nok\r\n0\r\n\r\n';
  it.each([
    ['an equal Content-Length twice', 'Content-Length: 2\r\nContent-Length: 2\r\n\r\nok'],
    ['an equal Content-Length as a list', 'Content-Length: 2, 2\r\n\r\nok'],
    ['a Content-Length beside chunks, which decide', `Content-Length: 9\r\n${chunked}${chunks}`],
    ['chunks beside a Content-Length', `${chunked}Content-Length: 9\r\n${chunks}`],
    ['Transfer-Encoding twice', chunked + chunked + chunks],
    ['the coding identity, which is none', 'Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok'],
    ['a folded header', 'X: a\r\n  b\r\nContent-Length: 2\r\n\r\nok'],
    ['a blank before a colon', 'Content-Length : 2\r\n\r\nok'],
    ['line ends without CR', 'X: a\nContent-Length: 2\n\nok'],
  ])('W13: an answer with %s is read', async (_what, rest) => {
    expect(await ask(OK + rest)).toMatchObject({ line: 'success', statusCode: 200, raw: 'ok', attempts: 1 });
  });

  it.each([
    ['unequal lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    ['unequal lengths in a list', 'Content-Length: 2, 3\r\n\r\nok'],
    ['a length that is no number', 'Content-Length: +2\r\n\r\nok'],
    ['an empty length', 'Content-Length:\r\n\r\nok'],
    ['a length without bounds', `Content-Length: ${'9'.repeat(30)}\r\n\r\nok`],
    ['a line that is no header', 'Content-Length: 2\r\nno header\r\n\r\nok'],
    ['a control character in a header', 'Content-Length: 2\r\nX: a\x01b\r\n\r\nok'],
  ])('W13: an answer with %s is INVALID_RESPONSE and is not asked for again', async (_what, rest) => {
    expect(await ask(OK + rest)).toMatchObject({ reason: 'INVALID_RESPONSE', statusCode: 200, attempts: 1 });
  });

  it.each([
    ['204', 'with a length', 'Content-Length: 2\r\n\r\n'],
    ['204', 'with a length and its bytes', 'Content-Length: 2\r\n\r\nok'],
    ['204', 'with chunks', chunked + chunks],
    ['204', 'with unequal lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n'],
    ['205', 'without a length', '\r\n'],
    ['205', 'with a length', 'Content-Length: 2\r\n\r\n'],
    ['205', 'with a length and its bytes', 'Content-Length: 2\r\n\r\nok'],
  ])('W13: a %s %s has no body', async (status, _what, rest) => {
    const outcome = await ask(`HTTP/1.1 ${status} X\r\n${rest}`, { response: { type: 'json', map: [] } });
    expect(outcome).toMatchObject({ line: 'success', statusCode: Number(status), attempts: 1 });
    expect(outcome).not.toHaveProperty('raw');
  });

  it('W13, R3: a 304 with the length of the body that it leaves out is REDIRECTION, at once', async () => {
    const outcome = await ask('HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n');
    expect(outcome).toMatchObject({ reason: 'REDIRECTION', statusCode: 304, attempts: 1 });
  });

  it.each(['Content-Length: 2\r\n', 'Content-Length: 2\r\nContent-Length: 3\r\n', `Content-Length: 2\r\n${chunked}`])(
    'W13: an answer to HEAD with %j has no body',
    async (headers) => {
      const outcome = await ask(`${OK}${headers}\r\n`, { method: 'HEAD' });
      expect(outcome).toMatchObject({ line: 'success', statusCode: 200, attempts: 1 });
      expect(outcome).not.toHaveProperty('raw');
    },
  );

  it('W13: bytes after an answer without a body reach no later answer', async () => {
    target.on('/evil', (_request, _response, socket) => {
      socket.write('HTTP/1.1 204 No Content\r\nContent-Length: 40\r\n\r\n');
      setTimeout(() => socket.write(`${OK}Content-Length: 4\r\n\r\nevil`), 5);
    });
    target.on('/well', bytes(`${OK}Content-Length: 4\r\n\r\nwell`, { keep: true }));
    for (let turn = 0; turn < 5; turn++) {
      await runTask(taskFor({ request: { url: target.url('/evil') } }));
      expect(await runTask(taskFor({ request: { url: target.url('/well') } }))).toMatchObject({ raw: 'well' });
    }
  });

  it('W13: whatever a head says of its length, it says it once, or is refused', () => {
    const length = fc.oneof(fc.nat(99).map(String), fc.constantFrom('2', '02', '', 'x', '-1', '9'.repeat(20)));
    const field = fc.oneof(
      length.map((value) => `Content-Length: ${value}`),
      fc.tuple(length, length).map(([one, other]) => `content-length:${one},${other}`),
      fc.constantFrom('Transfer-Encoding: chunked', 'transfer-encoding: identity', 'X: y', 'Connection: keep-alive'),
    );
    const status = fc.constantFrom(200, 201, 204, 205, 304, 404, 503);
    fc.assert(
      fc.property(fc.array(field, { maxLength: 5 }), status, fc.boolean(), (fields, code, toHead) => {
        const head = [`HTTP/1.1 ${code} X`, ...fields, '', ''].join('\r\n');
        const written = (() => {
          try {
            return framedHead(head, code, toHead).text;
          } catch (error) {
            expect(error).toBeInstanceOf(UnreadableHead);
            return undefined;
          }
        })();
        if (written === undefined) {
          expect(toHead || [204, 205, 304].includes(code)).toBe(false);
          return;
        }
        const lengths = [...written.matchAll(/^content-length: *(.*)\r$/gim)].map(([, value]) => value);
        expect(lengths.length + (/^transfer-encoding/im.test(written) ? 1 : 0)).toBeLessThanOrEqual(1);
        for (const value of lengths) expect(value).toMatch(/^\d{1,16}$/);
        if (!toHead && [204, 205, 304].includes(code)) expect(lengths).toEqual(['0']);
      }),
    );
  });
});

describe('W13: Content-Type', () => {
  const typed = (types: string[], body = '{"a":1}') =>
    `${OK}${types.map((type) => `Content-Type: ${type}\r\n`).join('')}Content-Length: ${body.length}\r\n\r\n${body}`;
  const response = { type: 'json', map: [{ saveIn: '$flow.key.a', path: 'data.a', mandatory: true }] };

  it.each([
    [['application/json; charset=utf-8', 'application/json; charset=utf-8']],
    [['application/json; charset=utf-8, application/json; charset=utf-8']],
    [['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"']],
    [['application/json; q="a,b"', 'application/json; q="a,b"']],
  ])('W13: equal ones, %j, count once', async (types) => {
    expect(await ask(typed(types), { response })).toMatchObject({ line: 'success', rows: [['$flow.key.a', '1']] });
  });

  it.each([
    [['application/json; charset=utf-8', 'application/json; charset=iso-8859-1']],
    [['application/json', 'text/html']],
    [['application/json, text/html']],
  ])('W13: unequal ones, %j, are INVALID_RESPONSE and not asked for again', async (types) => {
    const outcome = await ask(typed(types), { response });
    expect(outcome).toMatchObject({ reason: 'INVALID_RESPONSE', statusCode: 200, attempts: 1 });
    expect(outcome.detail).toContain('Content-Type');
  });
});

describe('W13: what the status alone settles', () => {
  it.each([
    ['a coding that is not known', `${OK}Content-Encoding: zstd\r\nContent-Length: 2\r\n\r\nok`],
    ['a text in Latin-1 without its charset', `${OK}Content-Length: 1\r\n\r\n\xe4`],
    ['unequal lengths', `${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`],
    ['a line that is no header', `${OK}no header\r\n\r\n`],
    ['chunks that are none', `${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['a body that never ends', `${OK}Content-Length: 9\r\n\r\nok`],
  ])('W13: a 200 with %s is a success, sent once', async (_what, raw) => {
    const outcome = await ask(raw, { method: 'POST' }, 'status');
    expect(outcome).toMatchObject({ line: 'success', statusCode: 200, attempts: 1, rows: [] });
    expect(outcome).not.toHaveProperty('reason');
    expect(outcome).not.toHaveProperty('detail');
  });

  it('W13, H4: another status is what it is, and a connection that broke before the status is tried again', async () => {
    const refused = await ask('HTTP/1.1 400 No\r\nContent-Encoding: zstd\r\n\r\n', { method: 'POST' }, 'status');
    expect(refused).toMatchObject({ line: 'failure', reason: 'CLIENT_ERROR', attempts: 1 });
    target.on('/cut', (_request, _response, socket) => void socket.end('HTTP/1.1 20'));
    const task = taskFor({ request: { method: 'POST', url: target.url('/cut') }, retry: { attempts: 3 } });
    const cut = await runTask({ ...task, settledBy: 'status' });
    expect(cut).toMatchObject({ reason: 'CONNECTION_FAILURE', attempts: 3 });
  });
});
