/**
 * The activities of internal functions, by the names that flows and Temporal's UI use. Contract F1-F6.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Context, getClient } from '@temporalio/activity';
import { isServerAway } from '../calls/server-away.js';
import type { FunctionMethod } from '../flow/internal-functions.js';
import { observe } from '../observability/record-metric.js';
import { isAway } from '../store/database.js';
import type { Store } from '../store/store.js';
import { remainingOf, sending } from './sending.js';
import type { Sender } from '../http/send.js';
import type { RequestOutcome } from '../engine/webhook-task.js';
import { failedAnswer, type FunctionAnswer } from '../functions/function-answer.js';
import { callRemote } from './remote-function.js';
import type { FunctionTask } from '../engine/function-task.js';
import { performFunction } from '../functions/perform-function.js';
import { answerBody } from '../functions/wire.js';

/** Milliseconds before a store that could not be reached is asked again. */
const RETRY_MS = 500;

/** How the activities of a worker reach the rest. */
export interface FunctionActivityOptions {
  /** Undefined: the worker has no store, and functions that are not remote fail. */
  store: (() => Promise<Store>) | undefined;
  sender: Sender;
  publicUrl: string;
  /** The system that carries out what the account points at no other for; default: this one. Contract F6. */
  elsewhere?: ((method: FunctionMethod) => FunctionTask['remote']) | undefined;
}

/** Makes the four activities. */
export function createFunctionActivities(
  options: FunctionActivityOptions,
): Record<FunctionMethod, (task: FunctionTask) => Promise<RequestOutcome>> {
  const run = async (task: FunctionTask) => {
    const { metricMeter } = Context.current();
    const start = performance.now();
    const outcome = await runFunction(task, options);
    const labels = { method: task.method, reason: outcome.reason ?? 'none' } as const;
    observe(metricMeter, 'hookline_function_seconds', (performance.now() - start) / 1000, labels);
    return outcome;
  };
  return { createOutbound: run, shortURL: run, updateUserPreferences: run, updatePauseStatusForCLI: run };
}

async function runFunction(
  task: FunctionTask,
  { store, sender, publicUrl, elsewhere }: FunctionActivityOptions,
): Promise<RequestOutcome> {
  const context = Context.current();
  const remote = task.remote ?? elsewhere?.(task.method);
  if (remote) return callRemote(task, remote, sender, context);
  const start = Date.now();
  const deadline = start + remainingOf(task, context) * 1000;
  const answer = await sending(context, task.method, async (_progress, signal) => {
    if (!store) return failedAnswer('CONNECTION_FAILURE', 'This worker has no store: set DATABASE_URL.');
    const perform = async () => {
      const { taskQueue } = context.info;
      return performFunction(task, { store: await store(), client: getClient(), taskQueue, publicUrl });
    };
    return patiently(perform, deadline, signal);
  });
  return outcomeOf(task, answer, (Date.now() - start) / 1000);
}

/** Carries it out within the wait; a store that is away for a moment is asked again, for nothing is done twice. */
async function patiently(
  perform: () => Promise<FunctionAnswer>,
  deadline: number,
  signal: AbortSignal,
): Promise<FunctionAnswer> {
  const late = failedAnswer('TIMEOUT', 'The function was not done within the wait.');
  for (;;) {
    signal.throwIfAborted();
    const left = deadline - Date.now();
    if (left <= 0) return late;
    try {
      const answer = await Promise.race([perform(), sleep(left, null, { signal, ref: false })]);
      return answer ?? late;
    } catch (error) {
      signal.throwIfAborted();
      // A bug of ours fails alike each time, and is no fault of the store.
      if (!isAway(error) && !isServerAway(error)) throw error;
      if (deadline - Date.now() < RETRY_MS)
        return failedAnswer('CONNECTION_FAILURE', 'The store or the Temporal server could not be reached.');
      await sleep(RETRY_MS, null, { signal });
    }
  }
}

/** A function's answer as a webhook's outcome, so that R2's result variables come out alike. Contract F5, R2. */
function outcomeOf({ method }: FunctionTask, answer: FunctionAnswer, seconds: number): RequestOutcome {
  const { outputs, reason, detail } = answer;
  const common = {
    duration: Math.round(seconds * 1000) / 1000,
    truncated: false,
    rows: Object.entries(outputs),
    savedIn: Object.keys(outputs),
    attempts: 1,
  };
  if (reason !== undefined) return { ...common, line: 'failure', reason, ...(detail !== undefined && { detail }) };
  return { ...common, line: 'success', statusCode: 200, raw: JSON.stringify(answerBody(method, outputs)) };
}
