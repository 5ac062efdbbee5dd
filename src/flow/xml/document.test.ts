import { describe, expect, it } from 'vitest';
import { cpuSeconds } from '../../../test/support/cpu-time.js';
import { parseXml } from './document.js';

const many = (count: number, text: (n: number) => string, between = '') =>
  Array.from({ length: count }, (_, n) => text(n)).join(between);

describe('T4, R4: XML that is made to cost much is refused, or read, within a second of a processor', () => {
  it.each([
    ['entities that grow', '<!DOCTYPE a [<!ENTITY x "yy"><!ENTITY z "&x;&x;">]><a>&z;</a>', /DOCTYPE/],
    ['an entity that nobody declares', '<a>&x;</a>', /undefined entity/],
    ['an entity of the name of what each object has', '<a>&constructor;</a>', /undefined entity/],
    ['100,000 levels', '<a>'.repeat(100_000), /nested deeper/],
    ['one attribute twice among 50,000', `<a ${many(50_000, (n) => `b${n}="1"`, ' ')} b7="1"/>`, /duplicate attribute/],
    ['a MiB of an attribute that does not end', `<a b="${'x'.repeat(2 ** 20)}`, /unclosed tag|unexpected end/],
    ['a MiB of "<"', '<'.repeat(2 ** 20), /./],
    ['a MiB of a name', `<${'a'.repeat(2 ** 20)}`, /./],
    ['a MiB of "&"', `<a>${'&'.repeat(2 ** 20)}</a>`, /./],
  ])('%s', (_, text, why) => {
    const seconds = cpuSeconds(() => expect(() => parseXml(text)).toThrow(why));
    expect(seconds).toBeLessThan(1);
  });

  it.each([
    ['50,000 attributes of an element', `<b ${many(50_000, (n) => `c${n}="1"`, ' ')}/>`],
    ['50,000 namespaces of an element', `<b ${many(50_000, (n) => `xmlns:c${n}="u"`, ' ')}/>`],
    [
      'namespaces at each of 490 levels',
      `${many(490, (n) => `<b ${many(20, (k) => `xmlns:p${n}x${k}="u"`, ' ')}>`)}${'</b>'.repeat(490)}`,
    ],
    [
      'prefixes that are declared 490 levels above',
      `<b xmlns:q="u">${'<b>'.repeat(488)}${'<q:b q:c="1"/>'.repeat(30_000)}${'</b>'.repeat(489)}`,
    ],
    ['half a MiB of references', `<b>${'&amp;'.repeat(100_000)}</b>`],
  ])('%s', (_, text) => {
    const seconds = cpuSeconds(() => expect(parseXml(text).firstChild?.nodeName).toBe('b'));
    expect(seconds).toBeLessThan(1);
  });
});

it('T4, R4: an XML 1.1 document is read by the rules of 1.0', () => {
  expect(parseXml('<?xml version="1.1"?><a>b</a>').firstChild?.nodeName).toBe('a');
  expect(() => parseXml('<?xml version="1.1"?><a>&#1;</a>')).toThrow(/malformed character/);
});

it('R4: text and CDATA beside each other are one node; comments and instructions stand between them', () => {
  const { firstChild: root } = parseXml('<?xml version="1.0"?>\n<!--c--><?p q?><a>b<![CDATA[<]]>&amp;<!--d-->e</a>\n');
  const kinds: (string | null)[] = [];
  for (let node = root; node !== null; node = node.nextSibling) kinds.push(node.nodeName, node.nodeValue);
  expect(kinds).toEqual(['#comment', 'c', 'p', 'q', 'a', null]);
  const text = root?.nextSibling?.nextSibling?.firstChild;
  expect([text?.nodeValue, text?.nextSibling?.nodeName, text?.nextSibling?.nextSibling?.nodeValue]).toEqual([
    'b<&',
    '#comment',
    'e',
  ]);
});
