import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Row } from './rows.js';
import { type Lookup } from '../values/fill.js';
import { appendQuery, fillUrl } from './url.js';

const of =
  (values: Record<string, string>): Lookup =>
  (name) =>
    values[name.replace('$flow.key.', '')];
const row = (key: string, value: string, mandatory = false): Row => ({ key, value, mandatory });

describe('fillUrl', () => {
  it.each([
    ['https://h/$flow.key.x', 'a/b?c#d', 'https://h/a%2Fb%3Fc%23d'],
    ['https://h/p?q=$flow.key.x', 'a&b=c d+é', 'https://h/p?q=a%26b%3Dc%20d%2B%C3%A9'],
    ['https://h/p?q=$flow.key.x', "!'()*", 'https://h/p?q=%21%27%28%29%2A'],
    ['https://h/$flow.key.x', 'AZaz09-._~', 'https://h/AZaz09-._~'],
    ['https://h/p#$flow.key.x', 'a b', 'https://h/p#a%20b'],
    ['https://h/${flow.key.x}.json', '%2F', 'https://h/%252F.json'],
    ['https://h/v$$1/$flow.key.x', '1', 'https://h/v$1/1'],
    ['https://h/$flow.key.x', 'a\ud800b', 'https://h/a%EF%BF%BDb'],
    ['https://h/$flow.key.x/z', '', 'https://h//z'],
  ])('T1: in %s the value %j is one encoded component', (template, x, url) => {
    expect(fillUrl(template, of({ x }))).toBe(url);
  });

  it.each([
    ['$flow.key.x', 'https://h/a?b=c&d#e', 'https://h/a?b=c&d#e'],
    ['$flow.key.x://h/a', 'https', 'https://h/a'],
    ['https://$flow.key.x/a', 'h:8443', 'https://h:8443/a'],
    ['https://$flow.key.x?a', 'h', 'https://h?a'],
    ['$flow.key.x/a/b', 'https://h/base', 'https://h/base/a/b'],
    ['https://$flow.key.x/orders', 'evil.example/..@', 'https://evil.example/..@/orders'],
  ])('T1: in %s the value %j is the URL or stands in scheme or authority, and goes in raw', (template, x, url) => {
    expect(fillUrl(template, of({ x }))).toBe(url);
  });

  it('T1: after a raw base the next variable is a component again', () => {
    expect(fillUrl('$flow.key.base/orders/$flow.key.id', of({ base: 'https://h', id: '../x' }))).toBe(
      'https://h/orders/..%2Fx',
    );
  });

  it.each([
    ['https://h/a/$flow.key.x/b', '.'],
    ['https://h/a/$flow.key.x', '..'],
    ['https://h/a/$flow.key.x?q', '..'],
    ['https://h/a/.$flow.key.x', '.'],
    ['https://h/a/.$flow.key.x/b', ''],
    ['https://h/a/%2e$flow.key.x', '.'],
    ['https://h/a/%2E$flow.key.x#f', '.'],
    ['https://h/a/$flow.key.x$flow.key.x', '.'],
    ['https://h/a/.\t$flow.key.x', '.'],
    ['https://h\\a\\$flow.key.x', '..'],
    ['$flow.key.base/$flow.key.x', '..'],
  ])('T1: in %s the value %j would make a segment "." or "..", which is INVALID_REQUEST', (template, x) => {
    expect(() => fillUrl(template, of({ x, base: 'https://h' }))).toThrow(
      expect.objectContaining({ reason: 'INVALID_REQUEST', message: expect.stringContaining('$flow.key.x') }),
    );
  });

  it('T1: dots are harmless beside other text, in a query, and where the template itself has them', () => {
    expect(fillUrl('https://h/a/$flow.key.x.json?d=$flow.key.x#$flow.key.x', of({ x: '..' }))).toBe(
      'https://h/a/...json?d=..#..',
    );
    expect(fillUrl('https://h/../$flow.key.x', of({ x: 'a' }))).toBe('https://h/../a');
  });

  it('W5: an absent variable anywhere in the URL is INVALID_FLOW_VAR with its name', () => {
    for (const template of [
      '$flow.key.x',
      'https://$flow.key.x/',
      'https://h/$flow.key.x',
      'https://h?a=$flow.key.x',
    ]) {
      expect(() => fillUrl(template, of({}))).toThrow(
        expect.objectContaining({ reason: 'INVALID_FLOW_VAR', message: expect.stringContaining('$flow.key.x') }),
      );
    }
  });

  it('T1: no value changes the host, the number of segments, or the parameters of a URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (x, y) => {
        let url: URL;
        try {
          url = new URL(
            fillUrl('https://api.example.com/a/$flow.key.x/b/v$flow.key.y?q=$flow.key.x&r=$flow.key.y', of({ x, y })),
          );
        } catch (error) {
          expect(error).toMatchObject({ reason: 'INVALID_REQUEST' });
          expect(['.', '..']).toContain(x);
          return;
        }
        expect(url.host).toBe('api.example.com');
        expect(url.pathname.split('/').length).toBe(5);
        expect(decodeURIComponent(url.pathname.split('/')[4] ?? '')).toBe(`v${y}`);
        expect([...url.searchParams.keys()]).toEqual(['q', 'r']);
        expect(url.searchParams.get('q')).toBe(x.replace(/\p{Surrogate}/gu, '\uFFFD'));
        expect(url.hash).toBe('');
      }),
      { numRuns: 300 },
    );
  });
});

describe('appendQuery', () => {
  it('W6: rows follow the own query in order, doubles kept, a space as %20, before the fragment', () => {
    const rows = [row('a b', '1 2'), row('a b', '$flow.key.x'), row('$flow.key.x', '')];
    expect(appendQuery('https://h/p?own=1#f', rows, of({ x: 'é&' }))).toBe(
      'https://h/p?own=1&a%20b=1%202&a%20b=%C3%A9%26&%C3%A9%26=#f',
    );
  });

  it.each([
    ['https://h', 'https://h?k=v'],
    ['https://h/p?', 'https://h/p?k=v'],
    ['https://h/p?a&', 'https://h/p?a&k=v'],
    ['https://h/p?a=b', 'https://h/p?a=b&k=v'],
    ['https://h/p#f?g', 'https://h/p?k=v#f?g'],
  ])('W6: %s gets its row with the right joint', (url, result) => {
    expect(appendQuery(url, [row('k', 'v')], of({}))).toBe(result);
  });

  it('W6: without rows the URL stays as it is', () => {
    expect(appendQuery('https://h/p#f', [row('k', '$flow.key.x')], of({}))).toBe('https://h/p#f');
  });

  it('W4: a mandatory row with an absent variable fails, an optional one is dropped', () => {
    const rows = [row('a', '$flow.key.x'), row('b', '1')];
    expect(appendQuery('https://h', rows, of({}))).toBe('https://h?b=1');
    expect(() => appendQuery('https://h', [row('a', '$flow.key.x', true)], of({}))).toThrow(
      expect.objectContaining({
        reason: 'INVALID_FLOW_VAR',
        message: 'The query parameter a is mandatory, but $flow.key.x has no value.',
      }),
    );
  });
});
