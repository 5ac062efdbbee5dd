import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MappingError, type Write } from './write.js';
import { mapAnswer } from './map-answer.js';
import type { MapRow } from './map-rows.js';
import { cpuSeconds } from '../../../test/support/cpu-time.js';

const mapXml = (text: string, rows: MapRow[], namespaces: Record<string, string>) =>
  mapAnswer(text, rows, { type: 'xml', namespaces });

const map = (text: string, path: string, mandatory = false, namespaces: Record<string, string> = {}): Write[] =>
  mapXml(text, [{ saveIn: '$flow.key.x', path, mandatory }], namespaces).rows;
const value = (text: string, path: string, namespaces?: Record<string, string>) =>
  map(text, path, false, namespaces)[0]?.[1];

const order = `<?xml version="1.0"?>
<order id="7"><!-- no <!DOCTYPE> --><status>sent</status><note>a<![CDATA[ <b> ]]>&amp; c</note><empty/>
<item sku="p">one</item><item sku="q">two<b>!</b></item><total>1.50</total></order>`;

describe('R4, R5: values', () => {
  it.each([
    ['/order/status', 'sent'],
    ['order/status', 'sent'],
    ['/order/@id', '7'],
    ['/order/status/text()', 'sent'],
    ['/order/note', 'a <b> & c'],
    ['/order/note/text()', 'a <b> & c'],
    ['/order/item[2]', 'two!'],
    ['/order/item[last()]/@sku', 'q'],
    ["/order/item[@sku='p']", 'one'],
    ['//item[b]/@sku', 'q'],
    ['string(/order/item)', 'one'],
    ['concat(/order/@id, "-", /order/status)', '7-sent'],
    ['count(//item)', '2'],
    ['sum(/order/total) * 2', '3'],
    ['1 div 3', '0.3333333333333333'],
    ['/order/@id = 7', 'true'],
    ['not(/order)', 'false'],
    ['name(/*)', 'order'],
    ['/order/comment()', ' no <!DOCTYPE> '],
    ['count(/order/@*)', '1'],
    ['local-name(/order/status/following-sibling::*[1])', 'note'],
    ['name(/order/total/preceding::*[1])', 'b'],
    ['string(/order/nothing)', ''],
  ])('%s is %j', (path, text) => {
    expect(map(order, path)).toEqual([['$flow.key.x', text]]);
  });

  it('R5: an element that is there but empty is the empty string, a match of a mandatory row too', () => {
    expect(map(order, '/order/empty', true)).toEqual([['$flow.key.x', '']]);
  });

  it('R5: a node set of more than one behaves as an array, in document order', () => {
    const writes = map(order, '/order/total | //item/@sku | /order/status');
    expect(writes.slice(0, 5)).toEqual([
      ['$flow.key.x_1', 'sent'],
      ['$flow.key.x_2', 'p'],
      ['$flow.key.x_3', 'q'],
      ['$flow.key.x_4', '1.50'],
      ['$flow.key.x_size', '4'],
    ]);
    expect(writes.slice(5)).toHaveLength(16);
    expect(writes.slice(5).every(([, cleared]) => cleared === null)).toBe(true);
  });

  it('R5: of a long node set the first twenty are kept, with the true size', () => {
    const writes = map(`<r>${'<i>v</i>'.repeat(33)}</r>`, '//i');
    expect(writes).toHaveLength(21);
    expect(writes.at(-1)).toEqual(['$flow.key.x_size', '33']);
  });

  it('R6: an optional row without a match writes nothing; NaN is no value', () => {
    expect(map(order, '/order/nothing')).toEqual([]);
    expect(map(order, 'number(/order/nothing)')).toEqual([]);
    expect(map(order, '/order/nothing + 1')).toEqual([]);
    expect(map(order, 'number(/order/empty)')).toEqual([]);
    expect(map(order, 'number(/order/status)')).toEqual([]);
  });

  it('R6: a mandatory row without a match fails, and none of the rows is written', () => {
    const rows = [
      { saveIn: '$flow.key.a', path: '/order/status', mandatory: true },
      { saveIn: '$flow.key.b', path: '/order/nothing', mandatory: true },
    ];
    expect(() => mapXml(order, rows, {})).toThrow(
      expect.objectContaining({
        reason: 'INVALID_RESPONSE_MAP',
        message: 'The answer had no value at /order/nothing, which is mandatory.',
      }),
    );
  });

  it.each(['count(1)', '/a[', 'nope()', "id('a')/b | 1"])(
    'R3: %s fails when evaluated, which is INVALID_RESPONSE_MAP',
    (path) => {
      expect(() => map(order, path)).toThrow(expect.objectContaining({ reason: 'INVALID_RESPONSE_MAP' }));
    },
  );
});

