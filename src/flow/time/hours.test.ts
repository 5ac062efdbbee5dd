import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Hours, hoursState, wallTime } from './hours.js';

const at = (iso: string, zone: string, hours: Hours) => hoursState(hours, Date.parse(iso), zone);
const every = (...intervals: { from: string; to: string }[]): Hours => ({
  days: { mon: intervals, tue: intervals, wed: intervals, thu: intervals, fri: intervals, sat: intervals, sun: intervals },
  holidays: [],
}); // prettier-ignore
const span = (from: string, to: string) => ({ from, to });
const KOLKATA = 'Asia/Kolkata';
const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';

describe('business hours', () => {
  const office: Hours = { days: { mon: [span('09:00', '13:00'), span('14:00', '18:00')] }, holidays: ['2026-01-12'] };

  it('an interval is open from its first minute up to but without its last, in local time', () => {
    // Monday 5 January 2026; Kolkata is 5:30 ahead.
    expect(at('2026-01-05T03:29:59.999Z', KOLKATA, office)).toBe('closed');
    expect(at('2026-01-05T03:30:00Z', KOLKATA, office)).toBe('open');
    expect(at('2026-01-05T07:29:59Z', KOLKATA, office)).toBe('open');
    expect(at('2026-01-05T07:30:00Z', KOLKATA, office)).toBe('closed');
    expect(at('2026-01-05T12:29:59Z', KOLKATA, office)).toBe('open');
    expect(at('2026-01-05T12:30:00Z', KOLKATA, office)).toBe('closed');
  });

  it('D2c: a holiday without a year is closed in every year', () => {
    const yearly: Hours = { ...office, holidays: ['01-12', '02-29'] };
    for (const year of [2026, 2032]) expect(at(`${year}-01-12T05:00:00Z`, KOLKATA, yearly)).toBe('holiday');
    expect(at('2026-01-19T05:00:00Z', KOLKATA, yearly)).toBe('open');
    expect(at('2028-02-29T05:00:00Z', KOLKATA, yearly)).toBe('holiday');
  });

  it('weekday and holiday are those of the local date', () => {
    // Sunday evening in UTC is Monday morning in Kolkata.
    expect(at('2026-01-04T20:00:00Z', KOLKATA, every(span('01:00', '02:00')))).toBe('open');
    const monday: Hours = { days: { mon: [span('01:00', '02:00')] }, holidays: [] };
    expect(at('2026-01-04T20:00:00Z', KOLKATA, monday)).toBe('open');
    expect(at('2026-01-04T20:00:00Z', 'UTC', monday)).toBe('closed');
    expect(at('2026-01-11T20:00:00Z', KOLKATA, office)).toBe('holiday');
    expect(at('2026-01-12T05:00:00Z', KOLKATA, office)).toBe('holiday');
    expect(at('2026-01-12T18:30:00Z', KOLKATA, office)).toBe('closed');
  });

  it('a day without intervals is closed, and no days at all are closed always', () => {
    expect(at('2026-01-06T06:00:00Z', KOLKATA, office)).toBe('closed');
    expect(at('2026-01-05T06:00:00Z', KOLKATA, { days: {}, holidays: [] })).toBe('closed');
  });

  it('an interval over midnight belongs to the day it begins on', () => {
    const friday: Hours = { days: { fri: [span('22:00', '02:00')] }, holidays: [] };
    expect(at('2026-01-09T21:59:00Z', 'UTC', friday)).toBe('closed');
    expect(at('2026-01-09T22:00:00Z', 'UTC', friday)).toBe('open');
    expect(at('2026-01-10T01:59:00Z', 'UTC', friday)).toBe('open');
    expect(at('2026-01-10T02:00:00Z', 'UTC', friday)).toBe('closed');
    expect(at('2026-01-09T01:00:00Z', 'UTC', friday)).toBe('closed');
    expect(at('2026-01-10T22:30:00Z', 'UTC', friday)).toBe('closed');
  });

  it('00:00 is the end of a day too, and 00:00 to 00:00 is the whole day', () => {
    const evening: Hours = { days: { fri: [span('18:00', '00:00')], sat: [span('00:00', '00:00')] }, holidays: [] };
    expect(at('2026-01-09T23:59:59Z', 'UTC', evening)).toBe('open');
    expect(at('2026-01-09T17:59:59Z', 'UTC', evening)).toBe('closed');
    expect(at('2026-01-10T00:00:00Z', 'UTC', evening)).toBe('open');
    expect(at('2026-01-10T23:59:59Z', 'UTC', evening)).toBe('open');
    expect(at('2026-01-11T00:00:00Z', 'UTC', evening)).toBe('closed');
  });

  it('an interval begun on the evening before a holiday goes on into it; one of the holiday does not go on after it', () => {
    const nights = { ...every(span('22:00', '02:00')), holidays: ['2026-12-25'] };
    expect(at('2026-12-24T23:00:00Z', 'UTC', nights)).toBe('open');
    expect(at('2026-12-25T01:00:00Z', 'UTC', nights)).toBe('open');
    expect(at('2026-12-25T02:00:00Z', 'UTC', nights)).toBe('holiday');
    expect(at('2026-12-25T23:00:00Z', 'UTC', nights)).toBe('holiday');
    expect(at('2026-12-26T01:00:00Z', 'UTC', nights)).toBe('closed');
    expect(at('2026-12-26T22:00:00Z', 'UTC', nights)).toBe('open');
  });

  it.each([
    [BERLIN, '2026-03-27T08:00:00Z', '2026-03-30T07:00:00Z'],
    [BERLIN, '2026-10-23T07:00:00Z', '2026-10-26T08:00:00Z'],
    [NEW_YORK, '2026-03-06T14:00:00Z', '2026-03-09T13:00:00Z'],
    [NEW_YORK, '2026-10-30T13:00:00Z', '2026-11-02T14:00:00Z'],
  ])('%s opens at 09:00 by the clock on the wall, before and after the clocks change', (zone, before, after) => {
    const hours = every(span('09:00', '17:00'));
    for (const opening of [before, after]) {
      expect(hoursState(hours, Date.parse(opening), zone)).toBe('open');
      expect(hoursState(hours, Date.parse(opening) - 1, zone)).toBe('closed');
    }
  });

  it.each([
    // In spring 02:00 to 03:00 is skipped: after 01:59 comes 03:00.
    [BERLIN, '2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z'],
    [NEW_YORK, '2026-03-08T06:59:59Z', '2026-03-08T07:00:00Z'],
  ])('%s: an hour that the clocks skip never comes', (zone, last, next) => {
    expect(at(last, zone, every(span('02:00', '03:00')))).toBe('closed');
    expect(at(next, zone, every(span('02:00', '03:00')))).toBe('closed');
    expect(at(last, zone, every(span('02:30', '05:00')))).toBe('closed');
    expect(at(next, zone, every(span('02:30', '05:00')))).toBe('open');
  });

  it.each([
    // In autumn it is 02:30 (01:30 in New York) twice.
    [BERLIN, '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', span('02:00', '03:00'), span('01:00', '02:00')],
    [NEW_YORK, '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z', span('01:00', '02:00'), span('02:00', '03:00')],
  ])('%s: an hour that comes twice counts both times', (zone, first, second, inside, outside) => {
    for (const moment of [first, second]) {
      expect(at(moment, zone, every(inside))).toBe('open');
      expect(at(moment, zone, every(outside))).toBe('closed');
    }
  });

  it('an interval over the midnight before the clocks change ends by the clock on the wall', () => {
    const nights: Hours = { days: { sat: [span('22:00', '04:00')] }, holidays: [] };
    expect(at('2026-03-29T01:59:00Z', BERLIN, nights)).toBe('open');
    expect(at('2026-03-29T02:00:00Z', BERLIN, nights)).toBe('closed');
    expect(at('2026-10-25T02:59:00Z', BERLIN, nights)).toBe('open');
    expect(at('2026-10-25T03:00:00Z', BERLIN, nights)).toBe('closed');
  });

  const times = fc.integer({ min: 0, max: 1439 });
  const clock = (minute: number) => new Date(minute * 60_000).toISOString().slice(11, 16);
  it('at each moment exactly one of two intervals that fill the day is open', () => {
    const moments = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    const zones = fc.constantFrom('UTC', BERLIN, NEW_YORK, KOLKATA, 'Australia/Lord_Howe');
    fc.assert(
      fc.property(moments, zones, times, times, (moment, zone, from, to) => {
        fc.pre(from !== to);
        const day = hoursState(every(span(clock(from), clock(to))), moment.getTime(), zone);
        const rest = hoursState(every(span(clock(to), clock(from))), moment.getTime(), zone);
        expect([day, rest].sort()).toEqual(['closed', 'open']);
        expect(hoursState(every(span(clock(from), clock(from))), moment.getTime(), zone)).toBe('open');
      }),
    );
  });

  it('shows a moment as the clock on the wall', () => {
    expect(wallTime(Date.parse('2026-01-04T20:00:00Z'), KOLKATA)).toBe('Mon 2026-01-05 01:30 Asia/Kolkata');
  });
});
