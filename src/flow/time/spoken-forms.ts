/**
 * Values in the words of a language: digits one by one, numbers, amounts of money, dates and times, by the data of the runtime (CLDR).
 * For activities and validation, never for the workflow. Contract D2d.
 * @module
 */
import { OperationFault, kindOf } from '../operation/fault.js';
import { readNumber } from '../operation/numbers.js';
import { readDate } from './read-date.js';

/** A value and its form, filled in. */
export type SpokenForm =
  { digits: string } | { number: string } | { amount: string; currency: string } | { date: string } | { time: string };
/** The same with the plain text that says it. The value is in one way of writing: `2026-12-01`, `17:30`, `1234.5`, `INR`. */
export type SpokenPrompt = SpokenForm & { text: string };

const DIGITS = /^[+*#\d]+$/;
const CURRENCY = /^[A-Za-z]{3}$/;
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?$/;
/** Which the runtime knows in any case. */
const FALLBACK = 'en';

/**
 * A value with the plain text that says it. A language that the runtime has no data of speaks English; moments are of `timeZone`.
 * @throws {OperationFault} for a value that does not fit its form
 */
export function spokenPrompt(form: SpokenForm, language: string | undefined, timeZone: string): SpokenPrompt {
  const locale = localeOf(language);
  if ('digits' in form) {
    const digits = form.digits.replace(/[\s-]/g, '');
    if (!DIGITS.test(digits))
      throw new OperationFault('digits', `holds no digits alone (it is ${kindOf(form.digits)}).`);
    return { text: [...digits].join(' '), digits };
  }
  if ('number' in form) {
    const number = readNumber('number', form.number).toFixed();
    return { text: written(number, locale, { maximumFractionDigits: 20 }), number };
  }
  if ('amount' in form) return spokenAmount(form, locale);
  if ('date' in form) {
    const { moment } = readDate('date', form.date, timeZone);
    return { text: dateText(moment.toMillis(), locale, { dateStyle: 'long', timeZone }), date: moment.toISODate() };
  }
  return spokenTime(form.time, locale, timeZone);
}

function spokenAmount(form: { amount: string; currency: string }, locale: string): SpokenPrompt {
  const amount = readNumber('amount', form.amount).toFixed();
  const currency = form.currency.trim().toUpperCase();
  if (!CURRENCY.test(currency))
    throw new OperationFault('currency', `is no currency of ISO 4217, such as INR (it is ${kindOf(form.currency)}).`);
  const whole = amount.includes('.') ? {} : { minimumFractionDigits: 0 };
  return {
    text: written(amount, locale, { style: 'currency', currency, currencyDisplay: 'name', ...whole }),
    amount,
    currency,
  };
}

function spokenTime(given: string, locale: string, timeZone: string): SpokenPrompt {
  const [, hour = '', minute = ''] = CLOCK.exec(given.trim()) ?? [];
  if (hour !== '') {
    const time = `${hour.padStart(2, '0')}:${minute}`;
    return {
      text: dateText(Date.parse(`2000-01-01T${time}:00Z`), locale, { timeStyle: 'short', timeZone: 'UTC' }),
      time,
    };
  }
  const { moment, dayOnly } = readDate('time', given, timeZone);
  if (dayOnly) throw new OperationFault('time', 'names a day, and no time of day.');
  return {
    text: dateText(moment.toMillis(), locale, { timeStyle: 'short', timeZone }),
    time: moment.toFormat('HH:mm'),
  };
}

/** Without separators: engines read them in different ways. */
function written(number: string, locale: string, options: Intl.NumberFormatOptions): string {
  const format = new Intl.NumberFormat(locale, { ...options, useGrouping: false, numberingSystem: 'latn' });
  return plain(format.format(number as `${number}`));
}

function dateText(at: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  return plain(
    new Intl.DateTimeFormat(locale, { ...options, calendar: 'gregory', numberingSystem: 'latn' }).format(at),
  );
}

/** Blanks that are no plain blank stand in CLDR's patterns; an engine may read them as a sign. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

function localeOf(language: string | undefined): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language ?? FALLBACK)[0] ?? FALLBACK;
  } catch {
    return FALLBACK;
  }
}
