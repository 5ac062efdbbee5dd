/**
 * What a request came to, as it is shown outside of its call. Contract V7.
 * @module
 */
import { MASK } from '../flow/values/mask.js';
import { writtenBySensitive } from '../flow/values/sensitive.js';
import type { RequestOutcome } from './webhook-task.js';

/**
 * The outcome with what is sensitive masked: what sensitive rows wrote, and with them the answer, which holds it; answer and
 * detail of a request that held a sensitive value, which they may repeat.
 *
 * @param rows by which the answer was written
 * @param held whether the request held a sensitive value
 */
export function maskedOutcome(
  outcome: RequestOutcome,
  rows: readonly { saveIn: string; sensitive?: boolean }[],
  held: boolean,
): RequestOutcome {
  const isSensitive = writtenBySensitive(rows);
  const answer = held || rows.some(({ sensitive }) => sensitive);
  return {
    ...outcome,
    ...(answer && outcome.raw !== undefined && { raw: MASK }),
    ...(held && outcome.detail !== undefined && { detail: MASK }),
    rows: outcome.rows.map(([name, value]) => [name, value !== null && isSensitive(name) ? MASK : value]),
  };
}
