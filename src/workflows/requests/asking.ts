/**
 * Waiting for what a widget asked of the world: hold tune, budget, hang-up, a key that leaves, or no waiting at all.
 * Webhooks, internal functions, text messages and emails share it. Contract H, R2, R3, V6.
 * @module
 */
import { CancellationScope, patched } from '@temporalio/workflow';
import type { RequestOutcome } from '../../engine/webhook-task.js';
import { RAW } from '../../engine/flow-end-keys.js';
import type { Account } from '../../flow/documents/account.js';
import { arrayLeftovers } from '../../flow/values/array-leftovers.js';
import { writtenBySensitive } from '../../flow/values/sensitive.js';
import { type Assignment, VariableLimitError } from '../../flow/values/variables.js';
import { RESULT_VARIABLES, resultAssignments } from '../../flow/values/webhook-result.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { CallersWait } from '../bridge/callers-wait.js';
import { logOutcome } from '../telling/log-call.js';
import { CallerLeft, interruptible } from '../interruption.js';
import { LeavableRequest } from './leavable-request.js';
import { type Answered, described, failedOutcome } from './outcome.js';
import type { WidgetContext } from '../widget-context.js';

type Wait = WidgetOf<'webhook'>['wait'];

/** What a widget asks, and how it waits for the answer. */
export interface Asking {
  /** For the timeline. */
  what: string;
  /** Whom it asks, for the timeline, where `what` does not say it. */
  to?: string;
  /** Seconds, what the caller hears meanwhile, which keys leave, and what a hang-up does. */
  wait: Wait;
  /** Whether the report keeps what is written. Contract R9. */
  persist: boolean;
  /** The rows by which the answer is written, for their marks; default: none is sensitive. Contract V7. */
  rows?: readonly { saveIn: string; sensitive: boolean }[];
  /** Gives up the request when the wait for it is cut; default: it ends with the wait. Contract H9. */
  abandon?: () => void;
  /** What an outcome writes to the result variables; default: as R2 says for a webhook. */
  assignments?: (outcome: RequestOutcome) => Assignment[];
}

/** Asks; `timeout` in seconds. Whatever happens is an outcome. */
type Send = (timeout: number) => Promise<Answered>;
/** Looks at the variables once the result variables are cleared; an outcome at once when nothing is to be sent. */
type Prepare = () => Send | RequestOutcome;

const DETAIL = '$flow.key.error_detail';

/** How text messages and emails are waited for: in silence, for 30 seconds, repeats included. A hang-up does not cut them. Contract H4, H5. */
export const MESSAGE_WAIT: Wait = {
  ...{ enabled: true, timeout: 30, holdMusic: false, onHangup: 'finish' },
  ...{ timeline: [], onLeave: 'abort', finishPrompt: false },
};

/** Asks, waits as the widget says, writes the result variables, and gives the line. */
export async function ask(asking: Asking, call: WidgetContext, prepare: Prepare): Promise<string> {
  const { what, to, wait } = asking;
  if (!wait.enabled) {
    const send = prepare();
    askInBackground(asking, call, async () => (typeof send === 'function' ? send(wait.timeout) : send));
    return 'success';
  }
  call.write(RESULT_VARIABLES.map((name) => [name, null] as const));
  call.endHold();
  const send = prepare();
  if (typeof send === 'function') call.note('webhook', `${what}${to === undefined ? '' : ` to ${to}`}: sent`);
  const outcome = typeof send === 'function' ? await answer(asking, call, send) : send;
  if ('leftBy' in outcome) return outcome.leftBy;
  const written = writeResult(outcome, asking, call);
  call.note('webhook', `${what}: ${described(written)}`);
  logOutcome(call, written);
  return written.line;
}

/** The outcome, or the line by which the caller left the wait. Contract H5, H6, H7. */
async function answer(asking: Asking, call: WidgetContext, send: Send): Promise<Answered | { leftBy: string }> {
  const { onHangup, onLeave, timeout } = asking.wait;
  const start = Date.now();
  const waiting = waitOf(asking.wait, call);
  const request = new LeavableRequest(onLeave === 'finish' && waiting.canBeLeft);
  const wait = () =>
    withinBudget(call, timeout, (seconds) =>
      waitForAnswer(asking, call, waiting, () => request.make(() => send(seconds))),
    );
  try {
    const hangUp = onHangup === 'abort' ? call.state.interruption : () => null;
    const cannotBeCut = onHangup === 'finish' && !waiting.canBeLeft;
    const outcome = await (cannotBeCut ? wait() : interruptible(hangUp, wait, waiting.leftBy));
    await waiting.end(true);
    return outcome;
  } catch (error) {
    await waiting.end(false);
    if (call.state.limits.waitBudgetSeconds !== null && patched('a-wait-that-is-cut-is-spent')) spend(call, start);
    const abandon = asking.abandon ?? (() => request.cancel());
    if (!(error instanceof CallerLeft)) {
      abandon();
      throw error;
    }
    if (onLeave === 'abort') abandon();
    call.write(resultAssignments(failedOutcome('CALLER_LEFT', 'The caller left the wait by its key.')));
    call.note('webhook', `${call.key}: the caller left the wait`);
    const { underWay } = request;
    // One that is collected has been in the background all the time.
    if (onLeave === 'finish' && underWay && !asking.abandon)
      settleInBackground(asking, call, underWay, () => request.cancel());
    return { leftBy: error.line };
  }
}

