/**
 * One flow end on its way, as workflows, activities and the API pass it on. Types only. Contract E5.
 * @module
 */
import type { Account } from '../flow/documents/account.js';
import type { FlowEndPayload } from './call-report.js';
import type { TargetRules } from './webhook-task.js';

/** One flow end on its way: the payload, where it goes, and its stable id. Contract E5. */
export interface FlowEndDelivery {
  /** The same over retries and replays. */
  webhookId: string;
  webhook: NonNullable<Account['defaultWebhook']>;
  payload: FlowEndPayload;
  rules: TargetRules;
  /** Set when there is a store, which keeps how the delivery goes. */
  record?: DeliveryRecord;
  /** The call itself has not tried: the first attempt does not wait. */
  atOnce?: true;
  /** What the call was answered when the endpoint is gone for good (410): there is no further attempt. */
  gone?: string;
  /** Seconds that the target asked the call to wait. */
  retryAfter?: number;
  /**
   * Of the attempt that is made now. `call`: the call itself makes it, which it does not at a paused endpoint; `last`: the
   * last one before the dead letter, made at a paused endpoint, too.
   */
  phase?: 'call' | 'last';
}

/** What the record of a delivery begins with. */
export interface DeliveryRecord {
  /** Workflow id of the call. */
  call: string;
  /** Attempts that were made before. */
  attempts: number;
  /** A dead letter that is sent again: the first attempt does not wait. */
  replayed?: true;
}

/** What one attempt gave. */
export interface DeliveryAttempt {
  delivered: boolean;
  /** The status, or why there is none, in words. */
  detail: string;
  /** Seconds that the target asked to wait, from `Retry-After`. */
  retryAfter?: number;
  /** The endpoint is gone for good (410): no further attempt is made. */
  gone?: true;
  /** Nothing was sent: the endpoint is paused, and another delivery tries whether it is back. */
  paused?: true;
  /** Seconds until the next attempt, in place of a growing gap: this delivery tries whether its endpoint is back. */
  again?: number;
}
