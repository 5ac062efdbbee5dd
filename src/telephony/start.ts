/**
 * How a call is started: the one JSON argument of the workflow `call`. Contract B1.
 * @module
 */

/** The workflow type of a call. */
export const CALL_WORKFLOW = 'call';
/** The query of a call that gives the keys of the widgets entered so far, in order. */
export const PATH_QUERY = 'path';
/** The task queue on which calls run. */
export const CALL_TASK_QUEUE = 'hookline';
/** The leg that a call begins with. Contract B2. */
export const FIRST_LEG = '1';

/** The fact of a call that we place which may be sensitive. Contract V7. */
export const CALLEES_NUMBER = '$call.dnis.number';

/** What a bridge does beyond what each must do. Its engineer switches it on, once no worker is left that refuses the field. */
export interface BridgeAbilities {
  /** `sequence`: it takes several commands in one. Contract B7. */
  can?: 'sequence'[];
  /** The epoch of a node that is watched as a whole. Contract B8. */
  watched?: string;
}

/** The bridge node that holds the media: the task queue on which it takes commands, or its URL. Contract B1, B6. */
export type BridgeNode = { id: string; taskQueue: string } | { id: string; url: string };

/** The argument of the workflow `call`; plain JSON, so that any client can start one. */
export interface CallInput {
  /** An account's id, or its whole document. */
  account: unknown;
  /** A flow document, or the id (and version) of a stored one. */
  flow: unknown;
  call: {
    /** The bridge's own id of the call. */
    id: string;
    direction: 'inbound' | 'outbound';
    from: string;
    to: string;
    /** ISO 8601. */
    startedAt: string;
    /** The call's UUID, for calls that were announced before they are placed. Default: one is made. */
    uuid?: string;
  };
  /** Values that are set before the first widget, by full name: `"$flow.key.NAME"`. */
  variables?: Record<string, unknown>;
  /** The names of those whose values are sensitive, and `$call.dnis.number` where the number that we call is. Contract V7. */
  sensitive?: string[];
  /** The bridge node that holds the media, with what it does beyond what each must do. Contract B6. */
  bridge: BridgeNode & BridgeAbilities;
  /**
   * The engine itself places the call: the callee's numbers, tried in turn, each for so many seconds (default 30). `detectMachine`: it
   * is found out who answers (`$call.answeredBy`), with `waitForBeep` once a machine's greeting is over.
   */
  dial?: { numbers: string[]; ringSeconds?: number; detectMachine?: boolean; waitForBeep?: boolean };
}
