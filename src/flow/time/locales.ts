/**
 * Names and numbers in the way of a language, by the data of the runtime (CLDR). Not for workflow code.
 * @module
 */
import { type DateOperation, kindOf, OperationFault } from '../operation/fault.js';
import { readNumber } from '../operation/numbers.js';
import { LOCALE } from './formats.js';

/** A language tag (BCP 47) whose data the runtime has. @throws {OperationFault} */
export function readLocale(field: string, tag: string): string {
  const [known] = supported(tag.trim());
  if (known !== undefined) return known;
  throw new OperationFault(
    field,
    `is no language tag of BCP 47 that is known, such as hi or en-IN (it is ${kindOf(tag)}).`,
  );
}

/** A number with the separators of its language: `1,234,567.5`, in India `12,34,567.5`. @throws {OperationFault} */
export function formattedNumber(operation: Extract<DateOperation, { do: 'formatNumber' }>): string {
  const { number, digits } = operation;
  const locale = operation.locale === undefined ? LOCALE : readLocale('locale', operation.locale);
  const value = readNumber('number', number);
  const exact = (digits === undefined ? value : value.round(digits)).toFixed(digits);
  const decimals = { minimumFractionDigits: digits ?? 0, maximumFractionDigits: digits ?? 20 };
  // A text keeps every digit; the types of the runtime take templates of numbers only.
  return new Intl.NumberFormat(locale, { ...decimals, numberingSystem: 'latn' }).format(exact as `${number}`);
}

function supported(tag: string): string[] {
  try {
    return Intl.NumberFormat.supportedLocalesOf([tag]);
  } catch {
    return [];
  }
}