describe('R4: namespaces', () => {
  const soap =
    '<s:Envelope xmlns:s="urn:soap" xmlns="urn:shop" xmlns:t="urn:t"><order t:id="7" id="8">ok</order></s:Envelope>';

  it('R4: prefixes resolve by the declarations of the root element and response.namespaces, which decides', () => {
    expect(value(soap, '/s:Envelope/o:order', { o: 'urn:shop' })).toBe('ok');
    expect(value(soap, '//o:order/@t:id', { o: 'urn:shop' })).toBe('7');
    expect(value(soap, '//o:order/@id', { o: 'urn:shop' })).toBe('8');
    expect(value(soap, 'count(/t:Envelope)', { t: 'urn:soap' })).toBe('1');
    expect(value('<a xml:lang="en">b</a>', '/a/@xml:lang')).toBe('en');
    expect(value('<a xml:lang="en"><b>c</b></a>', "//b[lang('en')]")).toBe('c');
  });

  it('R4: an unprefixed name means no namespace', () => {
    expect(map(soap, '//order')).toEqual([]);
    expect(value('<a xmlns:p="urn:p"><p:b>1</p:b><b>2</b></a>', '/a/b')).toBe('2');
  });

  it.each(['//order', '/Envelope', '/Envelope/order', 'number(//order/@id)'])(
    'R4: when the namespace is why %s found nothing, the message says so',
    (path) => {
      expect(() => map(soap, path, true)).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(
            /is in namespace urn:(shop|soap): give it a prefix under response\.namespaces\./,
          ),
        }),
      );
    },
  );

  it('R4: otherwise the message does not speak of namespaces', () => {
    expect(() => map(soap, '//nothing', true)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('namespace') }),
    );
  });

  it.each([
    '//q:order',
    '//__proto__:order',
    '//constructor:order',
    '//order | //q:order',
    'count(//q:order)',
    'not(//q:a)',
  ])('R4, R6: %s, with a prefix that nobody declares, finds nothing; a mandatory row names the prefix', (path) => {
    expect(map(soap, path)).toEqual([]);
    expect(() => map(soap, path, true)).toThrow(
      expect.objectContaining({
        reason: 'INVALID_RESPONSE_MAP',
        message: expect.stringMatching(/the prefix (q|__proto__|constructor), which neither/),
      }),
    );
  });

  it('R4, R6: a prefix that an inner element declares is not that of a path', () => {
    const inner = '<S:E xmlns:S="urn:soap"><n:b xmlns:n="urn:bank">1</n:b></S:E>';
    expect(map(inner, '//n:b')).toEqual([]);
    expect(value(inner, '//n:b', { n: 'urn:bank' })).toBe('1');
  });
});

describe('R3: what is wrong with XML, in words', () => {
  it.each([
    ['<x:a><b>1</b></x:a>', 'it uses a namespace prefix that it does not declare at line 1, column 5'],
    ['<a>\n<b y:c="1"/></a>', 'it uses a namespace prefix that it does not declare at line 2'],
    ['\n<?xml version="1.0"?><a>1</a>', 'an empty line stands before the XML declaration'],
    [' <?xml version="1.0"?><a>1</a>', 'a blank or an empty line stands before the XML declaration'],
  ])('R3: %j', (text, why) => {
    expect(() => map(text, '/a')).toThrow(
      expect.objectContaining({ reason: 'INVALID_RESPONSE', message: expect.stringContaining(why) }),
    );
  });
});

