import { CancellationScope } from '@temporalio/workflow';
import type { WebhookOutcome } from '../../activities/webhook/task.js';
import { VariableLimitError } from '../../flow/variables.js';
import { RESULT_VARIABLES, resultAssignments } from '../../flow/webhook-result.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { CallerLeft, interruptible } from '../interruption.js';
import { described, failedOutcome, host, request } from '../webhook-request.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

type Webhook = WidgetOf<'webhook'>;

/** Calls an external API; line 0 is `success`, line 1 `failure`. Contract W, R, H. */
export const webhook: WidgetRun<Webhook> = async (widget, call) => {
  if (!widget.wait.enabled) {
    sendInBackground(widget, call);
    return 'success';
  }
  call.write(RESULT_VARIABLES.map((name) => [name, null] as const));
  call.endHold();
  call.note('webhook', `${widget.request.method} ${host(widget)}: sent`);
  const outcome = await answer(widget, call);
  if (outcome === 'left') return 'left';
  const written = writeResult(outcome, widget, call);
  call.note('webhook', `${widget.request.method} ${host(widget)}: ${described(written)}`);
  return written.line;
};

/** The outcome of the request, or `left` when the caller left the wait by the key that the widget has for it. Contract H5, H6. */
async function answer(widget: Webhook, call: WidgetContext): Promise<WebhookOutcome | 'left'> {
  const { leaveKey, onHangup } = widget.wait;
  const wait = () => withinBudget(call, widget.wait.timeout, (timeout) => waitForAnswer(widget, call, timeout));
  if (onHangup === 'finish' && leaveKey === undefined) return wait();
  try {
    const hangUp = onHangup === 'abort' ? call.state.interruption : () => null;
    return await interruptible(hangUp, wait, call.watchKey(leaveKey));
  } catch (error) {
    if (!(error instanceof CallerLeft)) throw error;
    call.write(resultAssignments(failedOutcome('CALLER_LEFT', 'The caller left the wait by its key.', 0, 0)));
    call.note('webhook', `${call.key}: the caller left the wait`);
    return 'left';
  }
}

/** The request runs on by itself: nothing cuts it, and it writes no variables. Contract H3. */
function sendInBackground(widget: Webhook, call: WidgetContext): void {
  const { state } = call;
  state.background += 1;
  CancellationScope.nonCancellable(() => request(widget, call, widget.wait.timeout))
    .then((outcome) => call.note('webhook', `${call.key}, not waited for: ${described(outcome)}`))
    .catch((error: unknown) => call.note('webhook', `${call.key}, not waited for: ${String(error)}`))
    .finally(() => {
      state.background -= 1;
    });
}

/** Waits no longer than what the call's budget of waiting still holds. Contract R3 (WAIT_BUDGET). */
export async function withinBudget(
  call: WidgetContext,
  timeout: number,
  send: (timeout: number) => Promise<WebhookOutcome>,
): Promise<WebhookOutcome> {
  const { state } = call;
  const budget = state.limits.waitBudgetSeconds;
  const left = budget === null ? Infinity : budget - state.waitedSeconds;
  const spent = `The caller has waited ${budget ?? 0} seconds in webhooks and messages, which is all that this call may wait.`;
  if (left <= 0) return failedOutcome('WAIT_BUDGET', spent, 0, 0);
  const start = Date.now();
  const outcome = await send(Math.min(timeout, left));
  state.waitedSeconds += (Date.now() - start) / 1000;
  const cut = outcome.reason === 'TIMEOUT' && left < timeout;
  return cut ? { ...outcome, reason: 'WAIT_BUDGET', detail: spent } : outcome;
}

/** Waits for the answer, with the hold tune when it is slow. Contract H1, H2. */
async function waitForAnswer(widget: Webhook, call: WidgetContext, timeout: number): Promise<WebhookOutcome> {
  let settled = false;
  const answer = request(widget, call, timeout).finally(() => {
    settled = true;
  });
  answer.catch(() => undefined);
  const { legs, bridge, account } = call.state;
  if (widget.wait.holdMusic && legs.first.state === 'connected' && !(await call.soon(() => settled))) {
    bridge.startHold(account.holdTune);
    call.note('hold', 'the hold tune plays');
  }
  return answer;
}

/** Writes what the webhook gave; values that do not fit make it a failure, and none of them is written. Contract V6, R6. */
export function writeResult(
  outcome: WebhookOutcome,
  widget: Pick<Webhook, 'persist'>,
  call: WidgetContext,
): WebhookOutcome {
  try {
    call.write([...resultAssignments(outcome), ...outcome.rows], widget.persist);
    return outcome;
  } catch (error) {
    if (!(error instanceof VariableLimitError)) throw error;
    const failed: WebhookOutcome = {
      ...outcome,
      line: 'failure',
      raw: undefined,
      reason: 'VARIABLE_LIMIT',
      detail: error.message,
      rows: [],
    };
    call.write(resultAssignments(failed), widget.persist);
    return failed;
  }
}
