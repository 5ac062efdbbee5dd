/**
 * From an answer to an outcome: status, parsing and mapping. Contract R1-R8.
 * @module
 */
import { STATUS_CODES } from 'node:http';
import { mapJson } from '../flow/mapping/map-json.js';
import { MappingError, type Mapped } from '../flow/mapping/write.js';
import { mapXml } from '../flow/mapping/map-xml.js';
import { MAX_TOTAL_BYTES, MAX_VALUE_BYTES } from '../flow/values/variables.js';
import { WebhookFailure } from './reasons.js';
import type { Answer } from './answers/answer.js';
import type { WebhookTask } from '../engine/webhook-task.js';
import { TimeLimitError, withinTime } from './watchdog.js';

/** Milliseconds for parsing an answer and evaluating its paths; meanwhile the worker does nothing else. */
const MAPPING_TIME = 3_000;
/** Names and places alone: what they cost is bounded by the size of the answer. */
const PLAIN_PATH = /^data(\.[A-Za-z_][\w-]*|\[\d+\])*$/;
/** Characters of an answer times rows up to which plain paths need no limit, which is a thread: 0.05 s at worst. */
const SMALL = 64 * 1024;

/** What an answer without values gives. */
const NOTHING: Mapped = { rows: [], savedIn: [] };

type Expected = Pick<WebhookTask, 'request' | 'response'>;

/**
 * The writes that an answer gives, and the names of the rows that write.
 * @throws {WebhookFailure} when the answer takes the failure line. Contract R1, R3.
 */
export function judge({ request, response }: Expected, { statusCode, body }: Answer): Mapped {
  const failure = statusFailure(statusCode, request.auth.type !== 'none');
  if (failure) throw failure;
  if (body.unreadable !== undefined) throw new WebhookFailure('INVALID_RESPONSE', body.unreadable, { statusCode });
  if (response.type === 'none') return NOTHING;
  if (body.tooLarge) {
    throw new WebhookFailure('INVALID_RESPONSE', 'The answer is larger than 1 MiB, the most that is parsed.', {
      statusCode,
    });
  }
  if (!body.text) return withoutBody(response.map, statusCode);
  return withinLimits(map(response, body.text, statusCode), statusCode);
}

function map(response: Exclude<Expected['response'], { type: 'none' }>, text: string, statusCode: number): Mapped {
  const work = () =>
    response.type === 'json'
      ? mapJson(text, response.map, response.dialect)
      : mapXml(text, response.map, response.namespaces);
  try {
    return isQuick(response, text) ? work() : withinTime(MAPPING_TIME, work);
  } catch (error) {
    if (error instanceof MappingError) throw new WebhookFailure(error.reason, error.message, { statusCode });
    if (error instanceof TimeLimitError) {
      const detail = `The mapping was given up after ${MAPPING_TIME / 1000} s: a path takes too long on this answer.`;
      throw new WebhookFailure('INVALID_RESPONSE_MAP', detail, { statusCode });
    }
    // Parsers call themselves for each level of an answer.
    if (error instanceof RangeError) {
      throw new WebhookFailure('INVALID_RESPONSE', 'The answer is nested too deeply.', { statusCode });
    }
    throw error;
  }
}

function isQuick({ type, map }: Exclude<Expected['response'], { type: 'none' }>, { length }: string): boolean {
  return type === 'json' && length * Math.max(1, map.length) <= SMALL && map.every(({ path }) => PLAIN_PATH.test(path));
}

/** An empty body, of any 2xx, leaves every variable as it was. Contract R8. */
function withoutBody(rows: readonly { path: string; mandatory: boolean }[], statusCode: number): Mapped {
  const missing = rows.find((row) => row.mandatory);
  if (!missing) return NOTHING;
  const detail = `The answer had no body, so no value at ${missing.path}, which is mandatory.`;
  throw new WebhookFailure('INVALID_RESPONSE_MAP', detail, { statusCode });
}

/** What no call can hold must not travel as an activity's result either. Contract V6. */
function withinLimits(mapped: Mapped, statusCode: number): Mapped {
  let total = 0;
  for (const [name, value] of mapped.rows) {
    const size = value === null ? 0 : Buffer.byteLength(value);
    total += size;
    if (size > MAX_VALUE_BYTES) {
      throw new WebhookFailure('VARIABLE_LIMIT', `${name} would hold more than 64 KiB.`, { statusCode });
    }
  }
  if (total <= MAX_TOTAL_BYTES) return mapped;
  throw new WebhookFailure('VARIABLE_LIMIT', 'The values of the answer are more than 1 MiB together.', { statusCode });
}

function statusFailure(statusCode: number, withAuth: boolean): WebhookFailure | undefined {
  const name = STATUS_CODES[statusCode];
  const status = name === undefined ? `${statusCode}` : `${statusCode} (${name})`;
  const failure = (reason: WebhookFailure['reason'], detail: string) =>
    new WebhookFailure(reason, detail, { statusCode });
  if (statusCode < 200 || statusCode > 599) {
    return failure('INVALID_RESPONSE', `The target answered with status ${statusCode}, which HTTP does not have.`);
  }
  if (statusCode < 300) return undefined;
  if (statusCode < 400) {
    return failure(
      'REDIRECTION',
      `The answer was a redirect to another address (${statusCode}), which is never followed.`,
    );
  }
  if (withAuth && (statusCode === 401 || statusCode === 407)) {
    return failure('AUTHENTICATION_FAILURE', `The target did not accept the credentials: it answered ${status}.`);
  }
  return failure(statusCode < 500 ? 'CLIENT_ERROR' : 'SERVER_ERROR', `The target answered ${status}.`);
}
