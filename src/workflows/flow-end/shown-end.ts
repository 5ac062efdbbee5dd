/**
 * What engineers see in Temporal of a call's end: attempt, host and outcome, in summaries and in a search attribute. Contract E5.
 * @module
 */
import type { EndOfCall } from '../../engine/end-task.js';
import type { DeliveryAttempt, FlowEndDelivery } from '../../engine/flow-end-task.js';

type Target = Pick<FlowEndDelivery, 'webhook'>;

/** Of the activity: what it does, and whither. */
export function endSummary({ record, target }: EndOfCall): string {
  const parts = [record && 'the report of the call', target && `flow end to ${hostOf(target)}, attempt 1`];
  return parts.filter((part) => part !== null).join('; ');
}

/** Of the search attribute, when the call itself has delivered: `delivered: attempt 1, HOST, status 204`. */
export function deliveredAt(target: Target, attempt: number, { detail }: DeliveryAttempt): string {
  return `delivered: attempt ${attempt}, ${hostOf(target)}, ${detail}`;
}

/** Of the pause after an attempt that failed. The detail's first words are a status or a code. */
export function failedSummary(target: Target, attempt: number, { detail }: DeliveryAttempt): string {
  return `flow end: attempt ${attempt}, ${hostOf(target)}: ${/^[\w ]{1,60}/.exec(detail)?.[0] ?? 'failed'}; before the next attempt`;
}

/**
 * As the account wrote it. One that a template makes is not shown, nor one of over 200 characters: an attribute of PostgreSQL's
 * visibility store has 255, and the server refuses a summary of over 400 bytes.
 */
function hostOf({ webhook: { url } }: Target): string {
  return /^https?:\/\/(?:[^/?#@]*@)?([\w.:[\]-]{1,200})(?:[/?#]|$)/i.exec(url)?.[1] ?? 'its endpoint';
}
