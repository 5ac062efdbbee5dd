import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filledPath, misplacedVariable, type PathLanguage } from './filled-path.js';
import { mapAnswer } from './map-answer.js';
import type { MapRow } from './map-rows.js';
import type { JsonDialect } from './map-json.js';

const mapJson = (text: string, rows: MapRow[], dialect: JsonDialect) =>
  mapAnswer(text, rows, { type: 'json', dialect });

const mapXml = (text: string, rows: MapRow[], namespaces: Record<string, string>) =>
  mapAnswer(text, rows, { type: 'xml', namespaces });

const lookup = (value: string) => (name: string) => (name === '$flow.key.v' ? value : undefined);
/** What a row finds when its path has the value. */
const found = (language: PathLanguage, text: string, path: string, value: string) => {
  const rows = [
    { saveIn: '$flow.key.found', path, filled: filledPath(path, language, lookup(value)), mandatory: false },
  ];
  const { rows: written } = language === 'xpath' ? mapXml(text, rows, {}) : mapJson(text, rows, language);
  return Object.fromEntries(written.filter(([, one]) => one !== null));
};
/** Values that would change a path if they were put in as they are. */
const hostile = [
  "'", '"', `'"`, '\\', "\\'", '] | data', "'] | data['x", "' or '1'='1", '" or "1"="1', '$', '$$', '$flow.key.v', '\n', '\u2028',
  "'),concat('", '@.id', '*', '0', '..', '\u0000', '😀', '\ud800',
]; // prettier-ignore
const values = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', maxLength: 12 }), fc.string());
/** As an answer can hold it. */
const wellFormed = (text: string) => text.replace(/[\ud800-\udfff]/gu, '\ufffd');
/** What XML can hold, and attributes keep as it is. */
const inXml = values.map((text) =>
  [...text].filter((one) => /^[^\u0000-\u001f\u007f-\u009f\u2028\ud800-\udfff\ufffe\uffff]$/u.test(one)).join(''),
);

describe('V4: no value of a variable changes the shape of a path', () => {
  it.each(["data.items[?@.id == '$flow.key.v'].n", 'data.items[?@.id == "${flow.key.v}"].n'])(
    'V4: in a filter, %s finds the items whose text is the value, and no others',
    (path) => {
      fc.assert(
        fc.property(values, (value) => {
          const text = JSON.stringify({ items: [{ id: 'another', n: 0 }, { id: wellFormed(value), n: 1 }] }); // prettier-ignore
          const expected = value === 'another' ? undefined : { '$flow.key.found': '1' };
          expect(found('rfc9535', text, path, value)).toEqual(expected ?? expect.anything());
        }),
        { numRuns: 500 },
      );
    },
  );

  it('V4: as a name it finds the member of that name, and none where there is none', () => {
    fc.assert(
      fc.property(values, (value) => {
        const name = `<${wellFormed(value)}>`;
        const members = Object.fromEntries([[name, 'here'], ['other', 'there']]); // prettier-ignore
        const path = "data['<$flow.key.v>']";
        expect(found('rfc9535', JSON.stringify(members), path, value)).toEqual({ '$flow.key.found': 'here' });
        expect(found('rfc9535', '{"other":1}', path, value)).toEqual({});
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    "/l/i[@id='$flow.key.v']/@n",
    '/l/i[@id="$flow.key.v"]/@n',
    "string(/l/i[@id=concat('$flow.key.v','')]/@n)",
  ])('V4: in XPath, %s finds the element whose attribute is the value, and no other', (path) => {
    fc.assert(
      fc.property(inXml, (value) => {
        const written = value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
        const text = `<l><i id="no other than this" n="0"/><i id="${written}" n="1"/></l>`;
        expect(found('xpath', text, path, value)).toEqual({ '$flow.key.found': '1' });
      }),
      { numRuns: 500 },
    );
  });

  it('V4: alone as an index a whole number is put in, and nothing else', () => {
    const list = '{"items":["a","b","c"]}';
    expect(found('rfc9535', list, 'data.items[$flow.key.v]', '1')).toEqual({ '$flow.key.found': 'b' });
    expect(found('rfc9535', list, 'data.items[ ${flow.key.v} ]', '-1')).toEqual({ '$flow.key.found': 'c' });
    expect(found('jsonpath-plus', list, 'data.items[$flow.key.v]', '2')).toEqual({ '$flow.key.found': 'c' });
    expect(found('xpath', '<l><i>a</i><i>b</i></l>', '/l/i[$flow.key.v]', '2')).toEqual({ '$flow.key.found': 'b' });
    fc.assert(
      fc.property(values, fc.constantFrom<PathLanguage>('rfc9535', 'jsonpath-plus', 'xpath'), (value, language) => {
        fc.pre(!/^-?\d+$/.test(value));
        const fill = () => filledPath('data[$flow.key.v]', language, lookup(value));
        expect(fill).toThrow(expect.objectContaining({ reason: 'INVALID_REQUEST' }));
      }),
    );
    for (const value of ['-1', '01', '1e3', '99999999999999999999'])
      expect(() => filledPath('/l/i[$flow.key.v]', 'xpath', lookup(value))).toThrow(/no whole number/);
  });

  it('V4, W5: a variable that is absent is found, and one that is empty is a value', () => {
    const fill = () => filledPath("data['$flow.key.none']", 'rfc9535', lookup(''));
    expect(fill).toThrow(expect.objectContaining({ reason: 'INVALID_FLOW_VAR' }));
    expect(filledPath("data['$flow.key.v']", 'rfc9535', lookup(''))).toBe("data['']");
  });

  it('V2, V4: $$ in a quoted string is a dollar, and $ elsewhere stays what it was', () => {
    expect(filledPath("data[?@.price == '$$5' && $.on].x", 'rfc9535', lookup(''))).toBe(
      "data[?@.price == '$5' && $.on].x",
    );
    expect(filledPath("/a[b='$$5']", 'xpath', lookup(''))).toBe("/a[b='$5']");
  });

  it.each<[PathLanguage, string, boolean]>([
    ['rfc9535', "data['$flow.key.v'].x[$flow.key.v]", true],
    ['rfc9535', 'data.$flow.key.v', false],
    ['rfc9535', 'data[?@.a == $flow.key.v]', false],
    ['rfc9535', 'data[$flow.key.v:2]', false],
    ['rfc9535', 'data[$flow.key.v, 1]', false],
    ['jsonpath-plus', 'data.a[$flow.key.v]', true],
    ['jsonpath-plus', "data['$flow.key.v']", false],
    ['xpath', "//a[@b='$flow.key.v'][$flow.key.v]", true],
    ['xpath', '//$flow.key.v', false],
    ['xpath', '//a[@b=$flow.key.v]', false],
    ['xpath', '//a[position() = $flow.key.v]', false],
  ])('V4: in %s the variables of %s stand where they may: %s', (language, path, well) => {
    expect(misplacedVariable(path, language)).toBe(well ? undefined : '$flow.key.v');
  });
});
