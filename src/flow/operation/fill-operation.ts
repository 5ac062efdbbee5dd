/**
 * The operands of an `operation` with their variables replaced. Contract V4.
 * @module
 */
import { fillText, variablesIn } from '../values/reference.js';
import { type Operation, OperationFault } from './fault.js';

/** Fields that are choices, never templates. */
const CHOICES = new Set(['do', 'unit']);

/**
 * The same operation with every operand filled in.
 * @throws {OperationFault} when a variable of an operand is absent: it cannot be told what was meant.
 */
export function fillOperation<O extends Operation>(operation: O, lookup: (name: string) => string | undefined): O {
  const fill = (field: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => fill(field, item));
    if (typeof value !== 'string' || CHOICES.has(field)) return value;
    const text = fillText(value, lookup);
    if (text !== undefined) return text;
    const absent = variablesIn(value).find((name) => lookup(name) === undefined);
    throw new OperationFault(field, `has no value: ${absent ?? 'a variable'} is absent.`);
  };
  return Object.fromEntries(Object.entries(operation).map(([field, value]) => [field, fill(field, value)])) as O;
}
