/**
 * A span as the engine reports it. Types only.
 * @module
 */
import type { SpanPlace } from './trace-ids.js';

/** Something that took time. No attribute is a number of a person, a body, a path, a query or a secret. Contract C6. */
export interface Span extends SpanPlace {
  name: string;
  spanId: string;
  /** `client`: it waited for another system. */
  kind: 'internal' | 'client';
  /** Milliseconds since 1970. */
  start: number;
  end: number;
  /** Of what went wrong: a code, a reason or a status; null when nothing did. */
  error: string | null;
  attributes: Readonly<Record<string, string | number>>;
}

/** Takes a span that has ended. */
export type RecordSpan = (span: Span) => void;
