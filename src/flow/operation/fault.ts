/**
 * What an `operation` calculates, and how it says that it cannot. Types and one error, for workflow and activities.
 * @module
 */
import { DeclaredFailure } from '../declared-failure.js';
import type { WidgetOf } from '../widgets/index.js';

/** One calculation of an `operation` widget. */
export type Operation = WidgetOf<'operation'>['operation'];
/** The name of a calculation. */
type Kind = Operation['do'];
type DateKind = 'durationBetween' | 'addDuration' | 'subtractDuration' | 'formatDate' | 'formatNumber' | 'now';
type CallKind = 'split' | 'match' | 'pick' | 'random';
/** A calculation that needs the time-zone or language data of the runtime, so it runs in an activity. */
export type DateOperation = Extract<Operation, { do: DateKind }>;
/** A calculation that needs something of its call: its patterns, its variables, its chance. It runs in the workflow itself. */
export type CallOperation = Extract<Operation, { do: CallKind }>;
/** A calculation that needs its operands alone. It runs in the workflow itself. */
export type PlainOperation = Exclude<Operation, DateOperation | CallOperation>;

const DATE_KINDS: ReadonlySet<Kind> = new Set<DateKind>([
  'durationBetween',
  'addDuration',
  'subtractDuration',
  'formatDate',
  'formatNumber',
  'now',
]);
const CALL_KINDS: ReadonlySet<Kind> = new Set<CallKind>(['split', 'match', 'pick', 'random']);

/** Whether a calculation needs something of its call. */
export function isCallOperation(operation: Operation): operation is CallOperation {
  return CALL_KINDS.has(operation.do);
}

/** Whether a calculation needs the data of the runtime. */
export function isDateOperation(operation: Operation): operation is DateOperation {
  return DATE_KINDS.has(operation.do);
}

/** An operand is not what the calculation needs. Its message tells the operand's kind, never its value (C6). */
export class OperationFault extends DeclaredFailure {
  override readonly name = 'OperationFault';
  constructor(
    /** The field of the operation that is at fault. */
    readonly field: string,
    /** What is wrong with it, after the field's name. */
    readonly reason: string,
  ) {
    super(`"${field}" ${reason}`);
  }
}

/** A value's kind in words, for messages that do not show the value. */
export function kindOf(value: string): string {
  if (value === '') return 'an empty text';
  return value.length === 1 ? 'a text of 1 character' : `a text of ${value.length} characters`;
}
