/**
 * The formats of dates: which letters mean what. Luxon takes letters that it does not know for plain text, so a slip such
 * as `YYYY` would be silent (D1); here it is a fault. Not for workflow code.
 * @module
 */
import { DateTime } from 'luxon';
import { suggestion } from '../validation/nearest.js';

/** Names of months, weekdays and halves of a day. Fixed, so that no worker's own language changes a value. */
export const LOCALE = 'en-US';

const BOTH = [
  'yyyy', 'yy', 'M', 'MM', 'MMM', 'MMMM', 'd', 'dd', 'o', 'ooo', 'kkkk', 'W', 'WW', 'E', 'EEE', 'EEEE',
  'H', 'HH', 'h', 'hh', 'a', 'm', 'mm', 's', 'ss', 'SSS', 'Z', 'ZZ', 'ZZZ', 'z',
]; // prettier-ignore
/** Seconds and milliseconds since 1970; in a format that reads dates each stands alone. */
export const [SECONDS, MILLISECONDS] = ['X', 'x'];
/** What a format that reads dates may hold. */
export const INPUT_TOKENS: readonly string[] = [...BOTH, SECONDS, MILLISECONDS];
/** What a format that writes dates may hold. */
export const OUTPUT_TOKENS: readonly string[] = [...INPUT_TOKENS, 'q'];

const YEARS = ['yyyy', 'yy', 'kkkk'];
const CLOCK = new Set(['H', 'HH', 'h', 'hh', 'm', 'mm', 's', 'ss', 'SSS']);

/** Why a format cannot write dates, after the field's name; undefined when it can. */
export function outputFormatFault(format: string): string | undefined {
  return tokenFault(format, OUTPUT_TOKENS);
}

/** Why a format cannot read dates, after the field's name; undefined when it can. */
export function inputFormatFault(format: string): string | undefined {
  const fault = tokenFault(format, INPUT_TOKENS);
  if (fault !== undefined) return fault;
  const tokens = tokensOf(format);
  if (format === SECONDS || format === MILLISECONDS) return undefined;
  if (tokens.includes(SECONDS) || tokens.includes(MILLISECONDS))
    return 'counts since 1970, and such a count stands alone.';
  if (new Set(tokens).size < tokens.length) return 'reads the same part of a date twice.';
  // Without a year luxon takes today's: a value that depends on the day it is read.
  if (!tokens.some((token) => YEARS.includes(token))) return `reads no year (${YEARS.join(', ')}).`;
  try {
    DateTime.fromFormat(DateTime.fromMillis(0, { zone: 'UTC' }).toFormat(format), format, { locale: LOCALE });
    return undefined;
  } catch {
    return 'mixes parts of a date that do not go together.';
  }
}

/** Whether a format reads a time of day. */
export function readsClock(format: string): boolean {
  return tokensOf(format).some((token) => CLOCK.has(token));
}

function tokenFault(format: string, known: readonly string[]): string | undefined {
  if ((format.match(/'/g) ?? []).length % 2 > 0) return "has a ' that is not closed.";
  const tokens = tokensOf(format);
  if (tokens.length === 0) return 'holds no part of a date.';
  const unknown = tokens.find((token) => !known.includes(token));
  if (unknown === undefined) return undefined;
  return `holds "${unknown}", which is no part of a date.${suggestion(unknown, known)} Plain text stands in '...'.`;
}

/** The runs of equal letters outside of quotes. */
function tokensOf(format: string): string[] {
  return [...format.matchAll(/'[^']*'|([A-Za-z])\1*/g)].flatMap(([whole, letter]) =>
    letter === undefined ? [] : [whole],
  );
}
