/**
 * Waiting for what a widget asked of the world: hold tune, budget, hang-up, a key that leaves, or no waiting at all.
 * Webhooks and internal functions share it. Contract H, R2, V6.
 * @module
 */
import { CancellationScope } from '@temporalio/workflow';
import type { WebhookOutcome } from '../../engine/webhook-task.js';
import { VariableLimitError } from '../../flow/values/variables.js';
import { RESULT_VARIABLES, resultAssignments } from '../../flow/values/webhook-result.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { logOutcome } from '../telling/call-log.js';
import { CallerLeft, interruptible } from '../interruption.js';
import { described, failedOutcome } from './webhook-request.js';
import type { WidgetContext } from '../widget-context.js';

/** A widget that asks and may wait for the answer. */
type Asking = Pick<WidgetOf<'webhook'>, 'wait' | 'persist'>;
/** Asks; `timeout` in seconds. Whatever happens is an outcome. */
type Send = (timeout: number) => Promise<WebhookOutcome>;

/** Asks, waits as the widget says, writes the result variables, and gives the line. `what` is for the timeline. */
export async function ask(widget: Asking, call: WidgetContext, what: string, send: Send): Promise<string> {
  if (!widget.wait.enabled) {
    askInBackground(call, () => send(widget.wait.timeout));
    return 'success';
  }
  call.write(RESULT_VARIABLES.map((name) => [name, null] as const));
  call.endHold();
  call.note('webhook', `${what}: sent`);
  const outcome = await answer(widget, call, send);
  if (outcome === 'left') return 'left';
  const written = writeResult(outcome, widget, call);
  call.note('webhook', `${what}: ${described(written)}`);
  logOutcome(call, written);
  return written.line;
}

/** The outcome, or `left` when the caller left the wait by the key that the widget has for it. Contract H5, H6. */
async function answer(widget: Asking, call: WidgetContext, send: Send): Promise<WebhookOutcome | 'left'> {
  const { leaveKey, onHangup } = widget.wait;
  const wait = () =>
    withinBudget(call, widget.wait.timeout, (timeout) => waitForAnswer(widget, call, () => send(timeout)));
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

/** What was asked runs on by itself: nothing cuts it, and it writes no variables. Contract H3. */
function askInBackground(call: WidgetContext, send: () => Promise<WebhookOutcome>): void {
  const { state } = call;
  state.background += 1;
  CancellationScope.nonCancellable(send)
    .then((outcome) => {
      call.note('webhook', `${call.key}, not waited for: ${described(outcome)}`);
      logOutcome(call, outcome);
    })
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
  const seconds = Math.min(timeout, left);
  state.waitsUntil = start + seconds * 1000;
  const outcome = await send(seconds).finally(() => (state.waitsUntil = Infinity));
  state.waitedSeconds += (Date.now() - start) / 1000;
  const cut = outcome.reason === 'TIMEOUT' && left < timeout;
  return cut ? { ...outcome, reason: 'WAIT_BUDGET', detail: spent } : outcome;
}

/** Waits for the answer, with the hold tune when it is slow. Contract H1, H2. */
async function waitForAnswer(
  widget: Asking,
  call: WidgetContext,
  send: () => Promise<WebhookOutcome>,
): Promise<WebhookOutcome> {
  let settled = false;
  const answer = send().finally(() => {
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

/** Writes what came of it; values that do not fit make it a failure, and none of them is written. Contract V6, R6. */
export function writeResult(
  outcome: WebhookOutcome,
  widget: Pick<Asking, 'persist'>,
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