/** The wait of a widget, with the account's timeline where it has none of its own. Contract H6. */
function waitOf({ leaveKey, timeline, timeout, holdMusic, finishPrompt }: Wait, call: WidgetContext): CallersWait {
  const heard = timeline ?? beforeTheEnd(call.state.account, timeout);
  return new CallersWait(call, { leaveKey, timeline: heard, tune: holdMusic, finishPrompt });
}

/** The entries of an account's timeline that a wait of so many seconds has. */
function beforeTheEnd({ waitTimeline = [] }: Account, timeout: number) {
  return waitTimeline.filter(({ at }) => at < timeout);
}

/** Nobody waits for the outcome: nothing cuts it, and it writes no variables. Contract H3. */
function askInBackground(asking: Asking, call: WidgetContext, send: () => Promise<Answered>): void {
  if (!call.state.askedAhead.isCollected(call.key)) {
    settleInBackground(asking, call, CancellationScope.nonCancellable(send));
    return;
  }
  const request = new LeavableRequest(true);
  settleInBackground(asking, call, request.make(send), () => request.cancel());
}

/** The call ends no sooner than the request, whose outcome is only noted, and kept for a widget that collects it. Contract H3, H9. */
function settleInBackground(
  { what, persist, rows = [] }: Asking,
  call: WidgetContext,
  request: Promise<Answered>,
  cancel = (): void => undefined,
): void {
  const { state, key } = call;
  state.background += 1;
  state.askedAhead.keep(key, { what, persist, rows }, request, cancel);
  request
    .then((outcome) => {
      call.note('webhook', `${key}, not waited for: ${described(outcome)}`);
      logOutcome(call, outcome);
    })
    .catch((error: unknown) => call.note('webhook', `${key}, not waited for: ${String(error)}`))
    .finally(() => {
      state.background -= 1;
    });
}

/** Waits no longer than what the call's budget of waiting still holds. Contract R3 (WAIT_BUDGET). */
async function withinBudget(call: WidgetContext, timeout: number, send: Send): Promise<Answered> {
  const { state } = call;
  const budget = state.limits.waitBudgetSeconds;
  const left = budget === null ? Infinity : budget - state.waitedSeconds;
  const spent = `The caller has waited ${budget ?? 0} seconds in webhooks and messages, which is all that this call may wait.`;
  if (left <= 0) return failedOutcome('WAIT_BUDGET', spent);
  const start = Date.now();
  const seconds = Math.min(timeout, left);
  state.waitsUntil = start + seconds * 1000;
  const outcome = await send(seconds).finally(() => (state.waitsUntil = Infinity));
  spend(call, start);
  const cut = outcome.reason === 'TIMEOUT' && left < timeout;
  return cut ? { ...outcome, reason: 'WAIT_BUDGET', detail: spent } : outcome;
}

/** Takes what was waited from the call's budget. @param start in milliseconds since 1970. Contract R3. */
function spend({ state }: WidgetContext, start: number): void {
  state.waitedSeconds += (Date.now() - start) / 1000;
}

/** Waits for the answer; when it is slow, with the hold tune and what else the caller hears. Contract H1, H2, H6. */
async function waitForAnswer(
  { wait }: Asking,
  call: WidgetContext,
  waiting: CallersWait,
  send: () => Promise<Answered>,
): Promise<Answered> {
  let settled = false;
  const answer = send().finally(() => {
    settled = true;
  });
  answer.catch(() => undefined);
  const { legs, bridge, account } = call.state;
  if (wait.holdMusic && legs.first.state === 'connected' && !(await call.soon(() => settled))) {
    bridge.startHold(account.holdTune);
    call.note('hold', 'the hold tune plays');
  }
  if (!settled) waiting.speak();
  return answer;
}

/** Writes what came of it; values that do not fit make it a failure, and none of them is written. Contract V6, R6. */
function writeResult(
  outcome: Answered,
  { persist, rows = [], assignments = resultAssignments }: Asking,
  call: WidgetContext,
): Answered {
  const result = (of: Answered) => assignments(of).map((one) => marked(one, of, rows));
  const isSensitive = writtenBySensitive(rows);
  const values = outcome.rows.map(([name, value]): Assignment => [name, value, isSensitive(name)]);
  try {
    call.write([...leftovers(outcome, call), ...result(outcome), ...values], persist);
    return outcome;
  } catch (error) {
    if (!(error instanceof VariableLimitError)) throw error;
    const failed: Answered = {
      ...outcome,
      line: 'failure',
      raw: undefined,
      reason: 'VARIABLE_LIMIT',
      detail: error.message,
      rows: [],
    };
    call.write(result(failed), persist);
    return failed;
  }
}

/**
 * Answer and detail may repeat a value of the request; the answer also holds what its sensitive rows take out of it.
 * Contract V7.
 */
function marked([name, value]: Assignment, outcome: Answered, rows: NonNullable<Asking['rows']>): Assignment {
  const held = outcome.sensitive === true;
  if (name === RAW) return [name, value, held || rows.some(({ sensitive }) => sensitive)];
  return [name, value, held && name === DETAIL];
}

/** Clears what earlier arrays left under the names that the answer's rows write. Contract R5. */
function leftovers({ savedIn = [], rows }: RequestOutcome, { state }: WidgetContext): Assignment[] {
  const present = [state.variables, state.persisted].flatMap((all) => all.entries().map(([name]) => name));
  const left = savedIn.length === 0 ? [] : arrayLeftovers(savedIn, rows, present);
  // Workers of before 0.7 that replay beside this one leave them.
  return left.length > 0 && patched('no-item-of-an-earlier-array') ? left : [];
}
