/**
 * The activity `webhook`: one request of a flow, with its retries, as Temporal runs it. Contract T, W, R, H4, H5.
 * @module
 */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { type Progress, runWebhook } from './run.js';
import { Sender, type SenderOptions } from './send.js';
import type { WebhookOutcome, WebhookTask } from './task.js';

/** Milliseconds between heartbeats. The first comes after as long, so that a fast answer costs none. */
const HEARTBEAT_EVERY = 500;

/**
 * The webhook activity of a worker. Give the same `sender` to whatever else sends to targets, so that they share its
 * connections and its circuit breakers.
 */
export function createWebhookActivities(
  options: SenderOptions = {},
  sender = new Sender(options),
): { webhook: (task: WebhookTask) => Promise<WebhookOutcome> } {
  return {
    webhook: async (task) => {
      const context = Context.current();
      const signal = context.cancellationSignal;
      const progress = progressAtStart(context);
      const timer = setInterval(() => context.heartbeat({ ...progress }), HEARTBEAT_EVERY);
      try {
        return await runWebhook(task, sender, { remaining: remainingOf(task, context), progress, signal });
      } catch (error) {
        signal.throwIfAborted();
        throw fault(error);
      } finally {
        clearInterval(timer);
        countCircuits(context, sender);
      }
    },
  };
}

/** How many targets have a circuit of each state; no label names a target, for flows choose hosts freely. */
function countCircuits(context: Context, sender: Sender): void {
  const gauge = context.metricMeter.createGauge(
    'hookline_webhook_circuits',
    'int',
    'targets',
    'Targets by the state of their circuit',
  );
  const states = sender.breakerStates();
  for (const state of ['open', 'halfOpen'] as const) {
    gauge.set(states.filter((one) => one.state === state).length, { state });
  }
}

/**
 * Both times are the server's: its clock may be skipped, and is not the worker's. A request that nobody waits for has
 * its whole time again after a crash, however long no worker was there. Contract H1, H3.
 */
function remainingOf({ timeout, waited }: WebhookTask, { info }: Context): number {
  if (!waited) return timeout;
  const elapsed = (info.currentAttemptScheduledTimestampMs - info.scheduledTimestampMs) / 1000;
  return Math.min(timeout, timeout - elapsed);
}

function progressAtStart({ info }: Context): Progress {
  const known = info.heartbeatDetails as Partial<Progress> | undefined;
  // An earlier attempt of Temporal's that left no word may have sent its request.
  return { attempt: known?.attempt ?? 1, sent: Math.max(known?.sent ?? 0, info.attempt - 1) };
}

/** A bug of ours. Its message may hold a value of a variable, so only its kind and place are told. */
function fault(error: unknown): ApplicationFailure {
  const [name, stack] = error instanceof Error ? [error.name, error.stack ?? ''] : [typeof error, ''];
  const failure = ApplicationFailure.nonRetryable(
    `The webhook activity failed unexpectedly (${name}).`,
    'WIDGET_FAULT',
  );
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  failure.stack = [`${failure.name}: ${failure.message}`, ...frames].join('\n');
  return failure;
}
