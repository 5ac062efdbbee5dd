import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mapAnswer } from '../../src/flow/mapping/map-answer.js';
import { webhook } from '../../src/flow/widgets/webhook.js';
import { validateFlow } from '../../src/flow/validation/validate.js';
import { answer, json, runTask, Target, taskFor } from '../support/target.js';

let target: Target;
beforeAll(async () => {
  target = await Target.start();
  target
    .on('/slots', json({ slots: [{ id: 7, at: '9:00' }, { id: 8 }, { id: 9, at: '11:30', tags: ['a', 'b'] }] }))
    .on('/one', json({ slots: { id: 7, at: '9:00' } }))
    .on('/none', json({ slots: null }))
    .on('/xml', answer(200, '<r><slot id="7"><at>9:00</at></slot><slot id="8"/></r>'))
    .on('/error', answer(422, '{"errors":[{"field":"date","code":"PAST"}]}'));
});
afterAll(() => target.stop());

const ask = (path: string, response: object, variables = {}) =>
  runTask(taskFor({ request: { url: target.url(path), method: 'POST' }, response }, { variables }));
const fields = [{ name: 'id', path: 'item.id', mandatory: true }, { name: 'at', path: 'item.at' }]; // prettier-ignore
const list = (more = {}) => ({ each: 'data.slots', saveIn: '$flow.key.slot', map: fields, ...more });
const present = ({ rows }: { rows: readonly (readonly [string, string | null])[] }) =>
  Object.fromEntries(rows.filter(([, value]) => value !== null).map(([name, value]) => [name.slice(10), value]));

it('R5b: a list of things is written by number and field; what an item lacks shifts nothing', async () => {
  const read = await ask('/slots', { type: 'json', map: [list()] });
  expect(present(read)).toEqual({
    ...{ slot_1_id: '7', slot_1_at: '9:00', slot_2_id: '8', slot_3_id: '9', slot_3_at: '11:30', slot_size: '3' },
  });
  expect(read.rows).toContainEqual(['$flow.key.slot_2_at', null]);
  expect(read.savedIn).toEqual(['$flow.key.slot']);
});

it('R5b: items come by their paths too, from an array alone, or as one thing that is no list', async () => {
  const filtered = await ask('/slots', { type: 'json', map: [list({ each: 'data.slots[?@.at]' })] });
  expect(present(filtered)).toMatchObject({ slot_1_id: '7', slot_2_id: '9', slot_size: '2' });
  const plus = await ask('/slots', { type: 'json', dialect: 'jsonpath-plus', map: [list({ each: 'data.slots[*]' })] });
  expect(present(plus)).toMatchObject({ slot_1_id: '7', slot_3_at: '11:30', slot_size: '3' });
  expect(present(await ask('/one', { type: 'json', map: [list()] }))).toEqual({ slot_1_id: '7', slot_1_at: '9:00', slot_size: '1' }); // prettier-ignore
  for (const path of ['/none', '/error'])
    expect(present(mapped(path === '/none' ? '{"slots":null}' : '{}'))).toEqual({ slot_size: '0' });
});

const mapped = (text: string, max = 20) =>
  mapAnswer(
    text,
    [{ saveIn: '$flow.key.slot', each: { path: 'data.slots' }, max, fields: [{ name: 'id', path: 'item.id', mandatory: false }] }], // prettier-ignore
    { type: 'json', dialect: 'rfc9535' },
  );

it('R5b: at most `max` items are written, 20 where the row does not say, and the size is the true one', async () => {
  const slots = JSON.stringify({ slots: Array.from({ length: 150 }, (_, id) => ({ id })) });
  target.on('/many', answer(200, slots));
  const defaulted = present(await ask('/many', { type: 'json', map: [list()] }));
  expect(defaulted).toMatchObject({ slot_20_id: '19', slot_size: '150' });
  expect(defaulted).not.toHaveProperty('slot_21_id');
  const most = present(await ask('/many', { type: 'json', map: [list({ max: 100 })] }));
  expect(most).toMatchObject({ slot_100_id: '99', slot_size: '150' });
  expect(most).not.toHaveProperty('slot_101_id');
});

it('R5b: a list within an item is its JSON text, and so are several matches', async () => {
  const map = [{ name: 'tags', path: 'item.tags' }, { name: 'all', path: 'item.tags[*]' }]; // prettier-ignore
  expect(present(await ask('/slots', { type: 'json', map: [list({ map })] }))).toMatchObject({
    ...{ slot_3_tags: '["a","b"]', slot_3_all: '["a","b"]' },
  });
});

it('R5b, R6: a mandatory field that an item lacks fails the answer, and nothing is written', async () => {
  const map = [{ name: 'at', path: 'item.at', mandatory: true }];
  expect(await ask('/slots', { type: 'json', map: [list({ map })] })).toMatchObject({
    ...{ line: 'failure', reason: 'INVALID_RESPONSE_MAP', rows: [] },
    detail: 'The answer had no value in item 2 at item.at, which is mandatory.',
  });
});

