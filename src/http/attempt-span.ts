/**
 * The span of one attempt to send a request. Contract W8, C6.
 * @module
 */
import { attemptSpanId } from '../observability/trace-ids.js';
import type { RecordSpan } from '../observability/span.js';
import { WebhookFailure } from './reasons.js';
import type { BuiltRequest } from './built-request.js';
import type { Answer } from './answers/answer.js';

/** Sends within a span of its own, whose id the target gets. */
export async function inSpan(
  built: BuiltRequest,
  record: RecordSpan | undefined,
  send: (spanId: string) => Promise<Answer>,
): Promise<Answer> {
  const spanId = attemptSpanId();
  const start = Date.now();
  const ended = (error: string | null, statusCode: number | undefined) =>
    record?.({
      ...{
        name: `${built.purpose} ${built.method}`,
        kind: 'client',
        ...built.trace,
        spanId,
        start,
        end: Date.now(),
        error,
      },
      attributes: {
        'http.request.method': built.method,
        'server.address': built.host,
        ...(statusCode !== undefined && { 'http.response.status_code': statusCode }),
      },
    });
  try {
    const answer = await send(spanId);
    ended(answer.statusCode >= 300 ? String(answer.statusCode) : null, answer.statusCode);
    return answer;
  } catch (error) {
    if (error instanceof WebhookFailure) ended(error.reason, error.statusCode);
    else ended('cancelled', undefined);
    throw error;
  }
}
