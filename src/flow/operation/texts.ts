/**
 * Calculations with texts. Characters are Unicode code points, so that no emoji is torn apart.
 * @module
 */
import { OperationFault } from './fault.js';
import { readWhole } from './numbers.js';

/** The number of characters. */
export function lengthOf(text: string): string {
  return String([...text].length);
}

/**
 * The characters from a position on, 1 being the first and -1 the last, as many as `length` says.
 * Only those that are there: a place outside of the text gives the empty text.
 */
export function extract(text: string, from: number, length?: number): string {
  const characters = [...text];
  const start = from > 0 ? from - 1 : characters.length + from;
  const end = length === undefined ? characters.length : start + length;
  return characters.slice(Math.max(start, 0), Math.max(end, 0)).join('');
}

/** The place of a character. @throws {OperationFault} */
export function readPosition(field: string, text: string): number {
  const position = readWhole(field, text);
  if (position === 0) throw new OperationFault(field, 'is 0, and the first character is 1 (the last is -1).');
  return position;
}

/** A number of characters. @throws {OperationFault} */
export function readLength(field: string, text: string): number {
  const length = readWhole(field, text);
  if (length < 0) throw new OperationFault(field, 'is negative, and a length is 0 or more.');
  return length;
}
