/**
 * Exact decimal numbers: reading, the four operations, the remainder and rounding. Contract V3: every digit survives.
 * Runs in the workflow, so its library is pinned: another version must not decide otherwise on replay.
 * @module
 */
import Big from 'big.js';
import { OperationFault, type PlainOperation, kindOf } from './fault.js';

/** The most digits of an operand and of a result, written out in full. */
export const MAX_DIGITS = 1000;
/** Decimals of a quotient, the last one rounded. */
export const DIVISION_DECIMALS = 20;

/** A constructor of our own, so that no other user of the library changes its settings. */
const Decimal = Big();
Decimal.DP = DIVISION_DECIMALS;
Decimal.RM = Big.roundHalfUp;

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?$/;
const WHOLE = /^[+-]?\d{1,12}$/;

/** Calculations with numbers. */
export type NumberOperation = Extract<
  PlainOperation,
  { do: 'add' | 'subtract' | 'multiply' | 'divide' | 'remainder' | 'round' }
>;

/** The result in plain digits, without an exponent. @throws {OperationFault} for an operand that cannot be used. */
export function calculateNumber(operation: NumberOperation): string {
  if (operation.do === 'round') return written(readNumber('number', operation.number).round(operation.digits));
  const left = readNumber('left', operation.left);
  switch (operation.do) {
    case 'add':
      return written(left.plus(readNumber('right', operation.right)));
    case 'subtract':
      return written(left.minus(readNumber('right', operation.right)));
    case 'multiply':
      return written(left.times(readNumber('right', operation.right)));
    case 'divide':
      return written(left.div(readDivisor('right', operation.right)));
    case 'remainder':
      return written(left.mod(readDivisor('right', operation.right)));
  }
}

/** A decimal number, such as `-12.50` or `1e3`. @throws {OperationFault} */
export function readNumber(field: string, text: string): Big.Big {
  const trimmed = text.trim();
  // The length first: no pattern and no arithmetic meets a text that is far too long.
  if (trimmed.length > 2 * MAX_DIGITS) throw new OperationFault(field, `has more than ${MAX_DIGITS} digits.`);
  if (!NUMBER.test(trimmed)) throw new OperationFault(field, `is no number (it is ${kindOf(text)}).`);
  const value = new Decimal(trimmed.replace(/^\+/, ''));
  if (digitsOf(value) > MAX_DIGITS) throw new OperationFault(field, `has more than ${MAX_DIGITS} digits.`);
  return value;
}

/** A number that one can divide by. @throws {OperationFault} */
export function readDivisor(field: string, text: string): Big.Big {
  const value = readNumber(field, text);
  if (value.eq(0)) throw new OperationFault(field, 'is zero, and nothing can be divided by zero.');
  return value;
}

/** A whole number of at most 12 digits: a position, a length, an amount of time. @throws {OperationFault} */
export function readWhole(field: string, text: string): number {
  const trimmed = text.trim();
  if (WHOLE.test(trimmed)) return Number(trimmed);
  throw new OperationFault(field, `is no whole number of at most 12 digits (it is ${kindOf(text)}).`);
}

function written(value: Big.Big): string {
  if (digitsOf(value) > MAX_DIGITS) throw new OperationFault('operation', `gives more than ${MAX_DIGITS} digits.`);
  return value.eq(0) ? '0' : value.toFixed();
}

/** Digits before and after the point, written out. */
function digitsOf({ c, e }: Big.Big): number {
  return Math.max(e + 1, 1) + Math.max(c.length - 1 - e, 0);
}
