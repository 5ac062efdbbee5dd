import { describe, expect, it } from 'vitest';
import { Guesses } from './guessing.js';

describe('addresses that try keys', () => {
  it('are shut out after 20 wrong ones, for 5 minutes, and no other address is', () => {
    let now = 0;
    const guesses = new Guesses(20, () => now);
    for (let n = 0; n < 19; n += 1) guesses.wrong('a');
    expect(guesses.shutOutFor('a')).toBe(0);
    guesses.wrong('a');
    expect([guesses.shutOutFor('a'), guesses.shutOutFor('b')]).toEqual([300, 0]);
    now = 299_500;
    expect(guesses.shutOutFor('a')).toBe(1);
    now = 300_000;
    expect(guesses.shutOutFor('a')).toBe(0);
    guesses.wrong('a');
    expect(guesses.shutOutFor('a')).toBe(0);
  });

  it('are forgotten, the oldest first, so that they fill no memory', () => {
    const guesses = new Guesses(20, () => 0);
    for (let n = 0; n < 20; n += 1) guesses.wrong('first');
    for (let n = 0; n < 10_000; n += 1) guesses.wrong(`address-${n}`);
    expect(guesses.shutOutFor('first')).toBe(0);
  });
});
