/**
 * All attempts of one webhook, within its wait. Contract H4, R1, R2.
 * @module
 */
import { type Progress, attemptsAllowed, gapAfter, isPassing } from './retry.js';
import { judgeAnswer, judgeFailure, ownerOf, type Reading } from './judge-answer.js';
import { WebhookFailure } from './reasons.js';
import type { BuiltRequest } from './built-request.js';
import { buildRequest } from './request.js';
import { type FromShelf, Reuse } from './reuse.js';
import type { Sender } from './send.js';
import type { Answer } from './answers/answer.js';
import { TemplateError } from '../flow/values/fill.js';
import type { RequestOutcome, WebhookTask } from '../engine/webhook-task.js';

/** Milliseconds in which an answer that stands in for a failure is read, when the wait is over. */
const STAND_IN_MS = 1000;

/** The circumstances of a run. */
export interface Run {
  /** Seconds that remain of the task's timeout. */
  remaining: number;
  /** Kept up to date while the run goes on. */
  progress: Progress;
  /** Ends the run at once; its reason is thrown. */
  signal: AbortSignal;
  /** Workflow id of the call, whose trace its requests belong to; default: a trace of their own. */
  call?: string | undefined;
}

interface Attempt {
  /** What came of it: an answer, or why there is none. */
  result: Answer | WebhookFailure;
  /** Seconds. */
  duration: number;
}

/** Sends a task's request until an attempt settles it, and judges the answer. Whatever a target does is an outcome. */
export async function runWebhook(task: WebhookTask, sender: Sender, run: Run): Promise<RequestOutcome> {
  const { progress } = run;
  const deadline = sender.clock.now() + run.remaining * 1000;
  if (run.remaining <= 0) return failedOutcome(task, overdue(), progress);
  const built = await unlessFailure(buildRequest(task, run.call, sender.secrets));
  if (built instanceof WebhookFailure) return failedOutcome(task, built, progress);
  const reuse = await unlessFailure(reuseOf(task, built, sender));
  if (reuse instanceof WebhookFailure) return failedOutcome(task, reuse, progress);
  const fresh = reuse?.fresh && (await keptOutcome(task, reuse.fresh, sender, deadline, run));
  if (fresh?.line === 'success') return fresh;
  const asked = await askUntilSettled(task, built, sender, deadline, run);
  if (!reuse) return asked.outcome;
  if (asked.outcome.line === 'success' && !(asked.result instanceof WebhookFailure)) await reuse.keep(asked.result);
  const standIn = reuse.standIn(asked.outcome);
  if (!standIn) return asked.outcome;
  const { attempts, duration } = asked.outcome;
  const kept = await keptOutcome(task, standIn, sender, deadline + STAND_IN_MS, run);
  return kept.line === 'success' ? { ...kept, stale: true, attempts, duration } : asked.outcome;
}

/** Makes attempts until one settles the request. */
async function askUntilSettled(
  task: WebhookTask,
  built: BuiltRequest,
  sender: Sender,
  deadline: number,
  run: Run,
): Promise<{ outcome: RequestOutcome; result: Attempt['result'] }> {
  const { progress, signal } = run;
  const { clock } = sender;
  const remaining = () => (deadline - clock.now()) / 1000;
  for (;;) {
    const attempt = await attemptOnce(built, task, sender, deadline, run);
    const gap =
      isRetried(task, attempt.result) && progress.attempt < attemptsAllowed(task)
        ? gapAfter(
            progress.attempt,
            'retryAfter' in attempt.result ? attempt.result.retryAfter : undefined,
            remaining(),
          )
        : undefined;
    if (gap === undefined)
      return { outcome: await settled(task, attempt, sender, deadline, run), result: attempt.result };
    progress.attempt += 1;
    await clock.sleep(gap * 1000, signal).catch(() => signal.throwIfAborted());
  }
}

/** What may be reused. @throws {WebhookFailure} INVALID_FLOW_VAR for a key whose variable is absent. Contract R11. */
async function reuseOf(
  task: WebhookTask,
  built: BuiltRequest,
  { shelf, timeOfDay }: Sender,
): Promise<Reuse | undefined> {
  try {
    return await Reuse.of(task, built, shelf, timeOfDay);
  } catch (error) {
    if (error instanceof TemplateError) throw new WebhookFailure(error.reason, error.message, { unsent: true });
    throw error;
  }
}

