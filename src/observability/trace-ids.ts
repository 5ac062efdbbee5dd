/**
 * Ids of traces and spans. They are computed from the ids of the call and its steps: each worker that continues a call
 * continues its trace, and nothing is kept for that. W3C Trace Context; contract W8.
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';

/** Where a span stands. */
export interface SpanPlace {
  traceId: string;
  /** The span around it; null for the call. */
  parentId: string | null;
}

/** The trace of a call. @param call its workflow id */
export function traceIdOf(call: string): string {
  return hash(`trace ${call}`, 32);
}

/** The span of a call, by its workflow id, or of a widget, by the idempotency key `<workflow id>/<widget>/<visit>`. */
export function spanIdOf(key: string): string {
  return hash(`span ${key}`, 16);
}

/** The span of one attempt: another each time. */
export function attemptSpanId(): string {
  return randomBytes(8).toString('hex');
}

function hash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
