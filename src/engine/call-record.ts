/**
 * The report of a call on its way to the store. Types only. Contract D4, R9.
 * @module
 */
import type { Outcome, PathEntry } from './call-report.js';
import type { PackedPath } from './packed-report.js';

/** A report on its way to the store; times are ISO 8601. */
export interface CallRecord {
  accountId: number;
  /** Workflow id of the call. */
  call: string;
  flowId: string;
  /** Null when the flow came as a document. */
  flowVersion: number | null;
  uuid: string;
  direction: 'inbound' | 'outbound';
  from: string;
  to: string;
  startedAt: string;
  endedAt: string;
  outcome: Outcome;
  error: { code: string; message: string; widget: string | null } | null;
  path: PathEntry[] | PackedPath;
  /** What widgets with `persist` wrote. */
  persisted: Record<string, string>;
  /** Whether the engine placed the call. */
  placed: boolean;
}
