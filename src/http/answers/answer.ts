/**
 * What a target answered. Types only. Contract R8.
 * @module
 */
import type { AnswerBody } from './read.js';

/** What a target answered. */
export interface Answer {
  statusCode: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: AnswerBody;
  /** Seconds that the target asks to wait before another attempt. Contract H4, E5. */
  retryAfter?: number;
}
