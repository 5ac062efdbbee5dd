import { describe, expect, it } from 'vitest';
import { Patterns } from './pattern.js';
import { cpuSeconds } from '../../../test/support/cpu-time.js';

const quick = (work: () => void, milliseconds = 5000) => {
  expect(cpuSeconds(work)).toBeLessThan(milliseconds / 1000);
};

describe('D2: patterns of flow authors', () => {
  it('a pattern that is no RE2 expression is named before it runs', () => {
    expect(new Patterns().fault('(a')).toMatch(/missing/);
    expect(new Patterns().fault('^[0-9]{4}$')).toBeUndefined();
  });

  it.each([
    '^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}\\.[A-Za-z]{2,24}$',
    '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
    '^(?i)[a-z]{1,2}\\d[a-z\\d]? ?\\d[a-z]{2}$',
    '^[\\]})({1,3}]+$',
  ])('%s is within every limit', (pattern) => {
    const patterns = new Patterns();
    expect(patterns.fault(pattern)).toBeUndefined();
    for (let n = 0; n < 200; n++) patterns.find(pattern, 'x'.repeat(40));
  });

  it.each([
    ['long', '(a|b)*'.repeat(8000)],
    ['repeats', '((a|b|c|d|e)(f|g|h)){999}'],
    ['repeats repeats', '((abcdefghij){30}){30}'],
    ['repeats without an end', '(abcdefghij){900,}'],
  ])('a pattern that is too large, for it %s, is refused unread', (_why, pattern) => {
    quick(() => expect(new Patterns().fault(pattern)).toMatch(/at most 5000 parts/), 500);
  });

  it('what a pattern may cost in a call is limited, whatever the text', () => {
    for (const [pattern, text] of [
      ['(a|b)*'.repeat(800), 'a'.repeat(65_536)],
      ['^(.*a){500}$', 'a'.repeat(65_536)],
      ['(a?){1000}b', 'a'.repeat(65_536)],
    ] as const) {
      const patterns = new Patterns();
      quick(() =>
        expect(() => [...Array(1000).keys()].forEach(() => patterns.fits(pattern, text))).toThrow(RangeError),
      );
    }
  });

  it('the dearest of them take well below the 2 seconds of a workflow task', () => {
    const text = Array.from({ length: 60_000 }, (_, n) => 'ab'[Math.floor(Math.sin(n) * 1e6) & 1]).join('');
    for (const pattern of ['^(.*a){30}b$', '^(.*a){10}b$']) {
      const patterns = new Patterns();
      const seconds = cpuSeconds(() =>
        expect(() => [...Array(1000).keys()].forEach(() => patterns.find(pattern, text))).toThrow(RangeError),
      );
      expect(seconds, pattern).toBeLessThan(1);
    }
  });

  it('what the patterns of a document may cost is limited, too', () => {
    const patterns = new Patterns();
    quick(() => {
      const faults = [...Array(8000).keys()].map((n) => patterns.fault(`(a?){99${n % 10}}${n}`));
      expect(faults.at(-1)).toMatch(/too many/);
    });
  });

  it('a pattern that hangs a backtracking engine answers at once', () => {
    quick(() => expect(new Patterns().find('^(a+)+$', `${'a'.repeat(50_000)}!`)).toBe(false));
  });
});
