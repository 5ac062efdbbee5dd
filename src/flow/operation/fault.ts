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
type DateKind = 'durationBetween' | 'addDuration' | 'subtractDuration' | 'formatDate';
/** A calculation that needs the time-zone data of the runtime, so it runs in an activity. */
export type DateOperation = Extract<Operation, { do: DateKind }>;
/** A calculation that runs in the workflow itself. */
export type PlainOperation = Exclude<Operation, DateOperation>;

const DATE_KINDS: ReadonlySet<Kind> = new Set<DateKind>([
  'durationBetween',
  'addDuration',
  'subtractDuration',
  'formatDate',
]);

/** Whether a calculation is one of dates. */
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
