/**
 * Reading dates of texts: ISO 8601, or a format. Not for workflow code: it needs the runtime's time-zone data.
 * @module
 */
import { DateTime } from 'luxon';
import { isTimeZone } from '../documents/account.js';
import { OperationFault, kindOf } from '../operation/fault.js';
import { LOCALE, MILLISECONDS, SECONDS, inputFormatFault, readsClock } from './formats.js';

/** A date in its zone, and whether the text named a day only. */
export interface ReadDate {
  moment: DateTime<true>;
  dayOnly: boolean;
}

/** A text longer than this is no date. */
const MAX_LENGTH = 100;

/** An IANA time zone. @throws {OperationFault} */
export function readZone(field: string, zone: string): string {
  if (isTimeZone(zone)) return zone;
  throw new OperationFault(field, `is no IANA time zone, such as Asia/Kolkata (it is ${kindOf(zone)}).`);
}

/**
 * A date: a text with an offset names a moment, one without is local time in `zone`. A local time that a change of the
 * clocks skips is moved on by as much; of one that comes twice the first is meant.
 * @throws {OperationFault}
 */
export function readDate(field: string, text: string, zone: string, inputFormat?: string): ReadDate {
  const epoch = ofEpoch(text.trim(), inputFormat);
  if (epoch !== undefined) {
    const moment = DateTime.fromMillis(epoch, { zone, locale: LOCALE });
    if (isInRange(moment)) return { moment, dayOnly: false };
  }
  if (inputFormat !== undefined) {
    const fault = inputFormatFault(inputFormat);
    if (fault !== undefined) throw new OperationFault('inputFormat', fault);
  }
  const trimmed = text.trim();
  const read = (inZone: string) => parse(trimmed, inZone, inputFormat);
  const moment = trimmed.length > MAX_LENGTH ? undefined : inZone(read, zone);
  if (!moment || !isInRange(moment)) {
    const expected = inputFormat === undefined ? 'ISO 8601' : '"inputFormat"';
    throw new OperationFault(field, `is no date as ${expected} says (it is ${kindOf(text)}).`);
  }
  return { moment, dayOnly: inputFormat === undefined ? !trimmed.includes('T') : !readsClock(inputFormat) };
}

/** Milliseconds since 1970 of what counts them, or seconds: by the format `X` or `x`, or as .NET writes them. */
function ofEpoch(text: string, inputFormat: string | undefined): number | undefined {
  const number = inputFormat === undefined ? /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(text)?.[1] : text;
  if (number === undefined || !/^-?\d{1,15}(\.\d{1,9})?$/.test(number)) return undefined;
  if (inputFormat === SECONDS) return Math.trunc(Number(number) * 1000);
  return inputFormat === undefined || inputFormat === MILLISECONDS ? Math.trunc(Number(number)) : undefined;
}

/** Whether a date's year has at most four digits: others could not be written as ISO 8601 is read. */
export function isInRange(moment: DateTime): moment is DateTime<true> {
  return moment.isValid && moment.year >= 1 && moment.year <= 9999;
}

function parse(text: string, zone: string, inputFormat?: string): DateTime | undefined {
  if (inputFormat !== undefined) return DateTime.fromFormat(text, inputFormat, { zone, locale: LOCALE });
  // A time of day alone is no date: luxon would take today's.
  return /^\d{4}/.test(text) ? DateTime.fromISO(text, { zone, locale: LOCALE }) : undefined;
}

/**
 * Which of two equal local times luxon gives depends on the day it is asked, so the text is read without the zone first.
 * A text that has an offset of its own gives the same moment wherever it is read.
 */
function inZone(read: (zone: string) => DateTime | undefined, zone: string): DateTime | undefined {
  const [here, there] = [read('UTC'), read('UTC+1')];
  if (!here?.isValid || !there?.isValid) return undefined;
  if (here.toMillis() === there.toMillis()) return here.setZone(zone);
  const [first, ...others] = here.setZone(zone, { keepLocalTime: true }).getPossibleOffsets();
  return others.reduce((earliest, one) => (earliest && one < earliest ? one : earliest), first);
}
