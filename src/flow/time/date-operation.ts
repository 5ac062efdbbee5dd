/**
 * Calculations with dates, in a time zone. Not for workflow code: it needs the runtime's time-zone data.
 * @module
 */
import { DateTime } from 'luxon';
import { type DateOperation, OperationFault } from '../operation/fault.js';
import { readWhole } from '../operation/numbers.js';
import { outputFormatFault } from './formats.js';
import { formattedNumber, readLocale } from './locales.js';
import { type ReadDate, isInRange, readDate, readZone } from './read-date.js';

type Shift = Extract<DateOperation, { do: 'addDuration' | 'subtractDuration' }>;

/** Units that leave the time of day as it is. */
const CALENDAR_UNITS = new Set(['days', 'weeks', 'months', 'years']);

/**
 * The value that a date operation gives, its operands filled in; without a zone of its own it counts in `accountZone`. `now` is
 * this moment in milliseconds since 1970.
 * @throws {OperationFault} for an operand that cannot be used.
 */
export function calculateDateValue(operation: DateOperation, accountZone: string, now: number): string {
  if (operation.do === 'formatNumber') return formattedNumber(operation);
  const zone = operation.timeZone === undefined ? accountZone : readZone('timeZone', operation.timeZone);
  if (operation.do === 'now') return momentOf(DateTime.fromMillis(now, { zone }));
  const read = (field: string, text: string) => readDate(field, text, zone, operation.inputFormat);
  switch (operation.do) {
    case 'durationBetween':
      return between(read('from', operation.from), read('to', operation.to), operation.unit);
    case 'formatDate': {
      const fault = outputFormatFault(operation.format);
      if (fault !== undefined) throw new OperationFault('format', fault);
      const { moment } = read('date', operation.date);
      if (operation.locale === undefined) return moment.toFormat(operation.format);
      return moment.toFormat(operation.format, {
        locale: readLocale('locale', operation.locale),
        numberingSystem: 'latn',
      });
    }
    default:
      return shifted(operation, read('date', operation.date));
  }
}

/** Whole units that have passed, negative when `to` is the earlier one. A day is one of the calendar, whatever its hours. */
function between({ moment: from }: ReadDate, { moment: to }: ReadDate, unit: 'seconds' | 'minutes' | 'hours' | 'days') {
  return String(Math.trunc(to.diff(from, unit).as(unit)));
}

/** ISO 8601, to the second. */
function momentOf(moment: DateTime): string {
  return moment.startOf('second').toISO({ suppressMilliseconds: true }) ?? '';
}

/** ISO 8601: a day when a day was given and moved by days or longer, else a moment with its offset. */
function shifted(operation: Shift, { moment, dayOnly }: ReadDate): string {
  const amount = readWhole('amount', operation.amount);
  const duration = { [operation.unit]: amount };
  const result = operation.do === 'addDuration' ? moment.plus(duration) : moment.minus(duration);
  if (!isInRange(result)) throw new OperationFault('amount', 'leads out of the years 1 to 9999.');
  if (dayOnly && CALENDAR_UNITS.has(operation.unit)) return result.toISODate();
  return result.toISO({ suppressMilliseconds: true });
}
