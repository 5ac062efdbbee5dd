/**
 * The activity `webhook`: one request of a flow, with its retries, as Temporal runs it. Contract T, W, R, H4, H5.
 * @module
 */
import { Context } from '@temporalio/activity';
import { observe } from '../observability/record-metric.js';
import { TargetLabels } from '../observability/metric-targets.js';
import { remainingOf, sending } from './sending.js';
import type { ContractWatch } from './contract-watch.js';
import { runWebhook } from '../http/run-request.js';
import { Sender, type SenderOptions } from '../http/send.js';
import type { RequestOutcome, WebhookTask } from '../engine/webhook-task.js';

/**
 * The webhook activity of a worker. Give the same `sender` to whatever else sends to targets, so that they share its
 * connections and its circuit breakers.
 * @param contracts counts answers by their contracts; default: nobody does
 */
export function createWebhookActivities(
  options: SenderOptions = {},
  sender = new Sender(options),
  contracts?: ContractWatch,
): { webhook: (task: WebhookTask) => Promise<RequestOutcome> } {
  const targets = new TargetLabels();
  return {
    webhook: async (task) => {
      const context = Context.current();
      const call = context.info.workflowExecution?.workflowId;
      const start = performance.now();
      const outcome = await sending(context, 'webhook', (progress, signal) =>
        runWebhook(task, sender, { remaining: remainingOf(task, context), progress, signal, call }),
      );
      noteContract(task, outcome, context, contracts);
      const labels = { reason: outcome.reason ?? 'none', target: targets.of(task.request.url) } as const;
      observe(context.metricMeter, 'hookline_webhook_seconds', (performance.now() - start) / 1000, labels);
      return outcome;
    },
  };
}

/** Counts an answer that was judged by its contract, and logs where it breaks it: no value of it. Contract R10, C6. */
function noteContract(
  { idempotencyKey, rules, keeping }: WebhookTask,
  { mismatches, age }: RequestOutcome,
  { log }: Context,
  contracts: ContractWatch | undefined,
): void {
  // One that was kept has been counted when it came.
  if (mismatches === undefined || keeping === undefined || age !== undefined) return;
  const widget = idempotencyKey.split('/').slice(1, -1).join('/');
  contracts?.note(rules.accountId, keeping.flow, widget, mismatches.length > 0);
  if (mismatches.length === 0) return;
  const places = mismatches.map(({ at, expected }) => `${at || '(root)'}: ${expected}`);
  log.warn('an answer breaks its contract', { account: rules.accountId, flow: keeping.flow, widget, places });
}
