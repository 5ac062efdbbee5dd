/**
 * The names under which the desk of an account's outbound calls is reached, and what its one activity returns. Contract F1.
 * @module
 */

/** Workflow type and signal. */
export const OUTBOUND_DESK = { workflow: 'outboundDesk', wake: 'wake' } as const;

/** How an account's outbound calls stand after a look at them. */
export interface OutboundStanding {
  /** Placed by this look. */
  placed: number;
  underWay: number;
  waiting: number;
  /** Milliseconds until the next look; null when nothing is left to do. */
  againInMs: number | null;
}
