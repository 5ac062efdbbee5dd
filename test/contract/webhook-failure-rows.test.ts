import { afterAll, beforeAll, expect, it } from 'vitest';
import { answer, json, runTask, Target, taskFor } from '../support/target.js';

let target: Target;
beforeAll(async () => {
  target = await Target.start();
  target
    .on('/locked', answer(423, '{"code":"LOCKED","slots":[1,2]}'))
    .on('/fault', answer(500, '<f><reason>closed</reason></f>'))
    .on('/large', answer(400, JSON.stringify({ code: 'x'.repeat(70_000) })))
    .on('/moved', answer(302, '{"code":"MOVED"}'))
    .on('/ok', json({ code: 'FINE' }));
});
afterAll(() => target.stop());

const ask = (path: string, response: object, variables = {}) =>
  runTask(taskFor({ request: { method: 'POST', url: target.url(path) }, response }, { variables }));
const row = (path: string) => ({ saveIn: '$flow.key.code', path });
const onFailure = { type: 'json', map: [row('data.code')] };
const response = { type: 'json', map: [{ ...row('data.other'), mandatory: true }], onFailure };

it('R7: a failure answer is read by rows of its own, and those for successes are not applied', async () => {
  expect(await ask('/locked', response)).toMatchObject({
    ...{ line: 'failure', reason: 'CLIENT_ERROR', statusCode: 423 },
    ...{ rows: [['$flow.key.code', 'LOCKED']], savedIn: ['$flow.key.code'], raw: '{"code":"LOCKED","slots":[1,2]}' },
  });
  const list = { type: 'none', onFailure: { ...onFailure, map: [{ saveIn: '$flow.key.slot', path: 'data.slots' }] } };
  expect((await ask('/locked', list)).rows.slice(0, 3)).toEqual([
    ['$flow.key.slot_1', '1'],
    ['$flow.key.slot_2', '2'],
    ['$flow.key.slot_size', '2'],
  ]);
});

it('R7: its type may be another: a SOAP fault', async () => {
  const xml = { ...response, onFailure: { type: 'xml', map: [row('/f/reason')] } };
  expect(await ask('/fault', xml)).toMatchObject({
    reason: 'SERVER_ERROR',
    rows: [['$flow.key.code', 'closed']],
  });
});

it('R7: what finds nothing, and an answer that does not parse, change no reason', async () => {
  expect(await ask('/locked', { ...response, onFailure: { type: 'json', map: [row('data.none')] } })).toMatchObject({
    ...{ reason: 'CLIENT_ERROR', detail: 'The target answered 423 (Locked).', rows: [] },
  });
  expect(await ask('/fault', response)).toMatchObject({ reason: 'SERVER_ERROR', rows: [] });
});

it('R7: a success and a redirection are not read by them', async () => {
  const success = { type: 'json', map: [row('data.code')], onFailure: { type: 'json', map: [row('data.none')] } };
  expect(await ask('/ok', success)).toMatchObject({ line: 'success', rows: [['$flow.key.code', 'FINE']] });
  expect(await ask('/moved', response)).toMatchObject({ reason: 'REDIRECTION', rows: [] });
});

it('R7, V6: values over a limit give VARIABLE_LIMIT, and none is written', async () => {
  expect(await ask('/large', response)).toMatchObject({
    line: 'failure',
    reason: 'VARIABLE_LIMIT',
    statusCode: 400,
    rows: [],
  });
});

it('R7, V4: a variable in a path of theirs that is absent is found before anything is sent', async () => {
  const before = target.received.length;
  const withVariable = { ...response, onFailure: { type: 'json', map: [row("data['$flow.key.name']")] } };
  expect(await ask('/locked', withVariable)).toMatchObject({ reason: 'INVALID_FLOW_VAR', attempts: 0 });
  expect(target.received).toHaveLength(before);
  expect((await ask('/locked', withVariable, { '$flow.key.name': 'code' })).rows).toEqual([
    ['$flow.key.code', 'LOCKED'],
  ]);
});
