import { describe, expect, it } from 'vitest';
import { Patterns } from '../values/pattern.js';
import { calculate } from './calculate.js';
import type { CallOperation } from './fault.js';
import { calculateInCall } from './in-call.js';

const values: Record<string, string> = { '$flow.key.slot_2': 'b', '$flow.key.slot_2_id': '7' };
const inCall = (operation: CallOperation, random = 0) =>
  calculateInCall(operation, { patterns: new Patterns(), lookup: (name) => values[name], random: () => random });

describe('D2c: operations on texts', () => {
  const replace = (text: string, find: string, by: string) => calculate({ do: 'replace', text, find, with: by });
  const pad = (text: string, length: string, by = '0', side: 'start' | 'end' = 'start') =>
    calculate({ do: 'pad', text, length, with: by, side });

  it('D2c: replaces every place as it is written, and trims', () => {
    expect(replace('a.b.c', '.', '$1')).toBe('a$1b$1c');
    expect(replace('abc', 'x', 'y')).toBe('abc');
    expect(() => replace('abc', '', 'y')).toThrow('"find" is the empty text');
    expect(() => replace('a'.repeat(1000), 'a', 'b'.repeat(1000))).toThrow('"with" makes the text longer than 64 KiB');
    expect(calculate({ do: 'trim', text: ' a b\n' })).toBe('a b');
  });

  it('D2c: pads to a length, which a longer text has already', () => {
    expect([pad('7', '3'), pad('😀', '3', 'ab', 'end'), pad('1234', '3')]).toEqual(['007', '😀ab', '1234']);
    expect(() => pad('7', '3', '')).toThrow('"with" is the empty text');
    expect(() => pad('7', '99999')).toThrow('"length" is longer than 64 KiB');
  });

  it('D2c: spells one by one, a mark with its letter', () => {
    expect(calculate({ do: 'spell', text: '40 91' })).toBe('4 0 9 1');
    expect(calculate({ do: 'spell', text: 'की' })).toBe('की');
    expect(calculate({ do: 'spell', text: '' })).toBe('');
  });
});

describe('D2c: operations that need their call', () => {
  it('D2c: splits into items', () => {
    expect(inCall({ do: 'split', text: 'a;;b', separator: ';' })).toEqual(['a', '', 'b']);
    expect(inCall({ do: 'split', text: '', separator: ';' })).toEqual([]);
    expect(() => inCall({ do: 'split', text: 'a', separator: '' })).toThrow('"separator" is the empty text');
  });

  it('D2c: gives a group of an RE2 pattern, and fails where there is none', () => {
    const match = (group: number) =>
      inCall({ do: 'match', text: 'order 4711, open', pattern: 'order (\\d+)(x)?', group });
    expect([match(0), match(1)]).toEqual(['order 4711', '4711']);
    expect(() => match(2)).toThrow('"pattern" is not found');
    expect(() => match(3)).toThrow('"pattern" is not found');
    expect(() => inCall({ do: 'match', text: 'x', pattern: 'y', group: 0 })).toThrow('"pattern" is not found');
  });

  it('D2c: picks an item of a list, or a field of it, by a number', () => {
    expect(inCall({ do: 'pick', of: '$flow.key.slot', number: ' 2 ' })).toBe('b');
    expect(inCall({ do: 'pick', of: '$flow.key.slot', number: '2', field: 'id' })).toBe('7');
    expect(() => inCall({ do: 'pick', of: '$flow.key.slot', number: '3' })).toThrow('no such value');
    expect(() => inCall({ do: 'pick', of: '$flow.key.slot', number: 'x' })).toThrow('"number" is no whole number');
  });

  it('D2c: draws a whole number, both ends included', () => {
    const draw = (from: string, to: string, random: number) => inCall({ do: 'random', from, to }, random);
    expect([draw('1', '6', 0), draw('1', '6', 0.999), draw('-1', '-1', 0.5)]).toEqual(['1', '6', '-1']);
    expect(() => draw('2', '1', 0)).toThrow('"to" is less than "from"');
  });
});
