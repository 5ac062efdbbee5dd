/**
 * Deciding whether a condition of a `decision` holds. Contract D2.
 * @module
 */
import type { Patterns } from './pattern.js';
import { fill, type Lookup, orAbsent } from './fill.js';
import type { Condition } from '../widgets/decision.js';

/**
 * Whether a condition holds. A text in which a variable is absent is itself absent: it equals nothing, not even the empty
 * string, so of the comparisons only `notEquals` and `notContains` hold for it. `isEmpty` holds for an absent and for an
 * empty text. `less` and `greater` hold between decimal numbers only. `matches` finds an RE2 pattern anywhere in the text.
 * Contract D2, D2c.
 * @throws {RangeError} when patterns take too long, or what is wrong with one that comes from a variable
 */
export function holds(condition: Condition, lookup: Lookup, patterns: Patterns): boolean {
  if ('all' in condition) return condition.all.every((one) => holds(one, lookup, patterns));
  if ('any' in condition) return condition.any.some((one) => holds(one, lookup, patterns));
  if ('not' in condition) return !holds(condition.not, lookup, patterns);
  const left = fill(condition.left, lookup, orAbsent);
  if (condition.op === 'exists') return left !== undefined;
  if (condition.op === 'isEmpty') return left === undefined || left === '';
  if (condition.op === 'in')
    return left !== undefined && condition.right.some((one) => fill(one, lookup, orAbsent) === left);
  const right = fill(condition.right, lookup, orAbsent);
  if (left === undefined || right === undefined)
    return (condition.op === 'notEquals' || condition.op === 'notContains') && left !== right;
  switch (condition.op) {
    case 'equals':
      return left === right;
    case 'notEquals':
      return left !== right;
    case 'contains':
      return left.includes(right);
    case 'notContains':
      return !left.includes(right);
    case 'startsWith':
      return left.startsWith(right);
    case 'endsWith':
      return left.endsWith(right);
    case 'matches':
      return patterns.find(right, left);
    case 'less':
      return compareNumbers(left, right) === -1;
    case 'greater':
      return compareNumbers(left, right) === 1;
  }
}

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;

/** -1, 0 or 1; undefined unless both are numbers. Whole numbers compare exactly, however many digits they have. */
function compareNumbers(left: string, right: string): number | undefined {
  const [a, b] = [left.trim(), right.trim()];
  if (!DECIMAL.test(a) || !DECIMAL.test(b)) return undefined;
  const exact = INTEGER.test(a) && INTEGER.test(b);
  const [x, y] = exact ? [toBigInt(a), toBigInt(b)] : [Number(a), Number(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function toBigInt(text: string): bigint {
  return text.startsWith('+') ? BigInt(text.slice(1)) : BigInt(text);
}
