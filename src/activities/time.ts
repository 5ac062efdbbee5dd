/**
 * What needs a clock or the time-zone data of the runtime. Local activities: both may differ between two workers, so the
 * answer is kept in the call's history and a replay does not ask again.
 * @module
 */
import { Context } from '@temporalio/activity';
import { isTimeZone } from '../flow/documents/account.js';
import { type DateOperation, OperationFault } from '../flow/operation/fault.js';
import { calculateDateValue } from '../flow/time/date-operation.js';
import { type Hours, type HoursState, hoursState, wallTime } from '../flow/time/hours.js';

type ClockShift = (workflowId: string) => number;

/** A calculation with dates, its operands filled in. */
export interface DateTask {
  operation: DateOperation;
  /** The account's, for an operation that names none. */
  timeZone: string;
  /** Milliseconds since 1970, by the workflow's clock; for `now`. */
  at?: number;
}

/** The value, or what is wrong with an operand: that is a result and no error, for trying again would not help. */
export type DateOutcome = { value: string } | { fault: string };

/** Makes the activity that calculates with dates, and writes numbers. `clockShiftMs` places a call at another moment, for tests. */
export function createCalculateDate(clockShiftMs: ClockShift = () => 0) {
  return async function calculateDate({ operation, timeZone, at = 0 }: DateTask): Promise<DateOutcome> {
    try {
      return { value: calculateDateValue(operation, timeZone, at + clockShiftMs(workflowId())) };
    } catch (error) {
      if (error instanceof OperationFault) return { fault: error.message };
      throw error;
    }
  };
}

/** A moment to judge by business hours. */
export interface HoursTask {
  /** Milliseconds since 1970, by the workflow's clock. */
  at: number;
  hours: Hours;
  timeZone: string;
}

/** What the moment is, and the local time it was taken for; or why that cannot be judged. */
export type HoursOutcome = { state: HoursState; local: string } | { fault: string };

/** Makes the activity that judges a moment by business hours. `clockShiftMs` places a call at another moment, for tests. */
export function createCheckHours(clockShiftMs: ClockShift = () => 0) {
  return async function checkHours({ at, hours, timeZone }: HoursTask): Promise<HoursOutcome> {
    if (!isTimeZone(timeZone)) return { fault: '"timeZone" is no IANA time zone, such as Asia/Kolkata.' };
    const moment = at + clockShiftMs(workflowId());
    return { state: hoursState(hours, moment, timeZone), local: wallTime(moment, timeZone) };
  };
}

function workflowId(): string {
  return Context.current().info.workflowExecution?.workflowId ?? '';
}
