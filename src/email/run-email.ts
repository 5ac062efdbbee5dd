/**
 * All attempts to send one email, within its time. Contract H4, R1, R2.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fillEmail } from '../flow/messages/email-content.js';
import { TemplateError } from '../flow/values/fill.js';
import { type Progress, gapAfter } from '../http/retry.js';
import { secretValue } from '../http/proof/auth.js';
import type { SecretSource } from '../http/secret-reader.js';
import { WebhookFailure } from '../http/reasons.js';
import { compose, type Message } from './compose.js';
import { isPassing, partialFailure, sessionFailure } from './smtp-reasons.js';
import { permittedAddresses } from './mail-server.js';
import type { EmailTask } from '../engine/email-task.js';
import type { RequestOutcome } from '../engine/webhook-task.js';
import { transmit } from './transmit.js';

/** Sessions in all, each with the next of the host's addresses. */
const ATTEMPTS = 3;

/** The circumstances of a run. */
export interface EmailRun {
  /** Seconds that remain of the task's timeout. */
  remaining: number;
  progress: Progress;
  /** Ends the run at once; its reason is thrown. */
  signal: AbortSignal;
  /** The account's list, as far as the deployment heeds it. Contract W11. */
  targetAllowList: readonly string[];
  ca?: string | undefined;
  /** Gives the values of secrets. */
  secrets: SecretSource;
}

interface Attempt {
  /** SMTP's code of the answer that took the message, or why it was not taken. */
  result: number | WebhookFailure;
  /** Seconds. */
  duration: number;
  /** Whether another attempt may give another result, and sends nothing twice. */
  again: boolean;
}

/** Sends a task's email until an attempt settles it. Whatever a mail server does is an outcome. */
export async function runEmail(task: EmailTask, run: EmailRun): Promise<RequestOutcome> {
  const { progress, signal } = run;
  const deadline = performance.now() + run.remaining * 1000;
  const prepared = await prepare(task, run.secrets).catch(asFailure);
  if (prepared instanceof WebhookFailure) return outcomeOf({ result: prepared, duration: 0 }, progress);
  for (;;) {
    const attempt = await attemptOnce(task, prepared, deadline, run);
    const remaining = (deadline - performance.now()) / 1000;
    const gap =
      attempt.again && progress.attempt < ATTEMPTS ? gapAfter(progress.attempt, undefined, remaining) : undefined;
    if (gap === undefined) return outcomeOf(attempt, progress);
    progress.attempt += 1;
    await sleep(gap * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

interface Prepared {
  message: Message;
  credentials: { user: string; pass: string } | undefined;
}

async function prepare(
  { email, smtp, variables, rules, idempotencyKey }: EmailTask,
  secrets: SecretSource,
): Promise<Prepared> {
  const content = fillEmail(email, (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined));
  const valueOf = async (value: string | { secret: string }) =>
    typeof value === 'string' ? value : secretValue(value.secret, rules, secrets);
  const { auth } = smtp;
  const credentials = auth && { user: await valueOf(auth.username), pass: await valueOf(auth.password) };
  return { message: await compose(content, smtp.from, idempotencyKey), credentials };
}

async function attemptOnce(
  { smtp, timeout, rules }: EmailTask,
  { message, credentials }: Prepared,
  deadline: number,
  { progress, signal, targetAllowList, ca }: EmailRun,
): Promise<Attempt> {
  const start = performance.now();
  const target = `The mail server ${smtp.host}`;
  const limit = new AbortController();
  const cancel = () => limit.abort(signal.reason);
  const timer = setTimeout(() => limit.abort(new Error('deadline')), Math.max(0, deadline - start));
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  let handedOver = false;
  let again = false;
  const settle = async (): Promise<number | WebhookFailure> => {
    const addresses = await unlessAborted(
      limit.signal,
      permittedAddresses(rules.accountId, smtp.host, targetAllowList),
    );
    const address = addresses[(progress.attempt - 1) % addresses.length] ?? '';
    progress.sent += 1;
    const info = await transmit({ smtp, address, credentials, ca }, message, limit.signal, () => {
      handedOver = true;
    });
    return partialFailure(info) ?? Number(info.response.slice(0, 3));
  };
  const judged = (error: unknown): WebhookFailure => {
    signal.throwIfAborted();
    if (limit.signal.aborted) return late(target, timeout, handedOver);
    const failure = sessionFailure(error, target);
    again = isPassing(failure, handedOver);
    return lost(failure, handedOver);
  };
  const result = await settle()
    .catch(judged)
    .finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    });
  return { result, again, duration: (performance.now() - start) / 1000 };
}

function outcomeOf({ result, duration }: Omit<Attempt, 'again'>, { sent }: Progress): RequestOutcome {
  const common = { duration: Math.round(duration * 1000) / 1000, attempts: sent, truncated: false, rows: [] };
  if (!(result instanceof WebhookFailure)) return { line: 'success', ...common, statusCode: result };
  const { reason, detail, statusCode } = result;
  return { line: 'failure', ...common, reason, detail, ...(statusCode === undefined ? {} : { statusCode }) };
}

const MAYBE_SENT = 'The email may have been sent.';

function late(target: string, timeout: number, handedOver: boolean): WebhookFailure {
  const detail = `${target} did not take the email within ${timeout} seconds.`;
  return new WebhookFailure('TIMEOUT', handedOver ? `${detail} ${MAYBE_SENT}` : detail);
}

function lost(failure: WebhookFailure, handedOver: boolean): WebhookFailure {
  if (!handedOver || failure.statusCode !== undefined) return failure;
  return new WebhookFailure(failure.reason, `${failure.detail} ${MAYBE_SENT}`);
}

function asFailure(error: unknown): WebhookFailure {
  if (error instanceof TemplateError) return new WebhookFailure(error.reason, error.message, { unsent: true });
  if (error instanceof WebhookFailure) return error;
  throw error;
}

/** DNS cannot be called off; its answer is not waited for any longer. */
function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject);
  });
}
