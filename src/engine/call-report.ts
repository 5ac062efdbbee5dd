/**
 * What a call leaves behind: its report, its timeline, and the facts of its flow end. Contract D4, E3, E4.
 * Types only.
 * @module
 */
import type { CallErrorCode } from '../flow/errors.js';
import type { WidgetType } from '../flow/widgets/index.js';

/** How a call ended. Contract D4. */
export type Outcome = 'completed' | 'hungUp' | 'failed' | 'cancelled' | 'timedOut';

/** One widget that was entered, and the line it left by; null for one that was cut. */
export interface PathEntry {
  widget: string;
  type: WidgetType;
  line: string | null;
  lineNumber: number | null;
}

/** State of the flow-end webhook. */
export interface FlowEndState {
  delivered: boolean;
  attempts: number;
  payload: FlowEndPayload;
}

/** The report of a call. Contract D4. */
export interface CallReport {
  call: string;
  outcome: Outcome;
  path: PathEntry[];
  variables: Record<string, string>;
  persisted: Record<string, string>;
  flowEnd: FlowEndState | null;
  error: { code: CallErrorCode; message: string; widget: string | null } | null;
  /** What the undo requests of the call came to; left out where none was declared. Contract H10. */
  undo?: ReportedUndo[];
}

/** One moment of a call, for people. */
export interface TimelineEntry {
  /** Milliseconds since 1970, by the server's clock. */
  at: number;
  kind: 'widget' | 'line' | 'heard' | 'webhook' | 'hold' | 'leg' | 'flowEnd' | 'note';
  text: string;
}

/** Answer of the query `progress`: the call as it is now. */
export interface CallProgress {
  /** `ended` once the line is released and all branches have run; the flow end may still be on its way. */
  state: 'running' | 'ended' | 'settled';
  report: CallReport | null;
  timeline: TimelineEntry[];
}

/** One party's connection, as the flow end reports it. Times are ISO 8601. */
export interface LegFacts {
  calleeType: 'VISITOR' | 'AGENT';
  cdrId: string;
  otherNumber: string;
  ourNumber: string;
  incoming: boolean;
  startTime: string;
  connectTime: string | null;
  endTime: string;
  cause: number;
  remoteHangup: boolean;
}

/** Everything that a flow end reports, before it takes its wire form. */
export interface FlowEndFacts {
  /** Undefined for a call that never had one: it was ended from outside before its first step. */
  uuid?: string | undefined;
  timeZone: string;
  legs: LegFacts[];
  keys: { name: string; value: string }[];
  recordings: { name: string; url: string }[];
  /** The call was ended from outside and can no longer report its variables. Contract E2. */
  partial?: true;
}

/** One element of `callDetails`. Contract E3. */
export interface CallDetails {
  calleeNumber: string;
  calleeType?: 'VISITOR' | 'AGENT';
  cdrId?: string;
  connectTime?: string;
  didNumber: string;
  duration: string;
  endTime: string;
  hangupCause: string;
  incoming?: boolean;
  remoteHangup?: boolean;
  startTime: string;
}

/** The body of the flow-end webhook. Contract E3. */
export interface FlowEndPayload {
  callDetails: CallDetails[];
  keys: { name: string; value: string }[];
  'phonon-uuid'?: string;
  partial?: true;
  recordingUrls?: { recordedFileName: string; recordedFilePublicPath: string }[];
}

/** What the report of a call says of one declared undo. Contract H10. */
export interface ReportedUndo {
  widget: string;
  visit: number;
  state: 'undone' | 'onItsWay' | 'kept';
}
