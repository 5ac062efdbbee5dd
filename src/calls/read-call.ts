/**
 * Reading a call: its report once it has closed, its progress while it runs. Contract D4.
 * @module
 */
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import type { CallProgress, CallReport } from '../engine/call-report.js';
import { type PackedProgress, type PackedReport, unpackReport } from '../engine/packed-report.js';

/**
 * Waits until a call has closed and gives its report, however it ended. Contract D4.
 * @throws WorkflowFailedError when the call was refused and so has no report.
 */
export async function callReport(handle: WorkflowHandle): Promise<CallReport> {
  try {
    return unpackReport((await handle.result()) as CallReport | PackedReport);
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    if (cause instanceof ApplicationFailure && isReport(cause.details?.[0])) return unpackReport(cause.details[0]);
    const report = await lastReport(handle);
    if (!report) throw error;
    if (cause instanceof CancelledFailure) return { ...report, outcome: 'cancelled' };
    const widget = report.path.at(-1)?.widget ?? null;
    if (cause instanceof TerminatedFailure) {
      return {
        ...report,
        outcome: 'cancelled',
        error: { code: 'TERMINATED', message: 'The call was terminated from outside.', widget },
      };
    }
    if (cause instanceof TimeoutFailure) {
      return {
        ...report,
        outcome: 'timedOut',
        error: { code: 'TIMED_OUT', message: 'Temporal closed the call at its time-out.', widget },
      };
    }
    throw error;
  }
}

/** The call as it is now. @throws what a query throws: it needs a worker of the call's build. */
export async function callProgress(handle: WorkflowHandle): Promise<CallProgress> {
  const { report, ...progress } = await handle.query<PackedProgress>('progress');
  return { ...progress, report: report && unpackReport(report) };
}

/** What a closed call still tells while a worker of its build is up. */
async function lastReport(handle: WorkflowHandle): Promise<CallReport | null> {
  const progress = await callProgress(handle).catch(() => undefined);
  return progress?.report ?? null;
}

function isReport(value: unknown): value is CallReport | PackedReport {
  return typeof value === 'object' && value !== null && 'outcome' in value && 'path' in value;
}
