import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { DateOperation } from '../operation/fault.js';
import { calculateDateValue } from './date-operation.js';

type Unit = Extract<DateOperation, { do: 'addDuration' }>['unit'];
type Span = Extract<DateOperation, { do: 'durationBetween' }>['unit'];
type Reading = { inputFormat?: string; timeZone?: string };

const BERLIN = 'Europe/Berlin';
const add = (date: string, amount: number | string, unit: Unit, zone = 'UTC', more: Reading = {}) =>
  calculateDateValue({ do: 'addDuration', date, amount: String(amount), unit, ...more }, zone, 0);
const subtract = (date: string, amount: number, unit: Unit, zone = 'UTC') =>
  calculateDateValue({ do: 'subtractDuration', date, amount: String(amount), unit }, zone, 0);
const between = (from: string, to: string, unit: Span, zone = 'UTC', more: Reading = {}) =>
  calculateDateValue({ do: 'durationBetween', from, to, unit, ...more }, zone, 0);
const format = (date: string, to: string, zone = 'UTC', more: Reading = {}) =>
  calculateDateValue({ do: 'formatDate', date, format: to, ...more }, zone, 0);

describe('calculations with dates', () => {
  it('a text with an offset is that moment, one without is local time in the zone', () => {
    expect(format('2026-01-31T20:00:00Z', 'yyyy-MM-dd HH:mm ZZ', 'Asia/Kolkata')).toBe('2026-02-01 01:30 +05:30');
    expect(format('2026-01-31T20:00:00', 'yyyy-MM-dd HH:mm ZZ', 'Asia/Kolkata')).toBe('2026-01-31 20:00 +05:30');
    const more = { timeZone: 'America/New_York' };
    expect(format('2026-01-31T20:00:00Z', 'dd MMM yyyy, h:mm a z', 'Asia/Kolkata', more)).toBe(
      '31 Jan 2026, 3:00 PM America/New_York',
    );
  });

  it('reads dates by an input format', () => {
    const day = (inputFormat: string) => ({ inputFormat });
    expect(format('31/01/26', 'yyyy-MM-dd', 'UTC', day('dd/MM/yy'))).toBe('2026-01-31');
    expect(format('january 5, 2026', "EEEE 'the' d", 'UTC', day('MMMM d, yyyy'))).toBe('Monday the 5');
    const stamped = day('yyyy-MM-dd HH:mm ZZZ');
    expect(format('2026-01-31 10:00 +0530', 'HH:mm', 'UTC', stamped)).toBe('04:30');
    expect(format('2026-01-31', 'X', 'UTC')).toBe('1769817600');
  });

  it('V3: a sum of months ends on the last day where the month has no such day', () => {
    expect(add('2026-01-31', 1, 'months')).toBe('2026-02-28');
    expect(add('2028-01-31', 1, 'months')).toBe('2028-02-29');
    expect(add('2028-02-29', 1, 'years')).toBe('2029-02-28');
    expect(subtract('2026-03-31', 1, 'months')).toBe('2026-02-28');
  });

  it('gives a day for a day that is moved by days or longer, else a moment with its offset', () => {
    expect(add('2026-01-31', 2, 'weeks', BERLIN)).toBe('2026-02-14');
    expect(add('2026-01-31', 36, 'hours', BERLIN)).toBe('2026-02-01T12:00:00+01:00');
    expect(add('2026-01-31T08:30', -1, 'days', 'Asia/Kolkata')).toBe('2026-01-30T08:30:00+05:30');
    expect(add('31.01.2026', 1, 'days', BERLIN, { inputFormat: 'dd.MM.yyyy' })).toBe('2026-02-01');
    expect(add('31.01.2026 07', 1, 'days', BERLIN, { inputFormat: 'dd.MM.yyyy HH' })).toBe('2026-02-01T07:00:00+01:00');
  });

  it('over a change of the clocks a day keeps its time of day, and hours are those that pass', () => {
    expect(add('2026-03-28T12:00', 1, 'days', BERLIN)).toBe('2026-03-29T12:00:00+02:00');
    expect(add('2026-03-28T12:00', 24, 'hours', BERLIN)).toBe('2026-03-29T13:00:00+02:00');
    expect(between('2026-03-28T12:00', '2026-03-29T12:00', 'days', BERLIN)).toBe('1');
    expect(between('2026-03-28T12:00', '2026-03-29T12:00', 'hours', BERLIN)).toBe('23');
    expect(between('2026-10-24T12:00', '2026-10-25T12:00', 'hours', BERLIN)).toBe('25');
  });

  it('counts whole units that have passed, negative when the second date is the earlier one', () => {
    expect(between('2026-01-01T00:00:00', '2026-01-01T00:01:59.999', 'minutes')).toBe('1');
    expect(between('2026-01-02', '2026-01-01T00:00:01', 'days')).toBe('0');
    expect(between('2026-01-03', '2026-01-01', 'days')).toBe('-2');
    expect(between('2026-01-01', '2026-01-01', 'seconds')).toBe('0');
  });

  it('a local time that the clocks skip is moved on, and of one that comes twice the first is meant, on any day', () => {
    try {
      for (const today of ['2026-01-15T12:00:00Z', '2026-07-15T12:00:00Z']) {
        vi.useFakeTimers({ now: new Date(today) });
        expect(format('2026-03-29T02:30', 'HH:mm ZZ', BERLIN)).toBe('03:30 +02:00');
        expect(format('2026-10-25T02:30', 'HH:mm ZZ', BERLIN)).toBe('02:30 +02:00');
        expect(format('2026-11-01T01:30', 'HH:mm ZZ', 'America/New_York')).toBe('01:30 -04:00');
      }
    } finally {
      vi.useRealTimers();
    }
    expect(format('2026-10-25T02:30:00+01:00', 'HH:mm ZZ', BERLIN)).toBe('02:30 +01:00');
  });

  it.each(['', 'tomorrow', '09:00', 'T09:00', '2026-02-30', '2026-13-01', '31/01/2026', '2026-01-01T25:00', '1'.repeat(9999)])(
    'takes %.20j for no date, and does not show it',
    (text) => {
      expect(() => add(text, 1, 'days')).toThrow(/^"date" is no date as ISO 8601 says \(it is an? [a-z]+ ?[^']*\)\.$/);
    },
  ); // prettier-ignore

  it('an operand that cannot be used is a fault that names it', () => {
    expect(() => add('2026-01-01', '1.5', 'days')).toThrow('"amount" is no whole number');
    expect(() => add('2026-01-01', 9000, 'years')).toThrow('"amount" leads out of the years 1 to 9999');
    expect(() => add('2026-01-01', '999999999999', 'years')).toThrow('"amount" leads out of the years 1 to 9999');
    expect(() => between('2026-01-01', 'x', 'days')).toThrow('"to" is no date');
    expect(() => format('2026-01-01', 'YYYY')).toThrow('"format" holds "YYYY"');
    expect(() => format('2026-01-01', 'yyyy', 'UTC', { timeZone: 'Mars/Phobos' })).toThrow('"timeZone" is no IANA');
    expect(() => format('01/01', 'yyyy', 'UTC', { inputFormat: 'dd/MM' })).toThrow('"inputFormat" reads no year');
    expect(() => format('2026-01-01', 'yyyy', 'UTC', { inputFormat: 'dd/MM/yyyy' })).toThrow(
      '"date" is no date as "inputFormat" says (it is a text of 10 characters).',
    );
  });

  const zones = fc.constantFrom('UTC', BERLIN, 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
  const moments = fc.date({ min: new Date('1971-01-01'), max: new Date('2037-01-01'), noInvalidDate: true });

  it('time that is added and taken away again, and time that is measured, agree in every zone', () => {
    const units = fc.constantFrom<Span>('seconds', 'minutes', 'hours');
    fc.assert(
      fc.property(moments, fc.integer({ min: -100_000, max: 100_000 }), units, zones, (date, amount, unit, zone) => {
        date.setUTCMilliseconds(0);
        const later = add(date.toISOString(), amount, unit, zone);
        expect(between(date.toISOString(), later, unit, zone)).toBe(String(amount));
        expect(Date.parse(subtract(later, amount, unit, zone))).toBe(date.getTime());
      }),
    );
  });

  it('a local time without an offset is read as written, or moved on by what the clocks skip there', () => {
    fc.assert(
      fc.property(moments, zones, (date, zone) => {
        const local = date.toISOString().slice(0, 19);
        const shown = format(local, "yyyy-MM-dd'T'HH:mm:ss", zone);
        const moved = Date.parse(`${shown}Z`) - Date.parse(`${local}Z`);
        expect([0, 30 * 60_000, 60 * 60_000]).toContain(moved);
        // What was moved onto is a time that exists: read again it stays.
        expect(format(shown, "yyyy-MM-dd'T'HH:mm:ss", zone)).toBe(shown);
      }),
    );
  });
});
