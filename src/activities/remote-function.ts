/**
 * An internal function that another system carries out. Contract F6, W, R.
 * @module
 */
import type { Context } from '@temporalio/activity';
import { remainingOf, sending } from './sending.js';
import { runWebhook } from '../http/run-request.js';
import type { Sender } from '../http/send.js';
import type { RequestOutcome, WebhookTask } from '../engine/webhook-task.js';
import type { FunctionTask } from '../engine/function-task.js';
import { outputPaths, requestBody } from '../functions/wire.js';

/** Attempts in all: sending again is safe, for the other system knows the request by its key. Contract H4, W8. */
const ATTEMPTS = 3;

/** Asks the other system, by the same rules as any webhook. */
export async function callRemote(
  task: FunctionTask,
  remote: NonNullable<FunctionTask['remote']>,
  sender: Sender,
  context: Context,
): Promise<RequestOutcome> {
  const webhook = webhookOf(task, remote);
  const call = context.info.workflowExecution?.workflowId;
  const outcome = await sending(context, task.method, (progress, signal) =>
    runWebhook(webhook, sender, { remaining: remainingOf(task, context), progress, signal, call }),
  );
  return failedByAnswer(outcome);
}

function webhookOf(task: FunctionTask, remote: NonNullable<FunctionTask['remote']>): WebhookTask {
  const { method, idempotencyKey, timeout, waited, rules } = task;
  return {
    ...{ idempotencyKey, timeout, waited, rules, variables: {} },
    request: {
      method: 'POST',
      url: remote.url,
      auth: remote.auth,
      headers: [],
      query: [],
      body: { type: 'json', content: literal(requestBody(method, task.variables)), onMissing: 'fail' },
    },
    response: { type: 'json', dialect: 'rfc9535', map: outputPaths(method) },
    retry: { attempts: ATTEMPTS, resend: true },
  };
}

/** The values as they are: a body's texts are templates, and a dollar sign in one is doubled. Contract V2. */
function literal(body: object): Record<string, string> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value).replaceAll('$', '$$$$')]));
}

/** A 2xx answer that says that the function failed is a failure too. Contract F1, F4. */
function failedByAnswer(outcome: RequestOutcome): RequestOutcome {
  const refused = outcome.rows.find(
    ([name, value]) =>
      (name === '$flow.key.obdResponseCode' && value !== '200' && value !== '209') ||
      (name === '$flow.key.cli_pause_update' && value !== 'true'),
  );
  if (!refused) return outcome;
  return {
    ...outcome,
    line: 'failure',
    reason: 'INVALID_REQUEST',
    detail: `The other system answered ${refused[0]} = ${refused[1] ?? ''}.`,
  };
}
