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

/** The longest text that is made here: over it no variable takes it. Contract V6. */
const MAX_MADE = 64 * 1024;

/** The text with each place of another text in it replaced. @throws {OperationFault} */
export function replaced(text: string, find: string, by: string): string {
  if (find === '') throw new OperationFault('find', 'is the empty text, which stands nowhere.');
  const parts = text.split(find);
  if (text.length + (parts.length - 1) * by.length > MAX_MADE + text.length)
    throw new OperationFault('with', 'makes the text longer than 64 KiB.');
  return parts.join(by);
}

/** The text with as many characters of `by` at one side as it lacks. @throws {OperationFault} */
export function padded(text: string, length: number, by: string, side: 'start' | 'end'): string {
  const lacking = length - [...text].length;
  if (lacking <= 0) return text;
  if (length > MAX_MADE) throw new OperationFault('length', 'is longer than 64 KiB.');
  const unit = [...by];
  if (unit.length === 0) throw new OperationFault('with', 'is the empty text, of which nothing becomes longer.');
  const added = Array.from({ length: lacking }, (_, index) => unit[index % unit.length]).join('');
  return side === 'start' ? added + text : text + added;
}

/** The characters one by one, for speech: with a blank between them. Marks stay with their letter, blanks are left out. */
export function spelt(text: string): string {
  return [...text.matchAll(/\P{M}\p{M}*/gu)].flatMap(([letter]) => (letter.trim() === '' ? [] : [letter])).join(' ');
}
