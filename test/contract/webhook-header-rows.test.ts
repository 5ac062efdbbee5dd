import { afterAll, beforeAll, expect, it } from 'vitest';
import { answer, json, runTask, Target, taskFor } from '../support/target.js';

let target: Target;
beforeAll(async () => {
  target = await Target.start();
  target
    .on('/created', answer(201, '', { location: '/orders/77', 'x-name': Buffer.from('Zoë').toString('latin1') }))
    .on(
      '/cookies',
      (_request, response) =>
      response.writeHead(200, [['X-Step', 'one'], ['X-Step', 'two'], ['Content-Type', 'application/json']].flat()).end('{"a":1}'), // prettier-ignore
    )
    .on('/busy', answer(429, 'wait', { 'retry-after': '120' }))
    .on('/string', json({ payload: '{"order":{"id":12345678901234567890}}', soap: '<r xmlns="urn:x"><n>7</n></r>' }))
    .on('/cdata', answer(200, '<e><inner><![CDATA[{"code":"OK","list":[1,2]}]]></inner><empty/></e>'));
});
afterAll(() => target.stop());

const ask = (path: string, response: object, method = 'POST') =>
  runTask(taskFor({ request: { url: target.url(path), method }, response }));
const header = (name: string, more = {}) => ({ saveIn: '$flow.key.h', header: name, ...more });

it('R6b: a row takes a header, in any case, without a body and with response type none', async () => {
  const rows = [header('Location', { mandatory: true }), { saveIn: '$flow.key.name', header: 'X-NAME' }];
  for (const type of ['none', 'json']) {
    expect(await ask('/created', { type, map: rows })).toMatchObject({
      line: 'success',
      rows: [['$flow.key.h', '/orders/77'], ['$flow.key.name', 'Zoë']], // prettier-ignore
      savedIn: ['$flow.key.h', '$flow.key.name'],
    });
  }
});

it('R6b, R6: an optional header that is not there leaves its variable; a mandatory one fails, and no row is written', async () => {
  expect(await ask('/created', { type: 'none', map: [header('X-None')] })).toMatchObject({ line: 'success', rows: [] });
  const failed = await ask('/cookies', { type: 'json', map: [{ saveIn: '$flow.key.a', path: 'data.a' }, header('X-None', { mandatory: true })] }); // prettier-ignore
  expect(failed).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE_MAP', rows: [] });
  expect(failed.detail).toBe('The answer had no header X-None, which is mandatory.');
});

it('R6b, R5: several headers of a name are an array', async () => {
  expect((await ask('/cookies', { type: 'none', map: [header('x-step')] })).rows.slice(0, 3)).toEqual([
    ['$flow.key.h_1', 'one'],
    ['$flow.key.h_2', 'two'],
    ['$flow.key.h_size', '2'],
  ]);
});

it('R6b, R7: a failure answer gives its headers, whatever its body is', async () => {
  for (const type of ['none', 'json', 'xml']) {
    const read = await ask('/busy', { type: 'none', onFailure: { type, map: [header('Retry-After')] } });
    expect(read).toMatchObject({ reason: 'CLIENT_ERROR', rows: type === 'none' ? [['$flow.key.h', '120']] : [] });
  }
});

it('R6b, V3: JSON within a JSON string, and XML in one, are read on', async () => {
  const map = [
    { saveIn: '$flow.key.id', path: 'data.payload', parse: 'json', then: 'data.order.id', mandatory: true },
    { saveIn: '$flow.key.n', path: 'data.soap', parse: 'xml', then: "//*[local-name()='n']" },
  ];
  expect((await ask('/string', { type: 'json', map })).rows).toEqual([
    ['$flow.key.id', '12345678901234567890'],
    ['$flow.key.n', '7'],
  ]);
});

it('R6b: JSON in CDATA is read on, and an empty text holds nothing', async () => {
  const then = { parse: 'json', then: 'data.code' };
  const map = [{ saveIn: '$flow.key.c', path: '//inner', ...then }, { saveIn: '$flow.key.e', path: '//empty', ...then }]; // prettier-ignore
  expect((await ask('/cdata', { type: 'xml', map })).rows).toEqual([['$flow.key.c', 'OK']]);
  const list = { saveIn: '$flow.key.l', path: '//inner', parse: 'json', then: 'data.list' };
  expect((await ask('/cdata', { type: 'xml', map: [list] })).rows.slice(0, 3)).toEqual([
    ['$flow.key.l_1', '1'],
    ['$flow.key.l_2', '2'],
    ['$flow.key.l_size', '2'],
  ]);
  expect(await ask('/cdata', { type: 'xml', map: [{ ...map[1], mandatory: true }] })).toMatchObject({
    reason: 'INVALID_RESPONSE_MAP',
    detail: 'The answer had no value at //empty, which is mandatory.',
  });
});

it('R6b: a text that does not parse, or a list of texts, is named by its path', async () => {
  const soap = { saveIn: '$flow.key.s', path: 'data.soap', parse: 'json', then: 'data.a' };
  expect(await ask('/string', { type: 'json', map: [soap] })).toMatchObject({
    reason: 'INVALID_RESPONSE',
    detail: expect.stringMatching(/^The text at data\.soap is not JSON/) as string,
  });
  expect(await ask('/string', { type: 'json', map: [{ ...soap, path: 'data.*' }] })).toMatchObject({
    reason: 'INVALID_RESPONSE_MAP',
    detail: 'The path data.* found several values, and only one text can be read on.',
  });
  const lacking = { ...soap, parse: 'xml', then: '//n', mandatory: true };
  expect((await ask('/string', { type: 'json', map: [lacking] })).detail).toContain('is in namespace urn:x');
});
