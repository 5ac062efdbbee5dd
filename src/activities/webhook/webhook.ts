/**
 * The activity `webhook`: one request of a flow, with its retries, as Temporal runs it. Contract T, W, R, H4, H5.
 * @module
 */
import { Context } from '@temporalio/activity';
import { remainingOf, sending } from '../sending.js';
import { runWebhook } from './run.js';
import { Sender, type SenderOptions } from './send.js';
import type { WebhookOutcome, WebhookTask } from './task.js';

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
      try {
        return await sending(context, 'webhook', (progress, signal) =>
          runWebhook(task, sender, { remaining: remainingOf(task, context), progress, signal }),
        );
      } finally {
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
