import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapAnswer } from './map-answer.js';
import type { MapRow } from './map-rows.js';
import type { JsonDialect } from './map-json.js';
import { MappingError, type Write } from './write.js';

const mapJson = (text: string, rows: MapRow[], dialect: JsonDialect) =>
  mapAnswer(text, rows, { type: 'json', dialect });

const map = (text: string, path: string, mandatory = false): Write[] =>
  mapJson(text, [{ saveIn: '$flow.key.x', path, mandatory }], 'rfc9535').rows;
const value = (text: string, path: string) => map(text, path)[0]?.[1];
const nulls = (from: number): Write[] =>
  Array.from({ length: 21 - from }, (_, at) => [`$flow.key.x_${from + at}`, null]);

describe('R5: one value', () => {
  it.each([
    ['"text"', 'text'],
    ['""', ''],
    ['true', 'true'],
    ['false', 'false'],
    ['12345678901234567890', '12345678901234567890'],
    ['1.0', '1.0'],
    ['1e3', '1e3'],
    ['-0', '-0'],
    ['0.10', '0.10'],
    ['{"b":1.0,"c":[12345678901234567890,"é",null,true]}', '{"b":1.0,"c":[12345678901234567890,"é",null,true]}'],
    ['{}', '{}'],
  ])('V3, R5: %s becomes the text %s', (json, text) => {
    expect(map(`{"a": ${json}}`, 'data.a')).toEqual([['$flow.key.x', text]]);
  });

  it('R4: data alone is the whole body, a scalar too', () => {
    expect(value('{"a": 1.50}', 'data')).toBe('{"a":1.50}');
    for (const scalar of ['0', 'false', '"s"', '7']) expect(value(scalar, 'data')).toBe(scalar.replaceAll('"', ''));
  });

  it('R4: of a key that comes twice the last value counts', () => {
    expect(value('{"a":1,"a":{"b":2.0}}', 'data.a.b')).toBe('2.0');
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'length', ''])(
    'R4: the key %j is a key like any other',
    (key) => {
      expect(value(JSON.stringify({ other: 1 }), `data['${key}']`)).toBeUndefined();
      const body = `{"${key}": {"n": 1.0}, "a": {"${key}": 2.0}}`;
      expect(value(body, `data['${key}'].n`)).toBe('1.0');
      expect(value(body, 'data.a')).toBe(`{"${key}":2.0}`);
      expect(({} as Record<string, unknown>)['n']).toBeUndefined();
    },
  );

  it('R4: a filter compares numbers as numbers, and the value keeps its digits', () => {
    expect(value('[{"p": 1e1, "v": 7.00}, {"p": 9, "v": 8}]', 'data[?(@.p > 9.5)].v')).toBe('7.00');
  });
});

describe('R5: arrays', () => {
  it('R5: an array fills NAME_1 ... NAME_20 and NAME_size with its true length, and NAME stays as it was', () => {
    const items = Array.from({ length: 25 }, (_, at) => at + 1);
    const writes = map(JSON.stringify({ a: items }), 'data.a');
    expect(writes).toEqual([
      ...items.slice(0, 20).map((item) => [`$flow.key.x_${item}`, String(item)]),
      ['$flow.key.x_size', '25'],
    ]);
  });

  it('R5: a shorter array clears the rest of the twenty', () => {
    expect(map('{"a":["p",2.0]}', 'data.a')).toEqual([
      ['$flow.key.x_1', 'p'],
      ['$flow.key.x_2', '2.0'],
      ['$flow.key.x_size', '2'],
      ...nulls(3),
    ]);
  });

  it('R5: an empty array sets NAME_size to 0 and clears all twenty; it is a match of a mandatory row too', () => {
    expect(map('{"a":[]}', 'data.a')).toEqual([['$flow.key.x_size', '0'], ...nulls(1)]);
    expect(map('{"a":[]}', 'data.a', true)).toHaveLength(21);
  });

  it('R5: objects and arrays inside are their JSON text', () => {
    expect(map('[[1.0,2],{"a":null}]', 'data').slice(0, 3)).toEqual([
      ['$flow.key.x_1', '[1.0,2]'],
      ['$flow.key.x_2', '{"a":null}'],
      ['$flow.key.x_size', '2'],
    ]);
  });

  it('R6: null inside an array stays absent at its index', () => {
    expect(map('[1,null,3]', 'data').slice(0, 4)).toEqual([
      ['$flow.key.x_1', '1'],
      ['$flow.key.x_2', null],
      ['$flow.key.x_3', '3'],
      ['$flow.key.x_size', '3'],
    ]);
  });

  it('R5: a path with several matches behaves as an array, with one as that value', () => {
    const body = '{"o":[{"id":1},{"id":[2]},{"id":null}]}';
    expect(map(body, 'data.o[*].id').slice(0, 4)).toEqual([
      ['$flow.key.x_1', '1'],
      ['$flow.key.x_2', '[2]'],
      ['$flow.key.x_3', null],
      ['$flow.key.x_size', '3'],
    ]);
    expect(map(body, 'data.o[0:1].id')).toEqual([['$flow.key.x', '1']]);
    expect(map(body, 'data.o[1:2].id').slice(0, 2)).toEqual([
      ['$flow.key.x_1', '2'],
      ['$flow.key.x_size', '1'],
    ]);
  });
});