it('R5b: XML items are read by relative XPath; a field may look at the whole document', async () => {
  const map = [{ name: 'id', path: '@id' }, { name: 'at', path: 'at' }, { name: 'count', path: 'count(/r/slot)' }]; // prettier-ignore
  const row = { each: '//slot', saveIn: '$flow.key.slot', map };
  expect(present(await ask('/xml', { type: 'xml', map: [row] }))).toEqual({
    ...{ slot_1_id: '7', slot_1_at: '9:00', slot_1_count: '2', slot_2_id: '8', slot_2_count: '2', slot_size: '2' },
  });
  expect(await ask('/xml', { type: 'xml', map: [{ ...row, each: 'count(//slot)' }] })).toMatchObject({
    reason: 'INVALID_RESPONSE_MAP',
    detail: 'The path count(//slot) gives a value, and not the items of a list.',
  });
});

it('R5b, R7, V4: failure answers have lists too, and paths of a list take variables', async () => {
  const row = { each: 'data.errors[?@.field == "$flow.key.field"]', saveIn: '$flow.key.error', map: [{ name: 'code', path: 'item.code' }] }; // prettier-ignore
  const response = { type: 'none', onFailure: { type: 'json', map: [row] } };
  expect(present(await ask('/error', response, { '$flow.key.field': 'date' }))).toEqual({ error_1_code: 'PAST', error_size: '1' }); // prettier-ignore
  expect((await ask('/error', response)).reason).toBe('INVALID_FLOW_VAR');
});

it('R5b: whatever the items lack, the field of item n stands at number n', () => {
  const item = fc.record(
    { id: fc.string(), at: fc.oneof(fc.integer(), fc.boolean(), fc.string()) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(item, { maxLength: 120 }), fc.integer({ min: 1, max: 100 }), (slots, max) => {
      const values = present(mapped(JSON.stringify({ slots }), max));
      const expected = slots
        .slice(0, max)
        .flatMap(({ id }, at) => (id === undefined ? [] : [[`slot_${at + 1}_id`, id]]));
      expect(values).toEqual({ ...Object.fromEntries(expected), slot_size: String(slots.length) });
    }),
  );
});

const row = (more: object) => ({
  type: 'webhook',
  request: { method: 'GET', url: 'https://example.com' },
  response: { type: 'json', map: [{ saveIn: '$flow.key.slot', ...more }] },
});
const map = [{ name: 'id', path: 'item.id' }];

it.each([
  [{}, 'MISSING_FIELD', 'path'],
  [{ path: 'data.a', each: 'data.b', map }, 'INVALID_VALUE', 'each'],
  [{ each: 'data.b' }, 'MISSING_FIELD', 'map'],
  [{ path: 'data.b', map }, 'INVALID_VALUE', 'map'],
  [{ path: 'data.b', max: 3 }, 'INVALID_VALUE', 'max'],
  [{ each: 'data.b', map, mandatory: true }, 'INVALID_VALUE', 'mandatory'],
  [{ each: 'data.b', map, max: 101 }, 'INVALID_VALUE', 'max'],
  [{ each: 'data.b', map: [{ name: 'size', path: 'item.a' }] }, 'INVALID_VALUE', 'map/0/name'],
  [{ each: 'data.b', map: [{ name: 'unit_price', path: 'item.a' }] }, 'INVALID_VALUE', 'map/0/name'],
  [{ each: 'data.b', map: [{ name: 'id', path: 'data.id' }] }, 'INVALID_PATH', 'map/0/path'],
  [{ each: 'data.[b', map }, 'INVALID_PATH', 'each'],
  [{ path: 'data.a', parse: 'json' }, 'MISSING_FIELD', 'then'],
  [{ path: 'data.a', then: 'data.b' }, 'INVALID_VALUE', 'then'],
  [{ path: 'data.a', parse: 'json', then: '/b' }, 'INVALID_PATH', 'then'],
  [{ path: 'data.a', parse: 'xml', then: '//[' }, 'INVALID_PATH', 'then'],
  [{ header: 'Location', path: 'data.a' }, 'INVALID_VALUE', 'header'],
  [{ header: '$flow.key.name' }, 'INVALID_VALUE', 'header'],
  [{ header: 'Loc ation' }, 'INVALID_VALUE', 'header'],
])('R5b, R6b, D5: %j is %s at %s', (more, code, place) => {
  const flow = { hookline: 1, id: 'listflow', name: 'List', type: 'inbound', start: 'a', widgets: { a: row(more) } };
  const { errors } = validateFlow(flow);
  expect(errors.map((one) => [one.code, one.pointer])).toEqual([[code, `/widgets/a/response/map/0/${place}`]]);
});

it('R5b: two rows that take one list apart are warned of, with the rule that mends it', () => {
  const rows = ['data.items[*].id', 'data.items[*].name', 'data.other[*].id'].map((path, at) => ({ saveIn: `$flow.key.r${at}`, path })); // prettier-ignore
  const widget = { ...row({}), response: { type: 'json', map: rows } };
  const flow = { hookline: 1, id: 'listflow', name: 'List', type: 'inbound', start: 'a', widgets: { a: widget } };
  const { warnings } = validateFlow(flow);
  expect(warnings.filter(({ code }) => code === 'ROWS_MAY_SHIFT')).toEqual([
    { code: 'ROWS_MAY_SHIFT', pointer: '/widgets/a/response/map/1/path', message: expect.stringContaining('R5b') },
  ]);
  expect(webhook.safeParse(widget).success).toBe(true);
});