/** What an answer from the shelf means for the flow, by the rows of today. Contract R11. */
async function keptOutcome(
  task: WebhookTask,
  { answer, age, sensitive }: FromShelf,
  sender: Sender,
  deadline: number,
  run: Run,
): Promise<RequestOutcome> {
  const outcome = await settled(task, { result: answer, duration: 0 }, sender, deadline, run);
  return { ...outcome, age: rounded(age), ...(sensitive && { sensitive }) };
}

/** What an answer, or the lack of one, means for the flow. Contract R1, R2, R7. */
export async function outcomeOf(
  task: WebhookTask,
  { result, duration }: Attempt,
  progress: Pick<Progress, 'sent'>,
  reading: Reading,
): Promise<RequestOutcome> {
  if (result instanceof WebhookFailure) return failedOutcome(task, result, progress, duration);
  const common = { duration: rounded(duration), attempts: progress.sent };
  const { statusCode, body } = result;
  const answered = {
    ...common,
    statusCode,
    truncated: body.truncated,
    ...(body.raw === undefined ? {} : { raw: body.raw }),
  };
  if (isSettled(task, result)) return { line: 'success', ...answered, rows: [] };
  try {
    return { line: 'success', ...answered, ...(await judgeAnswer(task, result, reading)) };
  } catch (error) {
    if (error instanceof WebhookFailure) return { ...(await failedAnswer(task, result, error, reading)), ...answered };
    throw error;
  }
}

/** A failure with what the answer gives nevertheless. Contract R7. */
async function failedAnswer(task: WebhookTask, answer: Answer, failure: WebhookFailure, reading: Reading) {
  try {
    return { ...failed(failure), ...(await judgeFailure(task, answer, reading)) };
  } catch (error) {
    if (error instanceof WebhookFailure) return failed(error);
    throw error;
  }
}

/** What the lack of an answer means for the flow. Contract R1-R3. */
export function failedOutcome(
  task: WebhookTask,
  failure: WebhookFailure,
  { sent }: Pick<Progress, 'sent'>,
  duration = 0,
): RequestOutcome {
  const common = { duration: rounded(duration), attempts: sent, truncated: false };
  if (!isSettled(task, failure)) return { ...failed(failure), ...common };
  return { line: 'success', ...statusOf(failure), ...common, rows: [] };
}

/** The outcome of the last attempt; an answer that waits to be read does so no longer than its call. */
async function settled(
  task: WebhookTask,
  attempt: Attempt,
  { clock, judge }: Sender,
  deadline: number,
  { progress, signal, call }: Run,
): Promise<RequestOutcome> {
  const late = new AbortController();
  const stop = clock.after(deadline - clock.now(), () => late.abort());
  try {
    const owner = ownerOf(task.rules, task.idempotencyKey, AbortSignal.any([signal, late.signal]), call);
    return await outcomeOf(task, attempt, progress, { judge, owner });
  } finally {
    stop();
    signal.throwIfAborted();
  }
}

async function attemptOnce(
  built: BuiltRequest,
  { rules }: WebhookTask,
  sender: Sender,
  deadline: number,
  { progress, signal }: Run,
): Promise<Attempt> {
  const start = sender.clock.now();
  progress.sent += 1;
  const result = await unlessFailure(sender.perform(built, rules, deadline, signal));
  if (result instanceof WebhookFailure && result.unsent) progress.sent -= 1;
  return { result, duration: (sender.clock.now() - start) / 1000 };
}

/** Whether the status has settled the request, so that it is never sent again. Contract W13. */
function isSettled({ settledBy }: WebhookTask, { statusCode = 0 }: Answer | WebhookFailure): boolean {
  return settledBy === 'status' && statusCode >= 200 && statusCode <= 299;
}

function isRetried(task: WebhookTask, result: Answer | WebhookFailure): boolean {
  if (isSettled(task, result)) return false;
  if (result instanceof WebhookFailure) return result.reason === 'CONNECTION_FAILURE' && !result.unsent;
  return isPassing(result.statusCode);
}

function failed(failure: WebhookFailure) {
  const { reason, detail, mismatches } = failure;
  const broken = mismatches && { mismatches: [...mismatches] };
  return { line: 'failure' as const, reason, detail, rows: [], ...statusOf(failure), ...broken };
}

function statusOf({ statusCode }: WebhookFailure): { statusCode?: number } {
  return statusCode === undefined ? {} : { statusCode };
}

function overdue(): WebhookFailure {
  return new WebhookFailure('TIMEOUT', 'The wait was over before the request could be sent again.', { unsent: true });
}

/** Seconds with at most 3 decimals. Contract R2. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

async function unlessFailure<T>(promise: Promise<T>): Promise<T | WebhookFailure> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof WebhookFailure) return error;
    throw error;
  }
}
