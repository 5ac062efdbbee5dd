import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calculate } from './calculate.js';
import type { PlainOperation } from './fault.js';
import { fillOperation } from './fill-operation.js';

const extract = (text: string, from: string, length?: string) => calculate({ do: 'extract', text, from, length });

describe('calculations with texts', () => {
  it('assigns, joins and changes letters', () => {
    expect(calculate({ do: 'assign', value: 'x' })).toBe('x');
    expect(calculate({ do: 'concatenate', texts: ['a', '', 'b c'] })).toBe('ab c');
    expect(calculate({ do: 'lowercase', text: 'ÄB1' })).toBe('äb1');
    expect(calculate({ do: 'uppercase', text: 'äb1' })).toBe('ÄB1');
  });

  it('a character is a Unicode code point', () => {
    expect(calculate({ do: 'length', text: '' })).toBe('0');
    expect(calculate({ do: 'length', text: 'नमस्ते' })).toBe('6');
    expect(calculate({ do: 'length', text: '😀a' })).toBe('2');
    expect(extract('😀ab', '1', '1')).toBe('😀');
  });

  it('extracts from a position that is counted from the beginning or from the end', () => {
    expect(extract('919812345678', '3')).toBe('9812345678');
    expect(extract('919812345678', '1', '2')).toBe('91');
    expect(extract('919812345678', '-4')).toBe('5678');
    expect(extract('919812345678', '-10', '4')).toBe('9812');
  });

  it('a place outside of the text gives what is there', () => {
    expect(extract('abc', '2', '99')).toBe('bc');
    expect(extract('abc', '4')).toBe('');
    expect(extract('abc', '1', '0')).toBe('');
    expect(extract('abc', '-5')).toBe('abc');
    // The characters 5 to 3 from the end: only the third from the end is there.
    expect(extract('abc', '-5', '3')).toBe('a');
    expect(extract('abc', '-5', '2')).toBe('');
    expect(extract('abc', '-5', '1')).toBe('');
    expect(extract('', '1', '5')).toBe('');
  });

  it('a position of 0, a length below 0 and what is no whole number are faults', () => {
    expect(() => extract('abc', '0')).toThrow('"from" is 0, and the first character is 1');
    expect(() => extract('abc', '1', '-1')).toThrow('"length" is negative');
    expect(() => extract('abc', '1.5')).toThrow('"from" is no whole number');
    expect(() => extract('abc', '1', '')).toThrow('"length" is no whole number of at most 12 digits (it is an empty');
  });

  it('two parts that meet make the whole text again, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, cut) => {
        const joined = extract(text, '1', String(cut)) + extract(text, String(cut + 1));
        expect(joined).toBe(text);
        const last = extract(text, String(-cut));
        expect(text.endsWith(last)).toBe(true);
        expect([...last]).toHaveLength(Math.min(cut, [...text].length));
      }),
    );
  });
});

describe('operands', () => {
  const values: Record<string, string> = { '$flow.key.a': '1', '$flow.key.empty': '' };
  const fill = (operation: PlainOperation) => fillOperation(operation, (name) => values[name]);

  it('V4: variables work in every operand, and never in what is a choice', () => {
    expect(fill({ do: 'concatenate', texts: ['$flow.key.a', 'x$flow.key.empty', '$$'] })).toEqual({
      do: 'concatenate',
      texts: ['1', 'x', '$'],
    });
    expect(fill({ do: 'round', number: '$flow.key.a', digits: 2 })).toEqual({ do: 'round', number: '1', digits: 2 });
  });

  it('V3: absent is not empty: an operand with an absent variable is a fault that names both', () => {
    expect(fill({ do: 'length', text: '$flow.key.empty' })).toMatchObject({ text: '' });
    expect(() => fill({ do: 'concatenate', texts: ['$flow.key.a', 'x$flow.key.none'] })).toThrow(
      '"texts" has no value: $flow.key.none is absent.',
    );
  });
});
