/**
 * Are the business hours on at a moment? Contract D3, D2c. Not for workflow code: it needs the runtime's time-zone data.
 * @module
 */
import { DateTime } from 'luxon';
import type { Account } from '../documents/account.js';

/** Business hours as a document writes them. */
export type Hours = NonNullable<Account['hours']>;
/** What a moment is by the business hours. */
export type HoursState = 'open' | 'closed' | 'holiday';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/**
 * What the clock on the wall says decides, so an hour that comes twice counts twice and a skipped one never comes.
 * An interval `[from, to)` belongs to the day it begins on. One whose `to` is not after `from` reaches into the next day,
 * into a holiday too; one that would begin on a holiday does not, not even its part after midnight.
 */
export function hoursState(hours: Hours, at: number, timeZone: string): HoursState {
  const now = DateTime.fromMillis(at, { zone: timeZone });
  const clock = now.toFormat('HH:mm');
  const isHoliday = (day: DateTime) =>
    hours.holidays.some((holiday) => holiday === day.toISODate() || holiday === day.toFormat('MM-dd'));
  const intervals = (day: DateTime) => {
    const weekday = WEEKDAYS[day.weekday - 1];
    return isHoliday(day) || weekday === undefined ? [] : (hours.days[weekday] ?? []);
  };
  const today = intervals(now).some(({ from, to }) => clock >= from && (clock < to || to <= from));
  const sinceYesterday = intervals(now.minus({ days: 1 })).some(({ from, to }) => to <= from && clock < to);
  if (today || sinceYesterday) return 'open';
  return isHoliday(now) ? 'holiday' : 'closed';
}

/** A moment as the clock on the wall there shows it, for the timeline of a call. */
export function wallTime(at: number, timeZone: string): string {
  return `${DateTime.fromMillis(at, { zone: timeZone, locale: 'en-US' }).toFormat('EEE yyyy-MM-dd HH:mm')} ${timeZone}`;
}
