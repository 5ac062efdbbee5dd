import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer, type Behaviour, bytes, drip, json, reset, runTask, Target, taskFor } from '../support/target.js';

let target: Target;
beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.stop());

const MIB = 1024 * 1024;
const map = (...rows: [saveIn: string, path: string, mandatory?: boolean][]) =>
  rows.map(([name, path, mandatory = false]) => ({ saveIn: `$flow.key.${name}`, path, mandatory }));
const asJson = (...rows: Parameters<typeof map>) => ({ type: 'json', map: map(...rows) });

let paths = 0;
function receive(behaviour: Behaviour, response: unknown = { type: 'none' }, request: object = {}, timeout = 5) {
  const path = `/answer-${++paths}`;
  target.on(path, behaviour);
  const widget = { request: { url: target.url(path), ...request }, response, retry: { attempts: 1 } };
  return runTask(taskFor(widget, { timeout }));
}

describe('R1, R2, R3: statuses', () => {
  it.each([200, 201, 202, 204, 206, 299])('R1: status %i is a success', async (status) => {
    const outcome = await receive(answer(status));
    expect(outcome).toMatchObject({ line: 'success', statusCode: status, attempts: 1, rows: [], truncated: false });
    expect(outcome).not.toHaveProperty('reason');
    expect(outcome).not.toHaveProperty('detail');
  });

  it.each([
    [300, 'REDIRECTION'],
    [304, 'REDIRECTION'],
    [399, 'REDIRECTION'],
    [400, 'CLIENT_ERROR'],
    [401, 'CLIENT_ERROR'],
    [404, 'CLIENT_ERROR'],
    [407, 'CLIENT_ERROR'],
    [499, 'CLIENT_ERROR'],
    [500, 'SERVER_ERROR'],
    [503, 'SERVER_ERROR'],
    [599, 'SERVER_ERROR'],
  ])('R3: status %i gives %s', async (status, reason) => {
    const outcome = await receive(answer(status));
    expect(outcome).toMatchObject({ line: 'failure', statusCode: status, reason });
    expect(outcome.detail).toContain(String(status));
  });

  it.each([401, 407])('R3: status %i with auth set gives AUTHENTICATION_FAILURE', async (status) => {
    const auth = { type: 'basic', username: 'u', password: 'hunter2' };
    const outcome = await receive(answer(status, 'no', { 'www-authenticate': 'Basic' }), undefined, { auth });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'AUTHENTICATION_FAILURE', statusCode: status, raw: 'no' });
    expect(outcome.detail).not.toContain('hunter2');
  });

  it('R2: informational answers before the real one are skipped', async () => {
    const head = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nA: b\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n';
    const real = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
    expect(await receive(bytes(head + real))).toMatchObject({ line: 'success', statusCode: 200, raw: 'ok' });
  });

  it('R2: informational answers may come in pieces', async () => {
    const all = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
    const piecewise: Behaviour = (_request, _response, socket) => {
      [...all].forEach((char, at) => setTimeout(() => socket.write(char), at * 2));
    };
    expect(await receive(piecewise)).toMatchObject({ line: 'success', statusCode: 200, raw: 'ok' });
  });

  it.each([
    ['with', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['without', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ])('R2: a final 101 %s an upgrade gives INVALID_RESPONSE', async (_what, raw) => {
    expect(await receive(bytes(raw, { keep: true }))).toMatchObject({
      ...{ line: 'failure', reason: 'INVALID_RESPONSE', statusCode: 101 },
    });
  });

  it.each([600, 999])('R2: status %i gives INVALID_RESPONSE', async (status) => {
    const outcome = await receive(bytes(`HTTP/1.1 ${status} What\r\nContent-Length: 0\r\n\r\n`));
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE', statusCode: status });
  });

  it.each(['HTTP/1.1 099 Low\r\n\r\n', 'HTTP/1.1 2000 High\r\n\r\n', 'SSH-2.0-OpenSSH_9\r\n', '{"not":"http"}'])(
    'R2: %j gives INVALID_RESPONSE',
    async (raw) => {
      expect(await receive(bytes(raw))).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE' });
    },
  );

  it('R2: the duration is that of the last attempt, in seconds with at most 3 decimals', async () => {
    const outcome = await receive((...all) => void setTimeout(() => answer(200)(...all), 120));
    expect(outcome.duration).toBeGreaterThanOrEqual(0.11);
    expect(outcome.duration).toBeLessThan(2);
    expect(String(outcome.duration)).toMatch(/^\d+(\.\d{1,3})?$/);
  });

  it('R7: a failure answer gives its text; its mappings are not applied', async () => {
    const outcome = await receive(answer(422, '{"a":"why"}'), asJson(['a', 'data.a', true]));
    expect(outcome).toMatchObject({ line: 'failure', reason: 'CLIENT_ERROR', raw: '{"a":"why"}', rows: [] });
  });
});

