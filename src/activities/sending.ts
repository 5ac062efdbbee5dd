/**
 * What the activities that send have in common: heartbeats, the time that is left, faults of our own. Contract H1, H4.
 * @module
 */
import { ApplicationFailure, type Context } from '@temporalio/activity';
import { observe } from '../observability/record-metric.js';
import type { Progress } from '../http/retry.js';
import { keepBeating } from './heartbeat.js';

/** Runs a sending with heartbeats that carry its progress; a cancellation ends it, a bug of ours fails it permanently. */
export async function sending<T>(
  context: Context,
  activity: string,
  run: (progress: Progress, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  measureRecovery(context);
  const signal = context.cancellationSignal;
  const progress = progressAtStart(context);
  const stopBeating = keepBeating(context, () => context.heartbeat({ ...progress }));
  try {
    return await run(progress, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw fault(error, activity);
  } finally {
    stopBeating();
  }
}

/**
 * Both times are the server's: its clock may be skipped, and is not the worker's. A request that nobody waits for has
 * its whole time again after a crash, however long no worker was there. Contract H1, H3.
 */
export function remainingOf({ timeout, waited }: { timeout: number; waited: boolean }, { info }: Context): number {
  if (!waited) return timeout;
  const elapsed = (info.currentAttemptScheduledTimestampMs - info.scheduledTimestampMs) / 1000;
  return Math.min(timeout, timeout - elapsed);
}

/**
 * Measures how long it took until another worker continued. A sending never fails retryably, so one that Temporal repeats was
 * cut off.
 */
export function measureRecovery({ info, metricMeter }: Context): void {
  if (info.attempt === 1) return;
  const waited = (info.currentAttemptScheduledTimestampMs - info.scheduledTimestampMs) / 1000;
  observe(metricMeter, 'hookline_recovery_seconds', waited, {});
}

function progressAtStart({ info }: Context): Progress {
  const known = info.heartbeatDetails as Partial<Progress> | undefined;
  // An earlier attempt of Temporal's that left no word may have sent its request.
  return { attempt: known?.attempt ?? 1, sent: Math.max(known?.sent ?? 0, info.attempt - 1) };
}

/** A bug of ours. Its message may hold a value of a variable, so only its kind and place are logged. */
function fault(error: unknown, activity: string): ApplicationFailure {
  const [name, stack] = error instanceof Error ? [error.name, error.stack ?? ''] : [typeof error, ''];
  const failure = ApplicationFailure.nonRetryable(
    `The ${activity} activity failed unexpectedly (${name}).`,
    'WIDGET_FAULT',
  );
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  failure.stack = [`${failure.name}: ${failure.message}`, ...frames].join('\n');
  return failure;
}
