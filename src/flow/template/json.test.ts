import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillJson } from './json.js';
import { type Lookup } from '../values/fill.js';

const of =
  (values: Record<string, string>): Lookup =>
  (name) =>
    values[name.replace('$flow.key.', '')];
const fill = (template: string, x?: string) => fillJson(template, 'fail', of(x === undefined ? {} : { x }));

it.each([
  'plain',
  'a "quoted" one',
  'back\\slash',
  '\n\r\t\u0000\u2028',
  '","admin":true,"x":"',
  '\\',
  '\ud83d\ude00',
  '${flow.key.x}',
])('T3: inside quotes %j is escaped and read back as it was', (x) => {
  expect(JSON.parse(fill('{"a":"<$flow.key.x>"}', x))).toEqual({ a: `<${x}>` });
});

it('T3: half a surrogate pair is escaped, so that the body is well-formed UTF-8', () => {
  expect(fill('{"a":"$flow.key.x"}', '\ud800')).toBe('{"a":"\\ud800"}');
});

it.each([
  ['12345678901234567890', '12345678901234567890'],
  ['1.0', '1.0'],
  ['1e3', '1e3'],
  ['true', 'true'],
  ['null', 'null'],
  ['[1, {"a": 2.50}]', '[1, {"a": 2.50}]'],
  ['{"b":[]}', '{"b":[]}'],
  ['"a string"', '"\\"a string\\""'],
  ['plain', '"plain"'],
  ['', '""'],
  ['01', '"01"'],
  ['1,"admin":true', '"1,\\"admin\\":true"'],
  ['NaN', '"NaN"'],
])('T3: outside quotes %j goes in as %s', (x, inserted) => {
  expect(fill('{"a":$flow.key.x}', x)).toBe(`{"a":${inserted}}`);
});

it('T3: escaped quotes in the template do not end its string, and $$ is a dollar', () => {
  expect(JSON.parse(fill('{"a\\"b":"\\\\","c":"say \\"$flow.key.x\\" for $$1"}', '"'))).toEqual({
    'a"b': '\\',
    c: 'say """ for $1',
  });
});

it.each(['{"a":$flow.key.x', '{$flow.key.x:1}', '{"a":"b"$flow.key.x}', '{a:$flow.key.x}'])(
  'T3: %s gives no JSON, which is INVALID_REQUEST',
  (template) => {
    const refusal = expect.objectContaining({
      reason: 'INVALID_REQUEST',
      message: expect.not.stringContaining('4711'),
    });
    expect(() => fill(template, '{"secret":4711}')).toThrow(refusal);
  },
);

it('T3: the message says where the body is wrong', () => {
  expect(() => fill('{"a":$flow.key.x', '1')).toThrow(/position 6/);
});

it.each(['"\\$flow.key.x"', '"\\u00$flow.key.x"'])('T3: in %s a value cannot become part of an escape', (template) => {
  expect(() => fill(template, '"')).toThrow(expect.objectContaining({ reason: 'INVALID_REQUEST' }));
});

it('W5: an absent variable fails, or is empty in quotes and null outside', () => {
  expect(() => fill('{"a":$flow.key.x}')).toThrow(expect.objectContaining({ reason: 'INVALID_FLOW_VAR' }));
  expect(fillJson('{"a":$flow.key.x,"b":"<$flow.key.x>"}', 'empty', of({}))).toBe('{"a":null,"b":"<>"}');
});

it('T3: in a body written as a JSON value the strings are templates, the keys are not', () => {
  const content = { '$flow.key.x': ['$flow.key.x', 1, true, null, { b: 'n: ${flow.key.x}' }] };
  expect(JSON.parse(fillJson(content, 'fail', of({ x: '5"' })))).toEqual({
    '$flow.key.x': ['5"', 1, true, null, { b: 'n: 5"' }],
  });
  expect(() => fillJson({ a: '$flow.key.y' }, 'fail', of({}))).toThrow(
    expect.objectContaining({ reason: 'INVALID_FLOW_VAR' }),
  );
  expect(fillJson({ a: '$flow.key.y' }, 'empty', of({}))).toBe('{"a":""}');
});

it('T3: whatever the values, a body keeps its shape', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.oneof(fc.string(), fc.json()), (x, y) => {
      const filled: unknown = JSON.parse(
        fillJson('{"a":"$flow.key.x","b":["$flow.key.y-$flow.key.x"],"c":$flow.key.y}', 'fail', of({ x, y })),
      );
      let c: unknown = y;
      try {
        const parsed: unknown = JSON.parse(y);
        if (typeof parsed !== 'string') c = parsed;
      } catch {
        // Not JSON: it goes in as a string.
      }
      expect(JSON.stringify(filled)).toEqual(JSON.stringify({ a: x, b: [`${y}-${x}`], c }));
    }),
    { numRuns: 300 },
  );
});
