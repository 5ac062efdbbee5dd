import { expect, it } from 'vitest';
import { mapAnswer } from './map-answer.js';
import type { MapRow } from './map-rows.js';
import type { JsonDialect } from './map-json.js';
import { checkJsonPath } from './paths.js';

const mapJson = (text: string, rows: MapRow[], dialect: JsonDialect) =>
  mapAnswer(text, rows, { type: 'json', dialect });

const body = `{"order":{"id":12345678901234567890,"lines":[{"sku":"a","price":1.0},{"sku":"b","price":2.50}],"k-1":{"a.b":1,"c d":2,"x/y":{"~z":3}}},"n":null,"f":false}`;
const map = (path: string, text = body) =>
  mapJson(text, [{ saveIn: 'x', path, mandatory: false }], 'jsonpath-plus').rows;
/** What was found: the value of NAME, or the items of NAME_1 on. */
const found = (path: string, text = body) =>
  map(path, text).flatMap(([name, value]) => (name === 'x_size' || (value === null && name !== 'x') ? [] : [value]));

it.each<[string, (string | null)[]]>([
  ['data.order.id', ['12345678901234567890']],
  ['data.order.lines[1].price', ['2.50']],
  ['data.order.lines[*].sku', ['a', 'b']],
  ['data.order.lines[-1:].sku', ['b']],
  ['data.order.lines[0:1].sku', ['a']],
  ['data..price', ['1.0', '2.50']],
  ['data.order.lines', ['{"sku":"a","price":1.0}', '{"sku":"b","price":2.50}']],
  ["data.order['k-1']['a.b']", ['1']],
  ['data.order.k-1["c d"]', ['2']],
  ["data.order.k-1['x/y']^['c d']", ['2']],
  ['data.order.lines[0].sku^', ['{"sku":"a","price":1.0}']],
  ['data.order.lines[0].price^.sku', ['a']],
  ['data.order.lines[0]^^.id', ['12345678901234567890']],
  ['data.order.lines[0].*~', ['sku', 'price']],
  ['data.order~', ['order']],
  ['data.order.lines[1]~', ['1']],
  ['data.nothing', []],
  ['data.nothing~', []],
  ['data.n', [null]],
  ['data.f', ['false']],
  ['data.order^^^', []],
])('R4: in jsonpath-plus %s finds %j', (path, values) => {
  expect(checkJsonPath(path, 'jsonpath-plus')).toBeUndefined();
  expect(found(path)).toEqual(values);
});

it('R4: data alone is the body, whatever it is', () => {
  for (const text of ['0', 'false', '"s"', '{"a":1.0}'])
    expect(found('data', text)).toEqual([text.replace(/^"|"$/g, '')]);
  expect(map('data', 'null')).toEqual([['x', null]]);
});

it.each([
  ['data[?(@.a==1)]', 'script evaluation is off'],
  ['data.a[?(@.a)].b', 'script evaluation is off'],
  ['data[(@.length-1)]', 'script evaluation is off'],
  ['data..[?(@.a)]', 'script evaluation is off'],
  ['data[?@.a]', 'script evaluation is off'],
  ['data[-1]', '[-1:]'],
  ["data['a','b']", 'one name in brackets'],
  ["data['*']", 'expected'],
  ["data['1:2']", 'expected'],
  ["data['a^']", 'expected'],
  ["data['(1)']", 'expected'],
  ['data.`a', 'expected'],
  ['data.a~.b', '"~" stands at the end only'],
  ['data.a.', 'expected'],
  ['data~', 'neither name nor parent'],
  ['data^', 'neither name nor parent'],
  ['data.a#1', 'expected'],
  ['data[', 'expected'],
  ['data[:0]', 'expected'],
  ['data[1:0:2]', 'expected'],
  ['data.a b', 'expected'],
])('R4: in jsonpath-plus %s is refused, never silently wrong', (path, words) => {
  expect(checkJsonPath(path, 'jsonpath-plus')).toContain(words);
  expect(() => map(path)).toThrow(expect.objectContaining({ reason: 'INVALID_RESPONSE_MAP' }));
});

it.each(['__proto__', 'constructor', 'hasOwnProperty', 'length'])('R4: the key %s is a key like any other', (key) => {
  expect(found(`data['${key}'].n`, `{"${key}":{"n":1.0}}`)).toEqual(['1.0']);
  expect(found(`data['${key}']`, '{}')).toEqual([]);
});
