/**
 * What a request that was recorded gives now: its widget may read the answer otherwise, or wait or try otherwise. Where that
 * would ask for more than was recorded, nothing is guessed.
 * @module
 */
import { attemptsAllowed, isPassing } from '../../http/retry.js';
import { outcomeOf } from '../../http/run-request.js';
import { ownerOf } from '../../http/judge-answer.js';
import { judgeHere } from '../../judging/here.js';
import type { RequestOutcome, WebhookTask } from '../../engine/webhook-task.js';
import { pathsOf, rowsOf } from '../../flow/values/response-rows.js';
import { variablesIn } from '../../flow/values/reference.js';
import { MASK } from '../../flow/values/mask.js';
import type { RecordedRequest, RecordedWebhook } from '../../flow/documents/recorded-call.js';

/** The outcome and the seconds to it; or why the record cannot tell, which may show only after some seconds. */
export type Replayed = { after: number; outcome: RequestOutcome } | { after: number; unknown: string };

/** Of a request that is the recorded one. */
export async function requestOutcome(task: WebhookTask, recorded: RecordedWebhook): Promise<Replayed> {
  const waited = waitedOutcome(task, recorded);
  if ('unknown' in waited || waited.outcome.reason === 'TIMEOUT') return waited;
  const { outcome } = waited;
  const [allowed, before] = [attemptsAllowed(task), attemptsAllowed(recorded)];
  const failed =
    outcome.attempts > 0 && (outcome.reason === 'CONNECTION_FAILURE' || isPassing(outcome.statusCode ?? 0));
  if (outcome.attempts > allowed) return unknown('the recorded answer came at a later attempt than there are now');
  if (failed && allowed > before) return unknown('there are more attempts than were recorded');
  if (JSON.stringify(task.response) === JSON.stringify(recorded.response) && samePaths(task, recorded)) return waited;
  return readAgain(task, waited.after, outcome);
}

/** Of anything else that the call asked for. */
export function waitedOutcome(task: { timeout: number }, { outcome, seconds, timeout }: RecordedRequest): Replayed {
  if (outcome === null)
    return { after: seconds + 1, unknown: 'no answer was recorded: the call had gone on before there was one' };
  if (outcome.reason === 'TIMEOUT' && task.timeout > timeout) return unknown('it waits for longer than was recorded');
  if (seconds <= task.timeout || outcome.attempts === 0) return { after: seconds, outcome };
  const detail = `No full answer was there within ${task.timeout} seconds.`;
  const common = { duration: task.timeout, truncated: false, rows: [], attempts: outcome.attempts };
  return { after: task.timeout, outcome: { line: 'failure', reason: 'TIMEOUT', detail, ...common } };
}

/** Whether the variables of mapping paths have the values that they had. Contract V4. */
function samePaths({ response, variables }: WebhookTask, recorded: RecordedWebhook): boolean {
  const paths = rowsOf(response)
    .flatMap(pathsOf)
    .map(({ path }) => path);
  return paths.flatMap(variablesIn).every((name) => variables[name] === recorded.variables[name]);
}

/** The recorded answer, read by another mapping. */
async function readAgain(task: WebhookTask, after: number, outcome: RequestOutcome): Promise<Replayed> {
  const { statusCode, raw, truncated, duration, attempts, age, stale } = outcome;
  if (statusCode === undefined || (raw === undefined && outcome.reason === 'INVALID_RESPONSE'))
    return { after, outcome };
  if (raw === MASK && task.response.type !== 'none')
    return unknown('the answer is read otherwise, and it is sensitive: it is not in the record');
  if (truncated && task.response.type !== 'none' && statusCode < 300)
    return unknown('the answer is read otherwise, and its body was cut at 64 KiB');
  if (rowsOf(task.response).some(({ header }) => header !== undefined))
    return unknown('the answer is read otherwise, and its headers are not in the record');
  const body = { ...(raw !== undefined && { text: raw, raw }), truncated, tooLarge: false };
  const owner = ownerOf(task.rules, task.idempotencyKey, new AbortController().signal);
  const read = { result: { statusCode, headers: {}, body }, duration };
  const again = await outcomeOf(task, read, { sent: attempts }, { judge: judgeHere, owner });
  return { after, outcome: { ...again, ...(age !== undefined && { age }), ...(stale !== undefined && { stale }) } };
}

function unknown(why: string): Replayed {
  return { after: 0, unknown: why };
}
