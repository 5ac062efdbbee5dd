/**
 * What a call that was ended from outside leaves to be done. Types only. Contract E2.
 * @module
 */
import type { CallInput } from '../telephony/start.js';
import type { CallRecord } from './call-record.js';
import type { FlowEndFacts, FlowEndPayload, LegFacts } from './call-report.js';
import type { FlowEndDelivery } from './flow-end-task.js';
import type { SequenceUnderWay } from './listed.js';
import type { UndoItem } from './undo-task.js';
import type { OpenedCall } from './opened-call.js';

/** What is left to be done for a call: its legs, its flow end, its report. */
export interface UnfinishedCall {
  bridge: CallInput['bridge'];
  /** The bridge's own id of the call. */
  callId: string;
  /** All legs; those that are live have facts as if they ended now. */
  legs: { name: string; live: boolean; facts: LegFacts }[];
  /** Null where there is none to send, or it has been delivered. */
  flowEnd: UnfinishedFlowEnd | null;
  /** Null where there is no store, or no UUID of the call. `endedAt` is null when the flow was not over. */
  record: UnfinishedRecord | null;
  /** The sequence that was out; left out: none. Contract B7. */
  sequence?: SequenceUnderWay;
  /** What is to be undone after either outcome that such a call has; left out: nothing. Contract H10. */
  undo?: { cancelled: UndoItem[]; timedOut: UndoItem[] };
}

/** A flow end that may not have been sent: with its payload, where the call made it, else with what goes into it. */
export type UnfinishedFlowEnd = {
  delivery: Omit<FlowEndDelivery, 'payload'>;
  /** Whether the server knows our search attributes. */
  searchable: boolean;
} & ({ payload: FlowEndPayload } | { facts: Omit<FlowEndFacts, 'legs'> });

/** A report without what may be large. */
export type UnfinishedRecord = Omit<CallRecord, 'path' | 'persisted' | 'error' | 'endedAt'> & {
  endedAt: string | null;
  /** The flow declares undo, and the call could not say what is due: nothing is undone. Contract H10. */
  undoUnknown?: true;
};

/** What a look at a closed call gave. `superseded`: it was reset, and its newest run looks after itself. */
export type UnfinishedRead =
  { state: 'read'; remains: UnfinishedCall } | { state: 'superseded' } | { state: 'unreadable' };

/**
 * The start of a call and, unless it has to be refused, what it would have run with. That of a run which took over from
 * an earlier one has both in its input.
 */
export interface ReadStart {
  input: CallInput;
  opened: OpenedCall | null;
}
