/**
 * What engineers find calls by. Each write costs the server as much as a step, so there are few.
 * @module
 */
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { CallState } from '../call-state.js';
import { searchAttributes } from '../../engine/search-attributes.js';

/** Account, flow and watched node; our own starters have set them already. */
export function markStart(state: CallState): void {
  if (!state.searchAttributes) return;
  const { typedSearchAttributes: known } = workflowInfo();
  const { watched } = state;
  const missing = [
    ...(known.get(searchAttributes.flow) === undefined
      ? [
          { key: searchAttributes.account, value: String(state.account.id) },
          { key: searchAttributes.flow, value: state.flow.id },
        ]
      : []),
    ...(watched === undefined || known.get(searchAttributes.bridge) === watched
      ? []
      : [{ key: searchAttributes.bridge, value: watched }]),
  ];
  if (missing.length > 0) upsertSearchAttributes(missing);
}

/**
 * How the call ended, and the widget that failed it.
 * @param delivery how the flow end was delivered, when that is known
 */
export function markOutcome(state: CallState, delivery?: string): void {
  if (!state.searchAttributes) return;
  const { outcome, error } = state.report();
  upsertSearchAttributes([
    { key: searchAttributes.outcome, value: outcome },
    ...(error?.widget ? [{ key: searchAttributes.failedWidget, value: error.widget }] : []),
    ...(delivery === undefined ? [] : [{ key: searchAttributes.delivery, value: delivery }]),
  ]);
}

/** The delivery of the flow end continues in a workflow of its own, is a dead letter already, or is done. */
export function markDelivery(state: CallState, value: string): void {
  if (state.searchAttributes) upsertSearchAttributes([{ key: searchAttributes.delivery, value }]);
}
