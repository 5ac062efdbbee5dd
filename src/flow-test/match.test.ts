import { describe, expect, it } from 'vitest';
import { differences } from './match.js';

describe('comparing a part of a JSON value', () => {
  it('an object fits when each field that is expected of it does; others may be anything', () => {
    expect(differences({ a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 })).toEqual([]);
    expect(differences({}, {})).toEqual([]);
  });

  it('tells every place that differs, by its JSON pointer', () => {
    expect(differences({ a: 1, 'b/c': [{ d: 'x' }], e: null }, { a: '1', 'b/c': [{ d: 'y' }] })).toEqual([
      { place: '/a', expected: 1, got: '1' },
      { place: '/b~1c/0/d', expected: 'x', got: 'y' },
      { place: '/e', expected: null, got: undefined },
    ]);
  });

  it('a list has as many elements as expected', () => {
    expect(differences([1, 2], [1, 2, 3])).toHaveLength(1);
    expect(differences([], [1])).toHaveLength(1);
    expect(differences([1], { 0: 1 })).toHaveLength(1);
  });

  it('of a list of which some are expected, these are found in their order', () => {
    const got = [{ n: 'a', v: 1 }, { n: 'b', v: 2 }, { n: 'c' }];
    expect(differences([{ n: 'a' }, { n: 'c' }], got, 'some')).toEqual([]);
    expect(differences([{ n: 'c' }, { n: 'a' }], got, 'some')).toEqual([{ place: '', expected: { n: 'a' }, got: [] }]);
  });

  it('a field that every object inherits is not there', () => {
    expect(differences({ constructor: 'x' }, {})).toEqual([{ place: '/constructor', expected: 'x', got: undefined }]);
  });
});
