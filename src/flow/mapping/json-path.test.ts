import { describe, expect, it } from 'vitest';
import { compilePath } from './json-path.js';
import { nodesOf } from './json-path-library.js';
import { checkJsonPath } from './paths.js';

type Json = Parameters<typeof nodesOf>[1];

const find = (path: string, body: Json) => nodesOf(compilePath(path), body, body).map(({ value }) => value);

/** The examples of RFC 9535, with `data` for `$`. */
const bookstore = {
  store: {
    book: [
      { category: 'reference', author: 'Nigel Rees', title: 'Sayings of the Century', price: 8.95 },
      { category: 'fiction', author: 'Evelyn Waugh', title: 'Sword of Honour', price: 12.99 },
      { category: 'fiction', author: 'Herman Melville', title: 'Moby Dick', isbn: '0-553-21311-3', price: 8.99 },
      {
        category: 'fiction',
        author: 'J. R. R. Tolkien',
        title: 'The Lord of the Rings',
        isbn: '0-395-19395-8',
        price: 22.99,
      },
    ],
    bicycle: { color: 'red', price: 399 },
  },
};
const { book: books, bicycle } = bookstore.store;
const names = { o: { 'j j': { 'k.k': 3 } }, "'": { '@': 2 } };
const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const filters = {
  a: [3, 5, 1, 2, 4, 6, { b: 'j' }, { b: 'k' }, { b: {} }, { b: 'kilo' }],
  o: { p: 1, q: 2, r: 3, s: 5, t: { u: 6 } },
  e: 'f',
};
const compared = { obj: { x: 'y' }, arr: [2, 3] };
const descend = { o: { j: 1, k: 2 }, a: [5, 3, [{ j: 4 }, { k: 6 }]] };
const nulls = { a: null, b: [null], c: [{}], null: 1 };

