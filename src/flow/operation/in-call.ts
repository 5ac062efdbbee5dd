/**
 * Calculations that need something of their call. Contract D2c, R5, R5b.
 * @module
 */
import type { Lookup } from '../values/fill.js';
import type { Patterns } from '../values/pattern.js';
import { type CallOperation, OperationFault } from './fault.js';
import { readWhole } from './numbers.js';

/** What a call gives to a calculation. */
export interface CallMeans {
  patterns: Patterns;
  lookup: Lookup;
  /** From 0 up to, but without 1. */
  random: () => number;
}

/** A value, or the items of a list. */
export type CallValue = string | string[];

/** The most items that a text is split into: as many as an array fills. Contract R5. */
export const MAX_ITEMS = 20;

/** The value of an operation, its operands filled in. @throws {OperationFault} for an operand that cannot be used. */
export function calculateInCall(operation: CallOperation, means: CallMeans): CallValue {
  switch (operation.do) {
    case 'split':
      if (operation.separator === '') throw new OperationFault('separator', 'is the empty text, which stands nowhere.');
      return operation.text === '' ? [] : operation.text.split(operation.separator);
    case 'match':
      return matched(operation, means.patterns);
    case 'pick':
      return picked(operation, means.lookup);
    case 'random':
      return randomWhole(operation, means.random);
  }
}

/** The variable that holds an item of a list, or a field of it. */
export function itemName(list: string, number: number | string, field?: string): string {
  return `${list}_${number}${field === undefined ? '' : `_${field}`}`;
}

function matched(operation: Extract<CallOperation, { do: 'match' }>, patterns: Patterns): string {
  const { text, pattern, group } = operation;
  const found = patterns.group(pattern, text, group);
  if (found === undefined) throw new OperationFault('pattern', 'is not found in the text, or its group is not.');
  return found;
}

function picked({ of, number, field }: Extract<CallOperation, { do: 'pick' }>, lookup: Lookup): string {
  const name = itemName(of, readWhole('number', number), field);
  const value = lookup(name);
  if (value === undefined)
    throw new OperationFault('number', `names an item that is not there: ${of} has no such value.`);
  return value;
}

function randomWhole({ from, to }: Extract<CallOperation, { do: 'random' }>, random: () => number): string {
  const [least, most] = [readWhole('from', from), readWhole('to', to)];
  if (most < least) throw new OperationFault('to', 'is less than "from".');
  return String(least + Math.floor(random() * (most - least + 1)));
}
