/**
 * From an answer to an outcome: status, parsing and mapping. Contract R1-R8.
 * @module
 */
import { STATUS_CODES } from 'node:http';
import type { Contract, Mismatch } from '../flow/mapping/contract.js';
import type { MapRow } from '../flow/mapping/map-rows.js';
import type { Mapped } from '../flow/mapping/write.js';
import type { RowSet } from '../flow/values/response-rows.js';
import { type AnswerHeaders, filledRows } from '../flow/mapping/filled-rows.js';
import { WebhookFailure } from './reasons.js';
import type { Answer } from './answers/answer.js';
import type { TargetRules, WebhookTask } from '../engine/webhook-task.js';
import { type Judge, type Owner, Refusal } from '../judging/judge.js';

/** What an answer without values gives. */
const NOTHING: Mapped = { rows: [], savedIn: [] };

type Expected = Pick<WebhookTask, 'request' | 'response' | 'variables'>;

/** Who reads an answer, and for whom. */
export interface Reading {
  judge: Judge;
  owner: Owner;
}

/**
 * For whom the answer to a request is read.
 * @param idempotencyKey `<workflow id>/<widget>/<visit>`, or the id of a flow end
 * @param call workflow id, where it is known
 */
export function ownerOf(
  { accountId }: TargetRules,
  idempotencyKey: string,
  signal: AbortSignal,
  call = idempotencyKey,
): Owner {
  return { account: accountId, call, place: idempotencyKey.replace(/\/\d+$/, ''), signal };
}

/**
 * The writes that an answer gives, and the names of the rows that write.
 * @throws {WebhookFailure} when the answer takes the failure line. Contract R1, R3.
 */
export async function judgeAnswer(
  { request, response, variables }: Expected,
  { statusCode, headers, body }: Answer,
  reading: Reading,
): Promise<Mapped> {
  const failure = statusFailure(statusCode, request);
  if (failure) throw failure;
  if (body.unreadable !== undefined) throw new WebhookFailure('INVALID_RESPONSE', body.unreadable, { statusCode });
  const rows = filledRows(response, variables, valuesIn(headers));
  if (body.tooLarge && response.type !== 'none') {
    throw new WebhookFailure('INVALID_RESPONSE', 'The answer is larger than 1 MiB, the most that is parsed.', {
      statusCode,
    });
  }
  try {
    const given = await mapped(body.text, response, rows, reading, contractOf(response));
    if (fails(response, given)) throw broken(given.mismatches ?? [], statusCode);
    return given;
  } catch (error) {
    if (error instanceof Refusal && error.reason !== 'DOCUMENT_TOO_LARGE')
      throw new WebhookFailure(error.reason, error.message, { statusCode });
    throw error;
  }
}

/**
 * What an answer of 400 to 599 gives by rows of its own; nothing, where it cannot be read.
 * @throws {WebhookFailure} VARIABLE_LIMIT alone. Contract R7.
 */
export async function judgeFailure(
  { response: { onFailure }, variables }: Expected,
  { statusCode, headers, body }: Answer,
  reading: Reading,
): Promise<Mapped> {
  if (!onFailure || statusCode < 400 || statusCode > 599) return NOTHING;
  const text = body.tooLarge || body.unreadable !== undefined ? undefined : body.text;
  try {
    return await mapped(text, onFailure, filledRows(onFailure, variables, valuesIn(headers)), reading);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.reason !== 'VARIABLE_LIMIT') return NOTHING;
    throw new WebhookFailure(error.reason, error.message, { statusCode });
  }
}

/** What an answer without a text gives, or one whose text nobody reads: headers alone, and no other variable changes. Contract R6b, R8. */
async function mapped(
  text: string | undefined,
  by: RowSet,
  rows: readonly MapRow[],
  { judge, owner }: Reading,
  contract?: Contract,
): Promise<Mapped> {
  if (rows.length === 0 && (!text || by.type === 'none')) return NOTHING;
  if (text && by.type !== 'none')
    return judge('mapping', { text, by, rows: [...rows], ...(contract && { contract }) }, owner);
  const missing = rows.find((row) => 'path' in row && row.mandatory);
  if (missing && 'path' in missing) {
    const detail = `The answer had no body, so no value at ${missing.path}, which is mandatory.`;
    throw new Refusal({ reason: 'INVALID_RESPONSE_MAP', detail });
  }
  return judge('mapping', { text: '', by: { type: 'none' }, rows: rows.filter((row) => 'header' in row) }, owner);
}

/** The values of headers as texts: undici gives a character for each byte. What is no UTF-8 was meant so. Contract R6b. */
function valuesIn(headers: Answer['headers']): AnswerHeaders {
  return (name) =>
    [headers[name] ?? []].flat().map((value) => {
      const text = Buffer.from(value, 'latin1').toString('utf8');
      return text.includes('\ufffd') ? value : text;
    });
}

/** What the flow expects of a success. Contract R10. */
function contractOf(response: Expected['response']): Contract | undefined {
  if (response.type === 'none' || response.contract === undefined) return undefined;
  const { onMismatch = 'warn' } = response;
  return response.type === 'json' ? { onMismatch, json: response.contract } : { onMismatch, xml: response.contract };
}

function fails(response: Expected['response'], { mismatches = [] }: Mapped): boolean {
  return response.type !== 'none' && response.onMismatch === 'fail' && mismatches.length > 0;
}

function broken(mismatches: readonly Mismatch[], statusCode: number): WebhookFailure {
  const [first] = mismatches;
  const more = mismatches.length > 1 ? `, and at ${mismatches.length - 1} more places` : '';
  const detail = `The answer breaks its contract at ${first?.at || 'its root'}, where ${first?.expected} was expected${more}.`;
  return new WebhookFailure('INVALID_RESPONSE', detail, { statusCode, mismatches });
}

function statusFailure(statusCode: number, { auth, redirects }: Expected['request']): WebhookFailure | undefined {
  const name = STATUS_CODES[statusCode];
  const status = name === undefined ? `${statusCode}` : `${statusCode} (${name})`;
  const failure = (reason: WebhookFailure['reason'], detail: string) =>
    new WebhookFailure(reason, detail, { statusCode });
  if (statusCode < 200 || statusCode > 599) {
    return failure('INVALID_RESPONSE', `The target answered with status ${statusCode}, which HTTP does not have.`);
  }
  if (statusCode < 300) return undefined;
  if (statusCode < 400) {
    const why = redirects
      ? `and the request follows ${redirects} at most, to addresses that are URLs`
      : 'which is not followed';
    return failure('REDIRECTION', `The answer was a redirect to another address (${statusCode}), ${why}.`);
  }
  if (auth.type !== 'none' && (statusCode === 401 || statusCode === 407)) {
    return failure('AUTHENTICATION_FAILURE', `The target did not accept the credentials: it answered ${status}.`);
  }
  return failure(statusCode < 500 ? 'CLIENT_ERROR' : 'SERVER_ERROR', `The target answered ${status}.`);
}