describe('R6: null, nothing, all or nothing', () => {
  it('R6: null clears the variable of an optional row', () => {
    expect(map('{"a":null}', 'data.a')).toEqual([['$flow.key.x', null]]);
  });

  it('R6: an optional row without a match writes nothing', () => {
    expect(map('{"a":1}', 'data.b')).toEqual([]);
    expect(map('{"a":1}', 'data.a.b[*]')).toEqual([]);
  });

  it.each([
    ['data.b', 'The answer had no value at data.b, which is mandatory.'],
    ['data.n', 'The answer had null at data.n, which is mandatory.'],
  ])('R6: a mandatory row at %s fails, and none of the rows is written', (path, message) => {
    const rows = [
      { saveIn: '$flow.key.a', path: 'data.a', mandatory: true },
      { saveIn: '$flow.key.b', path, mandatory: true },
    ];
    expect(() => mapJson('{"a":1,"n":null}', rows, 'rfc9535')).toThrow(
      expect.objectContaining({ reason: 'INVALID_RESPONSE_MAP', message }),
    );
  });

  it('R6: rows write in their order, to any namespace that can be written', () => {
    const rows = [
      { saveIn: '$user.key.list', path: 'data.l', mandatory: false },
      { saveIn: '$flow.syskey.s', path: 'data.s', mandatory: true },
    ];
    const { rows: writes } = mapJson('{"l":["a"],"s":"b"}', rows, 'rfc9535');
    expect(writes[0]).toEqual(['$user.key.list_1', 'a']);
    expect(writes.at(-1)).toEqual(['$flow.syskey.s', 'b']);
  });

  it('R5: an array clears no variable of another row, and the rows that wrote are named', () => {
    const rows = [
      { saveIn: '$flow.key.l_2', path: 'data.s', mandatory: false },
      { saveIn: '$flow.key.l', path: 'data.l', mandatory: false },
      { saveIn: '$flow.key.none', path: 'data.none', mandatory: false },
    ];
    const { rows: writes, savedIn } = mapJson('{"l":["a"],"s":"b"}', rows, 'rfc9535');
    expect(writes.filter(([name]) => name === '$flow.key.l_2')).toEqual([['$flow.key.l_2', 'b']]);
    expect(savedIn).toEqual(['$flow.key.l_2', '$flow.key.l']);
  });

  it.each(['rfc9535', 'jsonpath-plus'] as const)(
    'R3: a path that does not parse as %s is INVALID_RESPONSE_MAP when it is met in a call',
    (dialect) => {
      for (const path of ['order.id', 'data[', '$.a', '']) {
        expect(() => mapJson('{}', [{ saveIn: '$flow.key.x', path, mandatory: false }], dialect)).toThrow(
          expect.objectContaining({ reason: 'INVALID_RESPONSE_MAP' }),
        );
      }
    },
  );
});

describe('R3: what is not JSON', () => {
  it.each([
    '',
    ' ',
    '<html>',
    '{"a":1',
    '{"a":1}}',
    "{'a':1}",
    '[1,]',
    '{"a":01}',
    'NaN',
    'undefined',
    '"\n"',
    '\ufeff{}',
  ])('%j is INVALID_RESPONSE, with no row too', (text) => {
    expect(() => mapJson(text, [], 'rfc9535')).toThrow(expect.objectContaining({ reason: 'INVALID_RESPONSE' }));
  });

  it('the message says where, and does not show the answer', () => {
    const refusal = expect.objectContaining({ message: 'The answer is not JSON: wrong at position 15.' });
    expect(() => map('{"a":"hunter2" "b":1}', 'data.a')).toThrow(refusal);
  });

  it.each(['[', '{"a":'])('nesting of a hundred thousand %s is INVALID_RESPONSE and no crash', (open) => {
    const text = open.repeat(100_000) + '1' + (open === '[' ? ']' : '}').repeat(100_000);
    for (const broken of [text, open.repeat(100_000)]) {
      expect(() => map(broken, 'data..a')).toThrow(expect.objectContaining({ reason: 'INVALID_RESPONSE' }));
    }
  });

  it('nesting of every depth gives writes or a MappingError', () => {
    for (const depth of [500, 1000, 1500, 2000, 2500, 3000, 4000, 6000]) {
      const text = '[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth);
      for (const path of ['data', 'data..a', 'data..[?@.a == $[0]]']) expectWritesOrMappingError(() => map(text, path));
    }
  });
});

const paths = [
  'data',
  'data..a',
  'data[*]',
  'data.a.b',
  'data[?@.a == $.b]',
  "data..[?search(@, 'a')]",
  'data[?length(@) > 1]',
  'data[-1]',
];

it('R3: whatever the answer, there are writes or a MappingError', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((text) => text.slice(0, -1)),
      ),
      fc.constantFrom(...paths),
      (text, path) => {
        expectWritesOrMappingError(() => map(text, path, true));
      },
    ),
    { numRuns: 300 },
  );
});

it('R5: whatever the values, the JSON text of the body is the body', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (body) => {
      const holder = JSON.stringify({ body });
      expect(JSON.parse(value(holder, 'data') ?? '')).toEqual(JSON.parse(holder));
    }),
    { numRuns: 300 },
  );
});

function expectWritesOrMappingError(run: () => Write[]): void {
  try {
    for (const [name, written] of run()) {
      expect(name).toMatch(/^\$flow\.key\.x(_\d+|_size)?$/);
      expect(written === null || typeof written === 'string').toBe(true);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(MappingError);
  }
}
