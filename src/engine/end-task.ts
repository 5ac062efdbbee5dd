/**
 * The end of a call as its workflow hands it to one activity. Types only. Contract E3, E5, R9.
 * @module
 */
import type { CallRecord } from './call-record.js';
import type { FlowEndFacts, FlowEndPayload } from './call-report.js';
import type { DeliveryAttempt, FlowEndDelivery } from './flow-end-task.js';

/** What there is to do. */
export interface EndOfCall {
  /** Null without a store. */
  record: CallRecord | null;
  /** Null, as `target`, for a flow without a flow end. */
  facts: FlowEndFacts | null;
  target: Omit<FlowEndDelivery, 'payload'> | null;
}

/** What was done; null instead: a local activity found that the endpoint was not quick lately, and left everything to a regular one. */
export interface EndedAtOnce {
  /** Whether the store has the report. */
  recorded: boolean;
  payload: FlowEndPayload | null;
  /** The first attempt; null for a flow without a flow end. */
  attempt: DeliveryAttempt | null;
}
