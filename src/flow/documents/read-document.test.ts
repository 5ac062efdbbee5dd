import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocumentBytes, readDocumentText } from './read-document.js';

/** What is wrong with a text: each code with its pointer, and all messages. */
function problemsOf(text: string) {
  const read = readDocumentText(text);
  return 'fault' in read ? [read.fault] : read.slips;
}
const codes = (text: string) => problemsOf(text).map(({ code, pointer }) => `${code} ${pointer}`);

describe('a document as text', () => {
  it('D1: a key that stands twice in one object is an error, with both places', () => {
    const text = '{\n  "widgets": {\n    "say": { "a": 1 },\n    "say": { "a": 2 }\n  }\n}';
    expect(problemsOf(text)).toEqual([
      {
        code: 'DUPLICATE_KEY',
        pointer: '/widgets/say',
        message: 'This key stands twice here: first at line 3, column 5 (line 4, column 5).',
      },
    ]);
  });

  it('D1: keys are compared by what they mean, values do not matter, and lists have places', () => {
    expect(codes('{"a":1,"\\u0061":1}')).toEqual(['DUPLICATE_KEY /a']);
    expect(codes('[{}, {"a/b":[], "x":{"a/b":1}, "a/b":[]}]')).toEqual(['DUPLICATE_KEY /1/a~1b']);
    expect(codes('{"__proto__":1,"__proto__":2}')).toEqual(['DUPLICATE_KEY /__proto__']);
    expect(codes('{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}],"A":1}')).toEqual([]);
  });

  it.each(['12345678901234567890', '9007199254740993', '0.10000000000000000001', '1e400', '1e-400', '-1E+309'])(
    'D1: a double would change %s',
    (number) => {
      expect(codes(`{"body":[0,${number}]}`)).toEqual(['INEXACT_NUMBER /body/1']);
    },
  );

  it.each(['0', '-0', '0.1', '1.50', '1e3', '9007199254740992', '10000000000000000', '1e23', '5e-324', '-12.5e-3'])(
    'D1: %s stays what it is',
    (number) => {
      expect(codes(number)).toEqual([]);
    },
  );

  it.each([
    ['4 /* four */', 'line 1, column 3. The document ends before this.'],
    ['{\n "a": /* at least */ 4 }', 'line 2, column 7. JSON has no comments.'],
    ['{\n "a": .5 }', 'line 2, column 7. This is no number of JSON.'],
    ['{\n "a": 05 }', 'line 2, column 7. This is no number of JSON.'],
    ['{\r\n "a":  }', 'line 2, column 8. A value is expected.'],
    [`{\n "a": '4' }`, 'line 2, column 7. A string stands in double quotes.'],
    ['{\n "a": True }', 'line 2, column 7. "true" is written in lower case.'],
    ['{\n "a": trueish }', 'line 2, column 7. A value is expected; a text stands in double quotes.'],
    ['{\n  oops\n}', 'line 2, column 3. A key in double quotes is expected.'],
    ['{ "a": 1, }', 'line 1, column 9. No comma stands before "}".'],
    ['[1,]', 'line 1, column 3. No comma stands before "]".'],
    ['{ "a": 1 "b": 2 }', 'line 1, column 10. "," or "}" is expected.'],
    ['{ "a" 1 }', 'line 1, column 7. ":" is expected after the key.'],
    [
      '{ "a": "x\n" }',
      'line 1, column 10. A string holds no line end or control character as it is, only as an escape.',
    ],
    ['{ "a": "\\x" }', 'line 1, column 9. There is no such escape.'],
    ['{ "a": "open', 'line 1, column 8. This string has no end.'],
    ['{ "a":', 'line 1, column 7. The document ends where a value is expected.'],
    ['{} {}', 'line 1, column 4. The document ends before this.'],
  ])('D1: %j is no JSON at the place of the slip itself', (text, message) => {
    expect(problemsOf(text)).toEqual([{ code: 'INVALID_JSON', pointer: '', message: `This is no JSON: ${message}` }]);
  });

  it('D1: nothing is no document', () => {
    for (const text of ['', ' \n', '\uFEFF']) expect(codes(text)).toEqual(['INVALID_JSON ']);
  });

  it('D1: documents are UTF-8; other bytes are refused with their place', () => {
    const latin1 = Buffer.from('{\n "name": "Région"\n}', 'latin1');
    expect(readDocumentBytes(latin1)).toEqual({
      fault: {
        code: 'INVALID_ENCODING',
        pointer: '',
        message: 'This is not UTF-8: line 2, column 12. Save the document in UTF-8.',
      },
    });
    for (const [bytes, place] of [
      [Buffer.from('\uFEFF{"a":1}', 'utf16le'), 'line 1, column 1'],
      [Buffer.from([0x22, 0xe2, 0x82]), 'line 1, column 2'],
      [Buffer.concat([Buffer.from('"\uFFFD\n'), Buffer.from([0xff])]), 'line 2, column 1'],
    ] as const)
      expect(readDocumentBytes(bytes)).toMatchObject({ fault: { message: expect.stringContaining(place) } });
  });

  it('D1: a byte order mark is dropped, and counts in no column', () => {
    expect(readDocumentBytes(Buffer.from('\uFEFF{"a":"é"}'))).toEqual({ value: { a: 'é' }, slips: [] });
    expect(readDocumentBytes(Buffer.from('\uFEFF{"a":x}'))).toMatchObject({
      fault: { message: expect.stringContaining('line 1, column 6') },
    });
  });

  it('D1: what is JSON is what JSON.parse takes for it, and gives the same value', () => {
    const near = fc.tuple(fc.json(), fc.nat(), fc.constantFrom(',', '"', '{', '}', '[', ']', ':', '0', '.', 'e', '\\', '')); // prettier-ignore
    const broken = near.map(
      ([json, at, more]) => json.slice(0, at % json.length) + more + json.slice(at % json.length),
    );
    fc.assert(
      fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => {
        const read = readDocumentText(text);
        const parsed = parseNative(text);
        expect('value' in read).toBe(parsed !== undefined);
        if (parsed !== undefined && 'value' in read) expect(read.value).toEqual(parsed.value);
      }),
      { numRuns: 3000 },
    );
  });

  it('D1: half a mebibyte of anything is read at once', () => {
    const size = 512 * 1024;
    for (const text of [
      '['.repeat(size),
      `"${'a'.repeat(size)}"`,
      '{"a":1,'.repeat(size / 8),
      '1'.repeat(size),
      ' '.repeat(size),
    ]) {
      const before = performance.now();
      expect(readDocumentText(text)).toBeDefined();
      expect(performance.now() - before).toBeLessThan(10_000);
    }
  });
});

function parseNative(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown };
  } catch {
    return undefined;
  }
}
