/**
 * One normal form for the ways in which a number is written, and numbers that are withheld. Contract F4, F8.
 * @module
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js';

/**
 * Digits with country code, without `+`: `98798 64805`, `09879864805` and `+919879864805` are the same number to an account of
 * country code 91. What no numbering plan knows (an extension, a test number) keeps its digits; without a digit it is as it was.
 */
export function normalNumber(written: string, countryCode?: string): string {
  const text = written.trim();
  const international = text.startsWith('+') || text.startsWith('00');
  const digits = text.replace(/\D/g, '');
  if (digits === '') return text.replaceAll('\0', '');
  const known = numberBehindTrunk(digits, countryCode);
  if (known !== undefined) return known;
  const tried = international ? [`+${digits.replace(/^00/, '')}`] : [text, `+${digits}`];
  for (const one of tried) {
    const number = parsed(one, countryCode);
    if (number?.isPossible()) return number.number.slice(1);
  }
  return digits;
}

/** A trunk 0 before the country code: `0919879964805`. Undefined when the number is as good without that reading. */
function numberBehindTrunk(digits: string, countryCode: string | undefined): string | undefined {
  if (countryCode === undefined || !digits.startsWith(`0${countryCode}`)) return undefined;
  if (parsed(digits, countryCode)?.isValid()) return undefined;
  const number = parsed(`+${digits.slice(1)}`, countryCode);
  return number?.isValid() ? number.number.slice(1) : undefined;
}

function parsed(text: string, countryCode: string | undefined) {
  const national = !text.startsWith('+') && countryCode !== undefined;
  return parsePhoneNumberFromString(text, national ? { defaultCallingCode: countryCode } : {});
}

/** What networks and bridges send in the place of a number that is withheld. */
const WITHHELD = /^(sips?:)?(anonymous|restricted|unavailable|unknown|withheld)\b/i;

/**
 * Whether this is no number of a contact: a word for a withheld number, or without three digits in a row (blanks, dots,
 * dashes and brackets between them do not count). Contract F8.
 */
export function isWithheld(written: string): boolean {
  const text = written.trim();
  return WITHHELD.test(text) || !/\d{3}/.test(text.replace(/[\s().-]/g, ''));
}
