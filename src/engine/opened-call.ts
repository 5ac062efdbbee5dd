/**
 * What a call runs with from its first moment on, and its limits. Contract C2, C3.
 * @module
 */
import type { Account } from '../flow/documents/account.js';
import type { Flow } from '../flow/documents/flow.js';
import type { CallClock } from './call-clock.js';
import type { StoredSubflow } from './stored-subflow.js';

/** Limits of a call, the same for all calls of a worker. */
export interface CallLimits {
  /** Widget executions in a call, default 1,000. Contract C3. */
  maxWidgets: number;
  /** Length of a call in seconds, default 4 hours. Contract C3. */
  maxCallSeconds: number;
  /** Milliseconds without an answer after which the hold tune starts, default 300. Contract H2. */
  holdAfterMs: number;
  /** Seconds without a command after which the bridge is asked whether it is there, default 120. Contract B5. */
  statusEverySeconds: number;
  /** Seconds that a caller waits for webhooks, functions and messages in all, over the whole call; default null, without end. Contract R3. */
  waitBudgetSeconds: number | null;
  /** Events in a history after which the call continues as new, default 1,000. Calls of releases before 0.4 never do. */
  renewAfterEvents?: number;
}

/** The limits of a worker that sets none. */
export const DEFAULT_LIMITS: CallLimits = {
  maxWidgets: 1000,
  maxCallSeconds: 4 * 3600,
  holdAfterMs: 300,
  statusEverySeconds: 120,
  waitBudgetSeconds: null,
  renewAfterEvents: 1000,
};

/** What a call runs with, fixed from its first moment on. Contract C2. */
export interface OpenedCall {
  flow: Flow;
  account: Account;
  /** Values set before the first widget, by full name. */
  variables: Record<string, string>;
  /** The names of those whose values are sensitive; left out: none. Contract V7. */
  sensitive?: string[];
  limits: CallLimits;
  /** Whether the server knows our search attributes. */
  searchAttributes: boolean;
  /** The version of the flow, when it came from the store. */
  flowVersion?: number;
  /** Set when there is a store, in which the call's report is kept. */
  keepsReport?: true;
  /** Seconds without a heartbeat after which a request of the call counts as lost. Calls of releases before 0.6: 3. */
  heartbeatTimeout?: number | undefined;
  /** True since 0.6: the silence of a bridge is measured only while no command is under way. Contract B5. */
  watchesGaps?: boolean | undefined;
  /**
   * `<node>.<epoch>` of a bridge node that is watched as a whole: the call has no heartbeats and asks for no status, and is found
   * by this search attribute. Left out: the bridge did not ask for it, or the server does not know the attribute. Contract B8.
   */
  watched?: string | undefined;
  /** Set when the bridge takes sequences of commands. Contract B7. */
  sequences?: true;
  /** The stored flows that it runs as subflows; left out: none. Contract C2, D2c. */
  storedSubflows?: StoredSubflow[] | undefined;
  /** What `$sys` needs; left out: the flow has no use of it. Contract V1. */
  clock?: CallClock | undefined;
  /** Set since 0.7 for a call with a report or a flow end: it ends in one activity. Contract E5. */
  endsAtOnce?: true;
}
