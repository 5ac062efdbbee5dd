import { expect, it } from 'vitest';
import { checkJsonPath, checkXPath } from './paths.js';

it.each([
  'data',
  'data.person.children[0].name',
  "data['a b']",
  'data..x',
  'data[?(@.a==1)]',
  'data.order-id',
  'data[?length(@.a)>1]',
])('R4: %s is a path', (path) => {
  expect(checkJsonPath(path, 'rfc9535')).toBeUndefined();
});

it('R4: the message on a JSON path says what is wrong and where', () => {
  expect(checkJsonPath('order.id', 'rfc9535')).toBe(
    'The path order.id is not valid: JSON paths start with "data", which stands for the whole body.',
  );
  expect(checkJsonPath('data[?nope(@.a)]', 'rfc9535')).toContain("no such function 'nope' at character 7");
});

it.each([
  '/order/status',
  'order/@id',
  '//s:item[1]/text()',
  "string(/a/b[@c='$x (y'])",
  'count(//a) > 1 and not(/b)',
  '/a/node()[self::b or self::c]',
  '(//a | //b)[last()]',
  '/a/*[local-name()="b"]',
  'ancestor-or-self::node()',
  '6 div 2',
])('R4: %s is XPath 1.0', (path) => {
  expect(checkXPath(path, {})).toBeUndefined();
});

it.each(['', '/', '//', '/a[', '/a]', 'a b', '/a/[1]', "/a['x]", '@', 'data.order[0]..x', '/a/b/'])(
  'R4: %j is no XPath 1.0',
  (path) => {
    const fault = checkXPath(path, {});
    if (path === '/') expect(fault).toBeUndefined();
    else expect(fault).toContain('is not valid XPath 1.0');
  },
);

it('R4: an unknown function and a variable are refused before a call', () => {
  expect(checkXPath("contians(/a, 'b')", {})).toContain('there is no function contians() (character 1)');
  expect(checkXPath("matches(/a, 'b')", {})).toContain('there is no function matches()');
  expect(checkXPath('/a[@id = $flow.key.id]', {})).toContain('"$" stands at character 10');
});

it('R4: a prefix under response.namespaces needs a namespace', () => {
  expect(checkXPath('/s:a', { s: '' })).toContain('The prefix s');
});
