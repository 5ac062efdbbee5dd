/**
 * Calculations with dates, in a time zone. Not for workflow code: it needs the runtime's time-zone data.
 * @module
 */
import { type DateOperation, OperationFault } from '../operation/fault.js';
import { readWhole } from '../operation/numbers.js';
import { outputFormatFault } from './formats.js';
import { type ReadDate, isInRange, readDate, readZone } from './read-date.js';

type Shift = Extract<DateOperation, { do: 'addDuration' | 'subtractDuration' }>;

/** Units that leave the time of day as it is. */
const CALENDAR_UNITS = new Set(['days', 'weeks', 'months', 'years']);

/**
 * The value that a date operation gives, its operands filled in; without a zone of its own it counts in `accountZone`.
 * @throws {OperationFault} for an operand that cannot be used.
 */
export function calculateDateValue(operation: DateOperation, accountZone: string): string {
  const zone = operation.timeZone === undefined ? accountZone : readZone('timeZone', operation.timeZone);
  const read = (field: string, text: string) => readDate(field, text, zone, operation.inputFormat);
  switch (operation.do) {
    case 'durationBetween':
      return between(read('from', operation.from), read('to', operation.to), operation.unit);
    case 'formatDate': {
      const fault = outputFormatFault(operation.format);
      if (fault !== undefined) throw new OperationFault('format', fault);
      return read('date', operation.date).moment.toFormat(operation.format);
    }
    default:
      return shifted(operation, read('date', operation.date));
  }
}

/** Whole units that have passed, negative when `to` is the earlier one. A day is one of the calendar, whatever its hours. */
function between({ moment: from }: ReadDate, { moment: to }: ReadDate, unit: 'seconds' | 'minutes' | 'hours' | 'days') {
  return String(Math.trunc(to.diff(from, unit).as(unit)));
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
