import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Lookup } from '../values/fill.js';
import { fillXml } from './xml.js';

const of =
  (x?: string): Lookup =>
  () =>
    x;
const fill = (template: string, x?: string) => fillXml(template, 'fail', of(x));
/** As another parser reads it. */
const rootOf = (text: string) => new DOMParser().parseFromString(text, 'text/xml').documentElement;
const invalid = expect.objectContaining({ reason: 'INVALID_REQUEST' });

it('T4: values in text and attribute values are escaped', () => {
  expect(fill('<a b="$flow.key.x" c=\'$flow.key.x\'>$flow.key.x</a>', `<&>"'`)).toBe(
    '<a b="&lt;&amp;&gt;&quot;&apos;" c=\'&lt;&amp;&gt;&quot;&apos;\'>&lt;&amp;&gt;&quot;&apos;</a>',
  );
});

it('T4: tabs and line ends survive, in an attribute value too', () => {
  const root = rootOf(fill('<a b="$flow.key.x">$flow.key.x</a>', '\t\r\n'));
  expect([root?.getAttribute('b'), root?.textContent]).toEqual(['\t\r\n', '\t\r\n']);
});

it.each(['\u0000', '\u0008', '\u001f', '\ud800', '\ufffe', '\uffff'])(
  'T4: the forbidden character %j is INVALID_REQUEST',
  (x) => {
    expect(() => fill('<a>$flow.key.x</a>', x)).toThrow(invalid);
    expect(() => fill('<a b="$flow.key.x"/>', x)).toThrow(invalid);
  },
);

it.each([']]>', ']]', '>', '<b/>', '&amp;'])('T4: in CDATA the value %j is text and ends nothing', (x) => {
  expect(rootOf(fill('<a><![CDATA[[]]$flow.key.x>]]></a>', x))?.textContent).toBe(`[]]${x}>`);
});

it.each([
  '<$flow.key.x/>',
  '<a $flow.key.x="1"/>',
  '<a b=$flow.key.x/>',
  '<a><!-- $flow.key.x --></a>',
  '<a><?p $flow.key.x?></a>',
  '<a>&#$flow.key.x;</a>',
  '<a></$flow.key.x>',
])('T4: in %s a variable may not stand, and the message says where it may', (template) => {
  expect(() => fill(template, 'b')).toThrow(
    expect.objectContaining({
      reason: 'INVALID_REQUEST',
      message: expect.stringContaining('A variable may stand in text'),
    }),
  );
});

it.each([
  '<a>$flow.key.x',
  '$flow.key.x',
  '<a/>$flow.key.x',
  '<a>$flow.key.x</b>',
  '<!DOCTYPE a><a>$flow.key.x</a>',
  '<a>& $flow.key.x</a>',
  '<a>&nbsp;$flow.key.x</a>',
])('T4: %s gives no well-formed XML, which is INVALID_REQUEST without the value in its message', (template) => {
  expect(() => fill(template, 'hunter2')).toThrow(
    expect.objectContaining({ reason: 'INVALID_REQUEST', message: expect.not.stringContaining('hunter2') }),
  );
});

it('T4: an XML declaration, comments and namespaces stay as they are', () => {
  const template = '<?xml version="1.0" encoding="UTF-8"?><!-- <!DOCTYPE> --><s:a xmlns:s="urn:s">$flow.key.x</s:a>';
  expect(fill(template, '1')).toBe(template.replace('$flow.key.x', '1'));
});

it('W5: an absent variable fails, or leaves its place empty', () => {
  expect(() => fill('<a>$flow.key.x</a>')).toThrow(expect.objectContaining({ reason: 'INVALID_FLOW_VAR' }));
  expect(fillXml('<a b="$flow.key.x">$flow.key.x</a>', 'empty', of())).toBe('<a b=""></a>');
});

it('T4: whatever the value, a body stays well formed with the same elements, and holds the value', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom(...'<>&"\']['.split('')), fc.string({ unit: 'binary', maxLength: 1 })),
  });
  fc.assert(
    fc.property(text, (x) => {
      let body: string;
      try {
        body = fill('<r a="$flow.key.x"><b>$flow.key.x</b><c><![CDATA[$flow.key.x]]></c></r>', x);
      } catch (error) {
        expect(error).toMatchObject({ reason: 'INVALID_REQUEST' });
        return;
      }
      const root = rootOf(body);
      expect(Array.from(root?.getElementsByTagName('*') ?? []).map(({ tagName }) => tagName)).toEqual(['b', 'c']);
      expect(root?.attributes.length).toBe(1);
      expect([root?.getAttribute('a'), root?.textContent]).toEqual([x, x + x]);
    }),
    { numRuns: 300 },
  );
});
