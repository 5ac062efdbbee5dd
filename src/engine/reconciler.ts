/**
 * The names under which calls that were ended from outside are looked for and looked after. Contract E2.
 * @module
 */

/** Workflow types, the id of the first, of which there is one, and the query that a closed call answers with what is left to do. */
export const RECONCILER = {
  workflow: 'reconciler',
  id: 'reconciler',
  ofCall: 'reconcileCall',
  unfinished: 'remains',
} as const;

/** A call that was closed while no code of ours ran. */
export interface EndedCall {
  /** Its workflow id. */
  call: string;
  runId: string;
  /** `cancelled`: terminated; `timedOut`: closed by one of Temporal's own time-outs. Contract D4. */
  outcome: 'cancelled' | 'timedOut';
  /** ISO 8601. */
  closedAt: string;
}

/** What one look for such calls found. */
export interface Look {
  /** From where on the next look has to search: ISO 8601. */
  nextSince: string;
  /** Calls that somebody now looks after. */
  found: number;
}
