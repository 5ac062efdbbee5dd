/**
 * The calculations of an `operation` that run in the workflow: values, texts and numbers.
 * @module
 */
import type { PlainOperation } from './fault.js';
import { calculateNumber } from './numbers.js';
import { extract, lengthOf, padded, readLength, readPosition, replaced, spelt } from './texts.js';

/** The value that an operation gives, its operands filled in. @throws {OperationFault} for one that cannot be used. */
export function calculate(operation: PlainOperation): string {
  switch (operation.do) {
    case 'assign':
      return operation.value;
    case 'length':
      return lengthOf(operation.text);
    case 'concatenate':
      return operation.texts.join('');
    case 'lowercase':
      return operation.text.toLowerCase();
    case 'uppercase':
      return operation.text.toUpperCase();
    case 'extract': {
      const { text, from, length } = operation;
      const count = length === undefined ? undefined : readLength('length', length);
      return extract(text, readPosition('from', from), count);
    }
    case 'replace':
      return replaced(operation.text, operation.find, operation.with);
    case 'trim':
      return operation.text.trim();
    case 'pad':
      return padded(operation.text, readLength('length', operation.length), operation.with, operation.side);
    case 'spell':
      return spelt(operation.text);
    default:
      return calculateNumber(operation);
  }
}