describe('R4: a path is RFC 9535 with data for $', () => {
  it.each<[string, Json, Json[]]>([
    ['data', { k: 'v' }, [{ k: 'v' }]],
    ['data.store.book[*].author', bookstore, books.map(({ author }) => author)],
    ['data..author', bookstore, books.map(({ author }) => author)],
    ['data.store.*', bookstore, [books, bicycle]],
    ['data.store..price', bookstore, [...books.map(({ price }) => price), 399]],
    ['data..book[2]', bookstore, [books[2]]],
    ['data..book[2].author', bookstore, ['Herman Melville']],
    ['data..book[2].publisher', bookstore, []],
    ['data..book[-1]', bookstore, [books[3]]],
    ['data..book[0,1]', bookstore, [books[0], books[1]]],
    ['data..book[:2]', bookstore, [books[0], books[1]]],
    ['data..book[?@.isbn]', bookstore, [books[2], books[3]]],
    ['data..book[?@.price<10]', bookstore, [books[0], books[2]]],
    ["data.o['j j']", names, [{ 'k.k': 3 }]],
    ["data.o['j j']['k.k']", names, [3]],
    ['data.o["j j"]["k.k"]', names, [3]],
    ['data["\'"]["@"]', names, [2]],
    ['data[*]', { o: { j: 1, k: 2 }, a: [5, 3] }, [{ j: 1, k: 2 }, [5, 3]]],
    ['data.o[*,*]', { o: { j: 1, k: 2 } }, [1, 2, 1, 2]],
    ['data.a[*]', { a: [5, 3] }, [5, 3]],
    ['data[1]', ['a', 'b'], ['b']],
    ['data[-2]', ['a', 'b'], ['a']],
    ['data[2]', ['a', 'b'], []],
    ['data[1:3]', letters, ['b', 'c']],
    ['data[5:]', letters, ['f', 'g']],
    ['data[1:5:2]', letters, ['b', 'd']],
    ['data[5:1:-2]', letters, ['f', 'd']],
    ['data[::-1]', letters, [...letters].reverse()],
    ["data.a[?@.b == 'kilo']", filters, [{ b: 'kilo' }]],
    ["data.a[?(@.b == 'kilo')]", filters, [{ b: 'kilo' }]],
    ['data.a[?@>3.5]', filters, [5, 4, 6]],
    ['data.a[?@.b]', filters, [{ b: 'j' }, { b: 'k' }, { b: {} }, { b: 'kilo' }]],
    ['data[?@.*]', filters, [filters.a, filters.o]],
    ['data[?@[?@.b]]', filters, [filters.a]],
    ['data.o[?@<3, ?@<3]', filters, [1, 2, 1, 2]],
    ['data.a[?@<2 || @.b == "k"]', filters, [1, { b: 'k' }]],
    ['data.a[?match(@.b, "[jk]")]', filters, [{ b: 'j' }, { b: 'k' }]],
    ['data.a[?search(@.b, "[jk]")]', filters, [{ b: 'j' }, { b: 'k' }, { b: 'kilo' }]],
    ['data.o[?@>1 && @<4]', filters, [2, 3]],
    ['data.o[?@.u || @.x]', filters, [{ u: 6 }]],
    ['data.a[?@.b == $.x]', filters, [3, 5, 1, 2, 4, 6]],
    ['data.a[?@ == @]', filters, filters.a],
    ['data.a[?!@.b]', filters, [3, 5, 1, 2, 4, 6]],
    ["data[?length(@) == 2 && @[0] == 'a']", [['a', 'b'], ['a']], [['a', 'b']]],
    ['data[?count(@.*) == 1]', [{ a: 1 }, {}], [{ a: 1 }]],
    ["data[?value(@..color) == 'red']", bookstore, [bookstore.store]],
    ['data[0, 3]', letters, ['a', 'd']],
    ['data[0:2, 5]', letters, ['a', 'b', 'f']],
    ['data[0, 0]', letters, ['a', 'a']],
    ['data..j', descend, [1, 4]],
    ['data..[0]', descend, [5, { j: 4 }]],
    ['data..o', descend, [{ j: 1, k: 2 }]],
    ['data.o..[*, *]', descend, [1, 2, 1, 2]],
    ['data.a..[0, 1]', descend, [5, 3, { j: 4 }, { k: 6 }]],
    ['data.a', nulls, [null]],
    ['data.a[0]', nulls, []],
    ['data.a.d', nulls, []],
    ['data.b[0]', nulls, [null]],
    ['data.b[*]', nulls, [null]],
    ['data.b[?@]', nulls, [null]],
    ['data.b[?@==null]', nulls, [null]],
    ['data.c[?@.d==null]', nulls, []],
    ['data.null', nulls, [1]],
  ])('%s', (path, body, result) => {
    expect(find(path, body)).toEqual(result);
  });

  it.each<[string, boolean]>([
    ['$.absent1 == $.absent2', true],
    ['$.absent1 <= $.absent2', true],
    ["$.absent == 'g'", false],
    ['$.absent1 != $.absent2', false],
    ["$.absent != 'g'", true],
    ['1 <= 2', true],
    ['1 > 2', false],
    ["13 == '13'", false],
    ["'a' <= 'b'", true],
    ["'a' > 'b'", false],
    ['$.obj == $.arr', false],
    ['$.obj != $.arr', true],
    ['$.obj == $.obj', true],
    ['$.arr == $.arr', true],
    ['$.obj == 17', false],
    ['$.obj <= $.arr', false],
    ['$.obj <= $.obj', true],
    ['1 <= $.arr', false],
    ['true <= true', true],
    ['true > true', false],
  ])('comparison %s is %s', (comparison, holds) => {
    expect(find(`data[?${comparison}]`, compared).length > 0).toBe(holds);
  });

  it.each([
    'data.',
    'data..',
    'data[',
    'data[]',
    'data[01]',
    'data[-0]',
    'data[1 2]',
    'data[1,]',
    'data["a]',
    "data['\\x']",
    'data. a',
    'data.a ',
    'data.1st',
    'data["a"b]',
    'data[?@.a=1]',
    'data[?@.a[*]==1]',
    'data[?(@.a]',
    'data[?length(@.a)]',
    'data[?length(@.*)==1]',
    'data[?count(1)==1]',
    'data[?match(@.a)]',
    "data[?match(@.a,'b')==true]",
    'data[?nope(@.a)]',
    'data[?@.a in @.b]',
    'data[?1]',
    'data[?@.a==00]',
    'data[?@.a==-01]',
    'data[(@.length-1)]',
    'data[9007199254740992]',
    'data^',
    'data~',
  ])('%s does not parse, and the message says so at a character', (path) => {
    expect(checkJsonPath(path, 'rfc9535')).toMatch(/^The path .* is not valid: .* at character \d+\.$/);
  });

  it.each(['', '$', '$.a', 'a', '.a', 'database', 'data-x.a', 'Data.a', ' data.a', '@.a'])(
    '%j does not start with data',
    (path) => {
      expect(checkJsonPath(path, 'rfc9535')).toContain('JSON paths start with "data"');
      expect(checkJsonPath(path, 'jsonpath-plus')).toContain('JSON paths start with "data"');
    },
  );

  it.each([
    ['data.abc.', 10],
    ['data.data[1 2]', 13],
    ['data[?data.x == 0.50 && 0.25 = 1]', 30],
  ])('the message on %s counts characters as the author wrote them (%i)', (path, at) => {
    expect(checkJsonPath(path, 'rfc9535')).toContain(`at character ${at}.`);
  });
});

