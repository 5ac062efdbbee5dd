/**
 * One normal form for the ways in which a number is written. Contract F4.
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
  const tried = international ? [`+${digits.replace(/^00/, '')}`] : [text, `+${digits}`];
  for (const one of tried) {
    const options = one.startsWith('+') || countryCode === undefined ? {} : { defaultCallingCode: countryCode };
    const number = parsePhoneNumberFromString(one, options);
    if (number?.isPossible()) return number.number.slice(1);
  }
  return digits;
}
