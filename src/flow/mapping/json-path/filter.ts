/**
 * Decides the filters of JSON paths. RFC 9535, 2.3.5.2 and 2.4. Contract R4.
 * @module
 */
import { JsonNumber, type JsonTree } from '../json-text.js';
import { type Context } from './evaluate.js';
import { type Comparison, type Operand, type Test } from './syntax.js';

/** A value inside a filter; undefined is the RFC's Nothing. */
type Value = JsonTree | undefined;

/** Whether a test holds for the item that the filter looks at. */
export function holds(test: Test, current: JsonTree, context: Context): boolean {
  switch (test.kind) {
    case 'or':
      return test.terms.some((term) => holds(term, current, context));
    case 'and':
      return test.terms.every((term) => holds(term, current, context));
    case 'not':
      return !holds(test.term, current, context);
    case 'exists':
      return context.nodes(test.query, current).length > 0;
    case 'compare':
      return compare(
        valueOf(test.left, current, context),
        test.operator,
        valueOf(test.right, current, context),
        context,
      );
    default: {
      const text = valueOf(test.text, current, context);
      const pattern = valueOf(test.pattern, current, context);
      if (typeof text !== 'string' || typeof pattern !== 'string') return false;
      context.budget.spend(text.length + pattern.length);
      return context.patterns.test(test.kind, text, pattern);
    }
  }
}

function valueOf(operand: Operand, current: JsonTree, context: Context): Value {
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'query':
      return context.nodes(operand.query, current)[0];
    case 'count':
      return new JsonNumber(String(context.nodes(operand.query, current).length));
    case 'value': {
      const nodes = context.nodes(operand.query, current);
      return nodes.length === 1 ? nodes[0] : undefined;
    }
    case 'length': {
      const length = lengthOf(valueOf(operand.of, current, context));
      return length === undefined ? undefined : new JsonNumber(String(length));
    }
  }
}

/** Characters (not UTF-16 units), items or members. RFC 9535, 2.4.4. */
function lengthOf(value: Value): number | undefined {
  if (typeof value === 'string') return value.length - (value.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
  if (Array.isArray(value)) return value.length;
  return value instanceof Map ? value.size : undefined;
}

function compare(left: Value, operator: Comparison, right: Value, context: Context): boolean {
  switch (operator) {
    case '==':
      return equal(left, right, context);
    case '!=':
      return !equal(left, right, context);
    case '<':
      return less(left, right);
    case '>':
      return less(right, left);
    case '<=':
      return less(left, right) || equal(left, right, context);
    case '>=':
      return less(right, left) || equal(left, right, context);
  }
}

function equal(left: Value, right: Value, context: Context): boolean {
  context.budget.spend(1);
  if (left instanceof JsonNumber && right instanceof JsonNumber) return order(left, right) === 0;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => equal(item, right[at], context));
  }
  if (left instanceof Map && right instanceof Map) {
    return (
      left.size === right.size &&
      [...left].every(([key, item]) => right.has(key) && equal(item, right.get(key), context))
    );
  }
  return left === right;
}

function less(left: Value, right: Value): boolean {
  if (left instanceof JsonNumber && right instanceof JsonNumber) return order(left, right) < 0;
  return typeof left === 'string' && typeof right === 'string' && comesBefore(left, right);
}

const EXACT_INTEGER = /^-?[0-9]{1,40}$/;

/** Below zero, zero or above zero; ids of more digits than a double holds are told apart. */
function order(left: JsonNumber, right: JsonNumber): number {
  const [a, b] = [left.text, right.text].every((text) => EXACT_INTEGER.test(text))
    ? [BigInt(left.text), BigInt(right.text)]
    : [Number(left.text), Number(right.text)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By characters, for UTF-16 sorts those beyond U+FFFF before U+E000. RFC 9535, 2.3.5.2.2. */
function comesBefore(left: string, right: string): boolean {
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a === b) continue;
    const lone = isSurrogate(a) !== isSurrogate(b);
    return lone && a >= 0xd800 && b >= 0xd800 ? isSurrogate(b) : a < b;
  }
  return left.length < right.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