describe('R4: what flow authors may write beyond the RFC', () => {
  const body = { 'order-id': 7, limit: 2, data: { data: 1 }, items: [{ 'n-1': 1 }, { 'n-1': 3, data: 'x' }] };

  it.each<[string, Json[]]>([
    ['data.order-id', [7]],
    ['data..n-1', [1, 3]],
    ['data.items[?(@.n-1 > 1)].n-1', [3]],
    ['data.data.data', [1]],
    ["data['data']['data']", [1]],
    ["data.items[?@.data == 'x'].n-1", [3]],
  ])('%s', (path, result) => {
    expect(find(path, body)).toEqual(result);
  });

  it('inside a filter data is the whole body, as $ is', () => {
    expect(find('data.items[?(@.n-1 > data.limit)].n-1', body)).toEqual([3]);
    expect(find('data.items[?(data.limit<@.n-1)].n-1', body)).toEqual([3]);
    expect(find('data.items[?(@.n-1 > $.limit)].n-1', body)).toEqual([3]);
    expect(find("data.items[?@.data != 'data.limit']", body)).toHaveLength(2);
  });
});

describe('R4: where the library alone differs from the RFC', () => {
  it.each([
    'data[?!@.a==1]',
    'data[?(@.a==1)==(@.b==1)]',
    'data[?@.x[?!@.a<1]]',
    'data[?@.a && !@.b==1]',
    'data[?count(@[?!@.a==1])>1]',
  ])('%s compares true and false, which is refused', (path) => {
    expect(checkJsonPath(path, 'rfc9535')).toMatch(/true and false are compared at character \d+/);
  });

  it('a test in parentheses can be negated and combined', () => {
    const body = [{ a: 1 }, { a: 2 }, { b: 1 }];
    expect(find('data[?!(@.a==1)]', body)).toEqual([{ a: 2 }, { b: 1 }]);
    expect(find('data[?(@.a==1) || !@.a && (@.b==1)]', body)).toEqual([{ a: 1 }, { b: 1 }]);
  });

  it.each([
    ['0.5', 0.5],
    ['-0.5', -0.5],
    ['0.05e1', 0.5],
    ['0.0', 0],
    ['0e1', 0],
    ['0.125', 0.125],
    ['10.05', 10.05],
  ])('the number %s in a filter is read', (text, value) => {
    expect(find(`data[?@ == ${text}]`, [value, 99])).toEqual([value]);
  });

  it('the root is the whole body in a filter within a filter too', () => {
    expect(find('data.x[?@.a[?@.b == $.c]]', { c: 1, x: [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }] })).toEqual([
      { a: [{ b: 1 }] },
    ]);
  });

  it('length counts characters, not UTF-16 units', () => {
    expect(find('data[?length(@) == 1]', ['😀', 'ab'])).toEqual(['😀']);
  });

  it('the descent goes deeper than 50 levels', () => {
    let body: Json = { end: 1 };
    for (let level = 0; level < 300; level++) body = { next: body };
    expect(find('data..end', body)).toEqual([1]);
  });

  it('a step may find hundreds of thousands of values', () => {
    const body = { items: Array.from({ length: 300_000 }, (_, at) => at) };
    expect(find('data.items[*]', body)).toHaveLength(300_000);
    expect(find('data[?count(@[*]) > 1000]', body)).toHaveLength(1);
  });
});

describe('R4: match and search', () => {
  it.each<[string, string, string, boolean]>([
    ['match', 'a.c', 'abc', true],
    ['match', 'a.c', 'a\rc', false],
    ['match', 'a.c', 'a\nc', false],
    ['match', 'a[.]c', 'abc', false],
    ['match', 'ab', 'abc', false],
    ['search', 'b', 'abc', true],
    ['match', '.', '😀', true],
    ['match', '\\\\p{Lu}+', 'ÀB', true],
    ['match', '(', '(', false],
    ['search', 'a', 'b', false],
  ])('%s with %s on %j is %s', (name, pattern, text, holds) => {
    expect(find(`data[?${name}(@, '${pattern}')]`, [text]).length > 0).toBe(holds);
  });

  it('only text matches, and a pattern may come from the body', () => {
    expect(find("data[?match(@, '1')]", [1, '1', null])).toEqual(['1']);
    expect(find('data.a[?match(@, $.p)]', { p: 'x+', a: ['xx', 'y'] })).toEqual(['xx']);
  });

  it('no pattern takes more than linear time', () => {
    expect(find("data[?match(@, '(a*)*b')]", ['a'.repeat(50_000)])).toEqual([]);
  });
});
