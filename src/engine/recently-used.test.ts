import { expect, it } from 'vitest';
import { RecentlyUsed } from './recently-used.js';

it('a value is made once while it is kept; what was used least recently goes first', () => {
  const kept = new RecentlyUsed<string>(2);
  const made: string[] = [];
  const use = (key: string) =>
    kept.getOrMake(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  expect([use('a'), use('b'), use('a'), use('c'), use('a'), use('b')]).toEqual(['A', 'B', 'A', 'C', 'A', 'B']);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

it('the limit is one of weights: a value over it is not kept, and leaves no room taken', () => {
  const kept = new RecentlyUsed<number>(10);
  let made = 0;
  const use = (key: string, weight: number) => kept.getOrMake(key, () => ++made, weight);
  expect([use('small', 4), use('huge', 11), use('huge', 11)]).toEqual([1, 2, 3]);
  expect([use('small', 4), use('other', 6), use('small', 4), use('other', 6)]).toEqual([4, 5, 4, 5]);
});