describe('R3: connections that break', () => {
  it('R3: a reset gives CONNECTION_FAILURE', async () => {
    const outcome = await receive(reset);
    expect(outcome).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE', attempts: 1 });
    expect(outcome).not.toHaveProperty('statusCode');
  });

  it.each([
    ['shorter than its Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort'],
    ['cut in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc'],
    ['cut before its last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ])('R3: an answer that is %s gives CONNECTION_FAILURE', async (_what, raw) => {
    expect(await receive(bytes(raw))).toMatchObject({ reason: 'CONNECTION_FAILURE', statusCode: 200, rows: [] });
  });

  it('R3: an answer without a length ends with its connection', async () => {
    expect(await receive(bytes('HTTP/1.0 200 OK\r\n\r\nall'))).toMatchObject({ line: 'success', raw: 'all' });
  });

  it('R3: a head that is cut gives CONNECTION_FAILURE', async () => {
    expect(await receive(bytes('HTTP/1.1 20'))).toMatchObject({ reason: 'CONNECTION_FAILURE' });
    expect(await receive(bytes(''))).toMatchObject({ reason: 'CONNECTION_FAILURE' });
  });

  it('R3: headers without end give INVALID_RESPONSE', async () => {
    const outcome = await receive(bytes(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}`, { keep: true }));
    expect(outcome).toMatchObject({ reason: 'INVALID_RESPONSE' });
  });
});

describe('R4, R5, R6: mapping', () => {
  it('R4, R5: JSON and XML answers are mapped', async () => {
    const rows = asJson(['status', 'data.order.status', true], ['id', 'data.order.id'], ['items', 'data.items']);
    const body = '{"order":{"status":"sent","id":12345678901234567890},"items":["a","b"]}';
    const outcome = await receive(answer(200, body), rows);
    expect(outcome).toMatchObject({ line: 'success', raw: body });
    const written = Object.fromEntries(outcome.rows.filter(([, value]) => value !== null));
    expect(written).toEqual({
      ...{ '$flow.key.status': 'sent', '$flow.key.id': '12345678901234567890' },
      ...{ '$flow.key.items_1': 'a', '$flow.key.items_2': 'b', '$flow.key.items_size': '2' },
    });
    const xml = await receive(answer(200, '<o><s id="7">sent</s></o>'), {
      ...{ type: 'xml', map: map(['status', '/o/s', true], ['id', '/o/s/@id', true]) },
    });
    expect(xml).toMatchObject({
      line: 'success',
      rows: [
        ['$flow.key.status', 'sent'],
        ['$flow.key.id', '7'],
      ],
    });
  });

  it.each([
    ['json', '{"a":', 'a'],
    ['json', '<a/>', 'a'],
    ['xml', '<a>', '/a'],
    ['xml', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', '/a'],
  ])('R3: a 200 that is not %s (%j) gives INVALID_RESPONSE', async (type, body) => {
    const outcome = await receive(answer(200, body), { type, map: [] });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE', statusCode: 200, rows: [] });
  });

  it('R6: a mandatory row without a match gives INVALID_RESPONSE_MAP, and none is written', async () => {
    const outcome = await receive(json({ a: 1 }), asJson(['a', 'data.a'], ['b', 'data.b', true]));
    expect(outcome).toMatchObject({ reason: 'INVALID_RESPONSE_MAP', statusCode: 200, raw: '{"a":1}', rows: [] });
    expect(outcome.detail).toContain('data.b');
  });

  it('V6: a value over 64 KiB gives VARIABLE_LIMIT, and none is written', async () => {
    const outcome = await receive(json({ a: 'x'.repeat(64 * 1024 + 1) }), asJson(['a', 'data.a']));
    expect(outcome).toMatchObject({ line: 'failure', reason: 'VARIABLE_LIMIT', rows: [] });
    expect(await receive(json({ a: 'x'.repeat(64 * 1024) }), asJson(['a', 'data.a']))).toMatchObject({
      line: 'success',
    });
  });

  it('V6: values of more than 1 MiB together give VARIABLE_LIMIT', async () => {
    const rows = Array.from({ length: 18 }, (_, at): [string, string] => [`v${at}`, 'data.a']);
    const outcome = await receive(json({ a: 'x'.repeat(60 * 1024) }), asJson(...rows));
    expect(outcome).toMatchObject({ line: 'failure', reason: 'VARIABLE_LIMIT', rows: [] });
  });
});

describe('R8: answers without a body', () => {
  it.each([
    ['HEAD', answer(200, '', { 'content-length': '5' }), 'HEAD'],
    ['204', answer(204), 'GET'],
  ])('R8: %s has no text, and mandatory mappings fail', async (_what, behaviour, method) => {
    const without = await receive(behaviour, asJson(['a', 'data.a']), { method });
    expect(without).toMatchObject({ line: 'success', rows: [], truncated: false });
    expect(without).not.toHaveProperty('raw');
    const outcome = await receive(behaviour, asJson(['a', 'data.a', true]), { method });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE_MAP', rows: [] });
  });

  it.each([
    [200, 'json', 'data.a'],
    [201, 'xml', '/a'],
    [202, 'json', 'data.a'],
  ])(
    'R8: an empty body of a %i is a success when no %s row is mandatory, else INVALID_RESPONSE_MAP',
    async (...all) => {
      const [status, type, path] = all;
      const row = { saveIn: '$flow.key.a', path };
      const empty = answer(status, '', { 'content-type': `application/${type}` });
      const optional = await receive(empty, { type, map: [row] });
      expect(optional).toMatchObject({ line: 'success', statusCode: status, rows: [] });
      expect(optional).not.toHaveProperty('raw');
      const needed = await receive(empty, { type, map: [{ ...row, mandatory: true }] });
      expect(needed).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE_MAP', statusCode: status, rows: [] });
      expect(needed.detail).toContain('no body');
    },
  );

  it('R8: an empty body is no text, whatever coding it announces', async () => {
    for (const coding of ['identity', 'gzip', 'deflate', 'br']) {
      const outcome = await receive(answer(200, '', { 'content-encoding': coding }));
      expect(outcome).toMatchObject({ line: 'success', truncated: false });
      expect(outcome).not.toHaveProperty('raw');
    }
  });
});

describe('R8: sizes', () => {
  it('R8: 64 KiB are kept, more is cut on a character boundary', async () => {
    const exact = await receive(answer(200, 'x'.repeat(65_536)));
    expect(exact).toMatchObject({ line: 'success', truncated: false });
    expect(exact.raw).toHaveLength(65_536);
    const cut = await receive(answer(200, 'x'.repeat(65_537)));
    expect(cut).toMatchObject({ line: 'success', truncated: true, raw: 'x'.repeat(65_536) });
    const euros = await receive(answer(200, 'ab' + '€'.repeat(30_000)));
    expect(euros).toMatchObject({ truncated: true, raw: 'ab' + '€'.repeat(21_844) });
    const pairs = await receive(answer(200, 'a' + '😀'.repeat(20_000)));
    expect(pairs).toMatchObject({ truncated: true, raw: 'a' + '😀'.repeat(16_383) });
  });

  const jsonOf = (size: number) => `"${'x'.repeat(size - 2)}"`;

  it('R8: 1 MiB is parsed, more gives INVALID_RESPONSE', async () => {
    expect(await receive(answer(200, jsonOf(MIB)), asJson())).toMatchObject({ line: 'success', truncated: true });
    const outcome = await receive(answer(200, jsonOf(MIB + 1)), asJson());
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE', truncated: true, statusCode: 200 });
    expect(outcome.raw).toHaveLength(65_536);
  });

  it('R8: sizes are those of the text in UTF-8', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-16le' };
    const utf16 = (size: number) => Buffer.from(`\ufeff${jsonOf(size)}`, 'utf16le');
    expect(await receive(answer(200, utf16(MIB), headers), asJson())).toMatchObject({ line: 'success' });
    expect(await receive(answer(200, utf16(MIB + 1), headers), asJson())).toMatchObject({ reason: 'INVALID_RESPONSE' });
    const latin = Buffer.from(`"${'é'.repeat(600_000)}"`, 'latin1');
    const latinHeaders = { 'content-type': 'application/json; charset=iso-8859-1' };
    expect(await receive(answer(200, latin, latinHeaders), asJson())).toMatchObject({ reason: 'INVALID_RESPONSE' });
  });

  it.each(['ucs-2', 'unicode', 'iso-10646-ucs-2', 'utf16le'])(
    'R8: sizes in %s are those in UTF-8 too',
    async (label) => {
      const headers = { 'content-type': `application/json; charset=${label}` };
      const body = (size: number) => Buffer.from(jsonOf(size), 'utf16le');
      expect(await receive(answer(200, body(MIB), headers), asJson())).toMatchObject({ line: 'success' });
      expect(await receive(answer(200, body(MIB + 1), headers), asJson())).toMatchObject({
        reason: 'INVALID_RESPONSE',
      });
    },
  );

  it.each(['utf-16', 'ucs-2', 'unicode'])('R8: a byte order mark says which end comes first in %s', async (label) => {
    const headers = { 'content-type': `text/plain; charset=${label}` };
    const big = Buffer.from('\ufeffhallo', 'utf16le').swap16();
    expect(await receive(answer(200, big, headers))).toMatchObject({ raw: 'hallo' });
  });

  it('R8: with response type none a larger answer is a success, and reading stops there', async () => {
    const path = '/endless';
    target.on(path, drip('x'.repeat(64 * 1024), 1));
    const outcome = await runTask(taskFor({ request: { url: target.url(path) } }));
    expect(outcome).toMatchObject({ line: 'success', statusCode: 200, truncated: true });
    expect(outcome.raw).toHaveLength(65_536);
    await target.of(path)[0]?.closed;
  });

  it('R8: reading stops at 1 MiB even when nothing more comes', async () => {
    const outcome = await receive(drip(Buffer.alloc(MIB + 10, 'x'), 1, 1));
    expect(outcome).toMatchObject({ line: 'success', truncated: true });
    const packed = { 'content-encoding': 'gzip' };
    // The end of the coding never comes, for the answer never ends.
    const gzip = await receive(drip(gzipSync(Buffer.alloc(8 * MIB, 'x')), 1, 1, packed));
    expect(gzip).toMatchObject({ line: 'success', truncated: true });
  });

  it('R8: an endless answer of a parsed type gives INVALID_RESPONSE', async () => {
    const outcome = await receive(drip('x'.repeat(64 * 1024), 1), asJson());
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE', truncated: true });
  });

  it('R7, R8: a failure answer that is too large keeps its reason', async () => {
    const outcome = await receive(answer(500, 'x'.repeat(2 * MIB)), asJson());
    expect(outcome).toMatchObject({ reason: 'SERVER_ERROR', statusCode: 500, truncated: true });
  });
});

describe('R8: content codings', () => {
  const text = '{"a":"gepackt"}';
  const packed = Buffer.from(text);
  it.each([
    ['gzip', gzipSync(packed)],
    ['GZIP', gzipSync(packed)],
    ['x-gzip', gzipSync(packed)],
    ['deflate', deflateSync(packed)],
    ['deflate', deflateRawSync(packed)],
    ['deflate', Buffer.concat([deflateSync(packed), Buffer.from('\n')])],
    ['deflate', Buffer.concat([deflateRawSync(packed), Buffer.from('more')])],
    ['br', brotliCompressSync(packed)],
    ['identity', packed],
    ['UTF-8', packed],
    ['none', packed],
    ['iso-8859-1, gzip', gzipSync(packed)],
    ['deflate, gzip', gzipSync(deflateSync(packed))],
    ['gzip, br', brotliCompressSync(gzipSync(packed))],
  ])('R8: %s is decoded', async (coding, body) => {
    const outcome = await receive(answer(200, body, { 'content-encoding': coding }), asJson(['a', 'data.a', true]));
    expect(outcome).toMatchObject({ line: 'success', raw: text, rows: [['$flow.key.a', 'gepackt']] });
  });

  it.each([
    ['zlib', deflateSync(packed)],
    ['raw', deflateRawSync(packed)],
  ])('R8: bytes that come after the end of a deflated answer are no part of it (%s)', async (_format, body) => {
    const inParts: Behaviour = (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'deflate' });
      response.write(Buffer.concat([body, Buffer.from('\r')]));
      setTimeout(() => response.write('\n'), 20);
      setTimeout(() => response.end('more'), 40);
    };
    expect(await receive(inParts, asJson(['a', 'data.a', true]))).toMatchObject({ line: 'success', raw: text });
  });

  it.each([
    ['zstd', packed],
    ['gzip, compress', packed],
    ['gzip, gzip, gzip, gzip', packed],
    ['gzip', packed],
    ['deflate', Buffer.from([0x78, 0x9c, 1, 2, 3])],
    ['br', packed],
    ['gzip', gzipSync(Buffer.alloc(5000, 'x')).subarray(0, -10)],
    ['deflate', deflateSync(Buffer.alloc(5000, 'x')).subarray(0, -6)],
    ['br', brotliCompressSync(Buffer.from(String(Math.PI).repeat(50))).subarray(0, -4)],
  ])('R8: %s that is unknown or broken gives INVALID_RESPONSE', async (coding, body) => {
    for (const response of [{ type: 'none' }, asJson()]) {
      const outcome = await receive(answer(200, body, { 'content-encoding': coding }), response);
      expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE', statusCode: 200 });
      expect(outcome).not.toHaveProperty('raw');
    }
  });

  it('R8: the detail names the coding that is not known', async () => {
    const outcome = await receive(answer(200, packed, { 'content-encoding': 'zstd' }), asJson());
    expect(outcome.detail).toContain('"zstd"');
  });

  it('R8: a broken coding does not hide the status of a failure', async () => {
    const outcome = await receive(answer(500, 'plain', { 'content-encoding': 'gzip' }));
    expect(outcome).toMatchObject({ reason: 'SERVER_ERROR', statusCode: 500 });
  });

  it('R8: a connection that breaks within a coding gives CONNECTION_FAILURE', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n';
    const outcome = await receive(bytes(Buffer.concat([Buffer.from(head), gzipSync(packed).subarray(0, 12)])));
    expect(outcome).toMatchObject({ reason: 'CONNECTION_FAILURE', statusCode: 200 });
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(100 * MIB))],
    ['deflate', deflateSync(Buffer.alloc(100 * MIB))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(100 * MIB)))],
    ['br', brotliCompressSync(Buffer.alloc(100 * MIB))],
  ])('R8: a bomb of %s is stopped at the limit', async (coding, bomb) => {
    const before = process.memoryUsage().rss;
    const outcome = await receive(answer(200, bomb, { 'content-encoding': coding }), asJson());
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE', truncated: true });
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * MIB);
    expect(await receive(answer(200, bomb, { 'content-encoding': coding }))).toMatchObject({ line: 'success' });
  });

  it('R8: a coding that is all padding is stopped too', async () => {
    // A gzip head whose file name never ends.
    const head = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
    const padded = Buffer.concat([head, Buffer.alloc(4 * MIB, 'n')]);
    const outcome = await receive(answer(200, padded, { 'content-encoding': 'gzip' }), asJson());
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE' });
  });
});

describe('R8: charsets', () => {
  const typed = (contentType: string) => ({ 'content-type': contentType });
  it.each([
    ['UTF-8 by default', Buffer.from('"ä€"'), 'application/json'],
    ['UTF-8 with a mark', Buffer.from('\ufeff"ä€"'), 'application/json'],
    ['UTF-16 by its mark', Buffer.from('\ufeff"ä€"', 'utf16le'), 'application/json'],
    ['UTF-16BE by its mark', Buffer.from('\ufeff"ä€"', 'utf16le').swap16(), 'application/json'],
    ['UTF-16 named, big end first', Buffer.from('\ufeff"ä€"', 'utf16le').swap16(), 'application/json; charset=UTF-16'],
    ['windows-1252', Buffer.from([0x22, 0xe4, 0x80, 0x22]), 'application/json; charset="windows-1252"'],
    ['ISO-8859-1, as the web reads it', Buffer.from([0x22, 0xe4, 0x80, 0x22]), 'application/json;Charset=ISO-8859-1'],
    ['CP858, which the web does not know', Buffer.from([0x22, 0x84, 0xd5, 0x22]), 'application/json; charset=cp858'],
    ['a charset beside another parameter', Buffer.from('"ä€"'), 'application/json; q="a;charset=x"; charset=utf-8'],
    ['no charset out of a quoted text', Buffer.from('"ä€"'), 'application/json; q="a;charset=iso-8859-7"'],
    ['a quoted pair in the charset', Buffer.from('"ä€"'), 'application/json; charset="utf\\-8"'],
    ['ISO-8859-15', Buffer.from([0x22, 0xe4, 0xa4, 0x22]), 'application/json; q=1; charset=iso-8859-15'],
  ])('R8: %s is decoded', async (_what, body, contentType) => {
    const outcome = await receive(answer(200, body, typed(contentType)), asJson(['a', 'data', true]));
    expect(outcome).toMatchObject({ line: 'success', raw: '"ä€"', rows: [['$flow.key.a', 'ä€']] });
  });

  it('R8: Content-Type goes before the XML prolog, the prolog before UTF-8', async () => {
    const body = Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><a>\u00e4</a>', 'latin1');
    expect((await receive(answer(200, body, typed('text/xml')))).raw).toContain('<a>ä</a>');
    const greek = await receive(answer(200, body, typed('text/xml; charset=iso-8859-7')));
    expect(greek.raw).toContain('<a>δ</a>');
  });

  it.each(['utf-16', 'UTF-16LE', 'ISO-10646-UCS-2', 'utf-32'])(
    'R8: a prolog that can be read as ASCII and claims %s is not believed',
    async (claim) => {
      const body = `<?xml version="1.0" encoding="${claim}"?><a>é</a>`;
      const rows = { type: 'xml', map: map(['a', '/a', true]) };
      const outcome = await receive(answer(200, body, typed('text/xml')), rows);
      expect(outcome).toMatchObject({ line: 'success', raw: body, rows: [['$flow.key.a', 'é']] });
    },
  );

  it.each([
    ['what is no charset', 'x', 'text/plain; charset=base64'],
    ['an unknown charset', 'x', 'text/plain; charset=klingon'],
    ['broken UTF-8', Buffer.from([0x61, 0xff, 0x62]), 'text/plain'],
    ['UTF-8 that ends in a character', Buffer.from('€').subarray(0, 2), 'text/plain'],
    ['half a unit of UTF-16', Buffer.from([0x61, 0, 0x62]), 'text/plain; charset=utf-16le'],
  ])('R8: %s gives INVALID_RESPONSE, with response type none too', async (_what, body, contentType) => {
    for (const response of [{ type: 'none' }, asJson()]) {
      const outcome = await receive(answer(200, body, typed(contentType)), response);
      expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE', statusCode: 200 });
      expect(outcome).not.toHaveProperty('raw');
    }
    expect(await receive(answer(404, body, typed(contentType)))).toMatchObject({ reason: 'CLIENT_ERROR' });
  });

  it('R8: a character that the limit cuts is no broken encoding', async () => {
    const outcome = await receive(answer(200, 'a' + '€'.repeat(600_000)));
    expect(outcome).toMatchObject({ line: 'success', truncated: true });
  });
});
