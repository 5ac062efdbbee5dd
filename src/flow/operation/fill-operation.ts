/**
 * The operands of an `operation` with their variables replaced. Contract V4.
 * @module
 */
import { fill, type Lookup } from '../values/fill.js';
import { type Operation, OperationFault } from './fault.js';

/** Fields that are choices, never templates. */
const CHOICES = new Set(['do', 'unit', 'side', 'pattern', 'of', 'field']);

/**
 * The same operation with every operand filled in.
 * @throws {OperationFault} when a variable of an operand is absent: it cannot be told what was meant.
 */
export function fillOperation<O extends Operation>(operation: O, lookup: Lookup): O {
  const filled = (field: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => filled(field, item));
    if (typeof value !== 'string' || CHOICES.has(field)) return value;
    return fill(value, lookup, (name): never => {
      throw new OperationFault(field, `has no value: ${name} is absent.`);
    });
  };
  return Object.fromEntries(Object.entries(operation).map(([field, value]) => [field, filled(field, value)])) as O;
}