describe('R3, R4: what is not XML', () => {
  it.each([
    '',
    'text',
    '{"a":1}',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a/>text',
    '<a b=1/>',
    '<a b="1" b="2"/>',
    '<a b="<"/>',
    '<a>&nbsp;</a>',
    '<a>& b</a>',
    '<a>&#1;</a>',
    '<a>&#xD800;</a>',
    '<a>]]></a>',
    '<a>\u0001</a>',
    '<p:a/>',
    '<a><![CDATA[x]]</a>',
    '<a><!-- -- --></a>',
    ' <?xml version="1.0"?><a/>',
  ])('%j is INVALID_RESPONSE', (text) => {
    expect(() => mapXml(text, [], {})).toThrow(expect.objectContaining({ reason: 'INVALID_RESPONSE' }));
  });

  it.each([
    '<!DOCTYPE a><a/>',
    '<?xml version="1.0"?>\n<!-- c --><!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<!doctype html><html/>',
    '<a><!DOCTYPE b></a>',
  ])('R4: the DOCTYPE in %s is INVALID_RESPONSE', (text) => {
    expect(() => mapXml(text, [], {})).toThrow(
      expect.objectContaining({ reason: 'INVALID_RESPONSE', message: 'The answer is not XML: it has a DOCTYPE.' }),
    );
  });

  it.each([
    '<a><!-- <!DOCTYPE b> --></a>',
    '<!-- <!DOCTYPE b> --><a/>',
    '<a><![CDATA[<!DOCTYPE b>]]></a>',
    '<a b="&lt;!DOCTYPE b>"/>',
    '<a><?p <!DOCTYPE b>?></a>',
    '<a>&lt;!DOCTYPE</a>',
  ])('R4: %s has none', (text) => {
    expect(mapXml(text, [], {}).rows).toEqual([]);
  });

  it('a U+FFFD in an answer is a character like any other', () => {
    expect(value('<a>\ufffd</a>', '/a')).toBe('\ufffd');
  });

  it('the message does not show the answer', () => {
    for (const text of ['<a>hunter2', '<a>&hunter2;</a>', '<hunter2></a>', '<a/>hunter2', '<a hunter2/>', 'hunter2']) {
      expect(() => mapXml(text, [], {})).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
      );
    }
  });

  it.each([1000, 100_000])('nesting of %i elements is INVALID_RESPONSE and no crash', (depth) => {
    for (const text of ['<a>'.repeat(depth) + '</a>'.repeat(depth), '<a>'.repeat(depth)]) {
      expect(() => map(text, '//a')).toThrow(expect.objectContaining({ reason: 'INVALID_RESPONSE' }));
    }
  });
});

describe('R8: an answer of nearly 1 MiB', () => {
  const order = (n: number) =>
    `<s:order id="${n}" x:type="s:Order"><s:status>shipped</s:status><s:amount currency="EUR">12.${n % 90}</s:amount></s:order>`;
  const text =
    `<e:Envelope xmlns:e="urn:e" xmlns:x="urn:x"><e:Body><s:list xmlns:s="urn:s">` +
    `${Array.from({ length: 9000 }, (_, n) => order(n)).join('\n')}</s:list></e:Body></e:Envelope>`;
  const list = '/e:Envelope/e:Body/s:list';
  const rows = [`${list}/s:order/s:status`, `${list}/s:order[3]/s:amount/@currency`, `${list}/s:order[last()]/@id`].map(
    (path, n) => ({ saveIn: `$flow.key.x${n}`, path, mandatory: true }),
  );

  it('R8: is mapped by plain rows within half a second of a processor, when that has mapped before', () => {
    expect(text.length).toBeGreaterThan(900_000);
    mapXml(text, rows, { s: 'urn:s' });
    const seconds = cpuSeconds(() => mapXml(text, rows, { s: 'urn:s' }));
    expect(seconds).toBeLessThan(0.5);
  });

  it('R8: is searched and counted within seconds of a processor', () => {
    const seconds = cpuSeconds(() => {
      for (const path of [
        '//s:status',
        '//s:order[@id="8999"]',
        'string(//s:order[last()])',
        '//@id',
        'count(//* | //@*)',
      ])
        expect(value(text, path, { s: 'urn:s' })).toBeDefined();
    });
    expect(seconds).toBeLessThan(5);
  });
});

const paths = [
  '/*',
  '//*',
  '//@*',
  '//text()',
  'string(/)',
  'count(//a)',
  '//a[last()]',
  'number(//a)',
  '//namespace::*',
  '//a/ancestor::*[1]',
];
const xml = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.string().map((text) => text.replace(/[<&]/g, '')),
    fc.constantFrom('<b x="1"/>', '&lt;', '<!-- c -->', '<![CDATA[<&]]>', '&', '<', ']]>', '<a'),
    fc.array(tie('node'), { maxLength: 4 }).map((nodes) => `<a>${nodes.join('')}</a>`),
  ),
})).node;

it('R3: whatever the answer, there are writes or a MappingError', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), xml), fc.constantFrom(...paths), (text, path) => {
      try {
        for (const [name, written] of map(String(text), path)) {
          expect(name).toMatch(/^\$flow\.key\.x(_\d+|_size)?$/);
          expect(written === null || typeof written === 'string').toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(MappingError);
      }
    }),
    { numRuns: 300 },
  );
});
