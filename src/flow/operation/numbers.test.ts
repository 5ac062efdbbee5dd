import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIVISION_DECIMALS, MAX_DIGITS, type NumberOperation, calculateNumber, readWhole } from './numbers.js';
import { cpuSeconds } from '../../../test/support/cpu-time.js';

const of = (kind: Exclude<NumberOperation['do'], 'round'>, left: string, right: string) =>
  calculateNumber({ do: kind, left, right });
const round = (number: string, digits = 0) => calculateNumber({ do: 'round', number, digits });

/** Whole numbers of up to 60 digits. */
const whole = fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n });
/** Decimals as a flow gets them, with their value in units of 10^-8. */
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 8 }))
  .map(([units, decimals]) => {
    const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
    const point = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
    const text = `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - decimals)}${point}`;
    return { text, scaled: units * 10n ** BigInt(8 - decimals) };
  });
const scaled = (text: string) => {
  const [, sign = '', before = '0', after = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return BigInt(`${sign}${before}${after.padEnd(16, '0')}`);
};

describe('calculations with numbers', () => {
  it('V3: every digit survives, with fractions and beyond what a double holds', () => {
    expect(of('add', '0.1', '0.2')).toBe('0.3');
    expect(of('add', '12345678901234567890', '1')).toBe('12345678901234567891');
    expect(of('multiply', '99999999999999999999', '99999999999999999999')).toBe(
      '9999999999999999999800000000000000000001',
    );
    expect(of('subtract', '1', '1.00')).toBe('0');
  });

  it('reads signs, blanks around a number and exponents, and writes plain digits', () => {
    expect(of('add', ' +1.50 ', '.5')).toBe('2');
    expect(of('add', '1e3', '5.')).toBe('1005');
    expect(of('multiply', '1e-7', '1')).toBe('0.0000001');
    expect(of('multiply', '1E21', '1')).toBe('1000000000000000000000');
    expect(of('multiply', '-0', '5')).toBe('0');
  });

  it('V3: addition, subtraction and multiplication are those of whole numbers, however long', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const unit = 10n ** 8n;
        expect(scaled(of('add', a.text, b.text))).toBe((a.scaled + b.scaled) * unit);
        expect(scaled(of('subtract', a.text, b.text))).toBe((a.scaled - b.scaled) * unit);
        expect(scaled(of('multiply', a.text, b.text))).toBe(a.scaled * b.scaled);
      }),
    );
  });

  it('the remainder has the sign of the left number, as that of whole numbers', () => {
    expect(of('remainder', '7.5', '2')).toBe('1.5');
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        fc.pre(b !== 0n);
        expect(of('remainder', String(a), String(b))).toBe(String(a % b));
      }),
    );
  });

  it('a quotient is rounded to 20 decimals, a half away from zero', () => {
    expect(of('divide', '10', '4')).toBe('2.5');
    expect(of('divide', '2', '3')).toBe(`0.${'6'.repeat(DIVISION_DECIMALS - 1)}7`);
    expect(of('divide', '-1', '2e20')).toBe(`-0.${'0'.repeat(DIVISION_DECIMALS - 1)}1`);
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        fc.pre(b !== 0n);
        expect(of('divide', String(a * b), String(b))).toBe(String(a));
      }),
    );
  });

  it('rounds a half away from zero', () => {
    expect([round('2.5'), round('-2.5'), round('2.4'), round('-0.4')]).toEqual(['3', '-3', '2', '0']);
    expect([round('1.005', 2), round('1.10', 2), round('12', 2)]).toEqual(['1.01', '1.1', '12']);
  });

  it.each(['', ' ', 'abc', '1,5', '1 2', '0x10', 'NaN', 'Infinity', '--1', '1e', '1e99999', '٣', '.'])(
    'takes %j for no number, and does not show it',
    (text) => {
      expect(() => of('add', text, '1')).toThrow(/^"left" is no number \(it is an? (empty text|text of \d+ \w+)\)\.$/);
    },
  );

  it('division by zero is a fault of the right operand', () => {
    for (const zero of ['0', '-0.00', '0e5']) {
      expect(() => of('divide', '1', zero)).toThrow('"right" is zero');
      expect(() => of('remainder', '1', zero)).toThrow('"right" is zero');
    }
  });

  it('V6: operands and results have at most 1,000 digits, and a long text is refused at once', () => {
    const longest = '9'.repeat(MAX_DIGITS);
    expect(of('add', longest, '0')).toBe(longest);
    expect(() => of('add', `${longest}9`, '0')).toThrow('"left" has more than 1000 digits');
    expect(() => of('add', '1e1000', '0')).toThrow('"left" has more than 1000 digits');
    expect(() => of('add', longest, '1')).toThrow('gives more than 1000 digits');
    expect(() => of('multiply', longest, '10')).toThrow('gives more than 1000 digits');
    const seconds = cpuSeconds(() => {
      expect(() => of('add', '9'.repeat(60_000), '1')).toThrow('"left" has more than 1000 digits');
      expect(() => of('divide', longest, `1e-${MAX_DIGITS - 1}`)).toThrow('gives more than 1000 digits');
    });
    expect(seconds).toBeLessThan(0.5);
  });

  it('a whole number has at most 12 digits and no fraction', () => {
    expect([readWhole('amount', '7'), readWhole('amount', '-7'), readWhole('amount', ' +7 ')]).toEqual([7, -7, 7]);
    for (const text of ['1.5', '', '1e3', '1234567890123']) expect(() => readWhole('amount', text)).toThrow('"amount"');
  });
});
