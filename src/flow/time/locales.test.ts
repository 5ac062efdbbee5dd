import { expect, it } from 'vitest';
import { calculateDateValue } from './date-operation.js';

const number = (text: string, digits?: number, locale?: string) =>
  calculateDateValue({ do: 'formatNumber', number: text, digits, locale }, 'UTC', 0);
const date = (text: string, format: string, more: { inputFormat?: string; locale?: string } = {}) =>
  calculateDateValue({ do: 'formatDate', date: text, format, ...more }, 'Asia/Kolkata', 0);

it('D2c: writes numbers with the separators of a language, every digit kept', () => {
  expect([number('1234567.50'), number('1234567.5', 2)]).toEqual(['1,234,567.5', '1,234,567.50']);
  expect([number('1234567', undefined, 'en-IN'), number('1234567', 0, 'hi')]).toEqual(['12,34,567', '12,34,567']);
  expect(number('2.5', 0)).toBe('3');
  expect(number('12345678901234567890.125')).toBe('12,345,678,901,234,567,890.125');
  expect(number('1234.5', undefined, 'de')).toBe('1.234,5');
  expect(() => number('x')).toThrow('"number" is no number');
  expect(() => number('1', 0, 'not a tag')).toThrow('"locale" is no language tag');
});

it('D2c: reads epoch seconds, milliseconds and dates of .NET, and writes names in a language', () => {
  expect(date('1796083200', 'yyyy-MM-dd HH:mm', { inputFormat: 'X' })).toBe('2026-12-01 05:30');
  expect(date('1796083200123', 'HH:mm:ss.SSS', { inputFormat: 'x' })).toBe('05:30:00.123');
  expect(date('/Date(1796083200000)/', 'd MMMM')).toBe('1 December');
  expect(date('/Date(1796083200000+0530)/', 'EEEE', { locale: 'hi' })).toBe('मंगलवार');
  expect(date('2026-12-01', 'd MMMM', { locale: 'hi' })).toBe('1 दिसंबर');
  expect(() => date('abc', 'yyyy', { inputFormat: 'X' })).toThrow('"date" is no date');
  expect(() => date('1', 'yyyy', { inputFormat: 'X d' })).toThrow('"inputFormat" counts since 1970');
  expect(() => date('/Date(x)/', 'yyyy')).toThrow('"date" is no date');
});

it('D2c: now is this moment in the zone', () => {
  expect(calculateDateValue({ do: 'now' }, 'Asia/Kolkata', 1796083200999)).toBe('2026-12-01T05:30:00+05:30');
  expect(calculateDateValue({ do: 'now', timeZone: 'UTC' }, 'Asia/Kolkata', 0)).toBe('1970-01-01T00:00:00Z');
});
