/**
 * What a call takes into its next run when it continues as new.
 * @module
 */
import type { CallLimits, OpenedCall } from '../engine/opened-call.js';
import type { PackedPath } from '../engine/packed-report.js';
import type { DeclaredUndo } from '../engine/undo-task.js';
import type { Assignment } from '../flow/values/variables.js';
import type { CallInput } from '../telephony/start.js';
import type { CarriedBridge } from './bridge/bridge.js';
import type { CarriedInbox } from './bridge/inbox.js';
import type { CarriedLegs } from './bridge/legs.js';
import type { CarriedAnswer } from './requests/asked-ahead.js';
import type { CarriedRecordings } from './bridge/recordings.js';

/** Where a call is in its flow: the keys of the `subflow` widgets around, from the outermost, then that of the next widget. */
export type FlowPosition = readonly [string, ...string[]];

/** An agent that no other call gets meanwhile. */
export interface ClaimedAgent {
  /** The agent's number. */
  agent: string;
  /** `<workflow id>/<n>`: a claim that is repeated gives the same agent. */
  claim: string;
}

/** The part of {@link CarriedCall} that is the state's own. */
export interface CarriedState {
  uuid: string;
  startedAt: number;
  variables: Assignment[];
  persisted: Assignment[];
  rawPersists: boolean;
  path: PackedPath;
  agents: ClaimedAgent[];
  claimed: number;
  waitedSeconds: number;
  /** Answers that wait to be collected; left out: none. Contract H9. */
  answers?: CarriedAnswer[];
  /** Undo requests that were declared; left out: none. Contract H10. */
  undos?: DeclaredUndo[];
}

/** All that a run of a call hands to the next; account and flow are in the input as documents. */
export interface CarriedCall extends Pick<
  OpenedCall,
  'clock' | 'endsAtOnce' | 'heartbeatTimeout' | 'sequences' | 'storedSubflows' | 'watched' | 'watchesGaps'
> {
  place: FlowPosition;
  state: CarriedState;
  legs: CarriedLegs;
  recordings: CarriedRecordings;
  inbox: CarriedInbox;
  bridge: CarriedBridge;
  limits: CallLimits;
  searchAttributes: boolean;
  keepsReport: boolean;
  flowVersion: number | null;
}

/** The argument of a run that is not the first of its call. */
export type CarriedInput = CallInput & { carried: CarriedCall };
