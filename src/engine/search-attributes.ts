/**
 * The search attributes of a call, by which engineers find calls. Pure: workflow code upserts them.
 * A server must know them (see `temporal/register-search-attributes.ts`) before a workflow may set one.
 * @module
 */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** What can be searched for, each a keyword. */
export const searchAttributes = {
  /** The account's id. */
  account: defineSearchAttributeKey('HooklineAccount', SearchAttributeType.KEYWORD),
  /** The flow's id. */
  flow: defineSearchAttributeKey('HooklineFlow', SearchAttributeType.KEYWORD),
  /** The bridge node, by a hash, and its epoch: only of calls whose node is watched as a whole. Contract B8. */
  bridge: defineSearchAttributeKey('HooklineBridge', SearchAttributeType.KEYWORD),
  /** How the call ended: `completed`, `hungUp`, `failed`, `cancelled` or `timedOut`. */
  outcome: defineSearchAttributeKey('HooklineOutcome', SearchAttributeType.KEYWORD),
  /** The key of the widget that the call failed in. */
  failedWidget: defineSearchAttributeKey('HooklineFailedWidget', SearchAttributeType.KEYWORD),
  /** Where the delivery of the flow end stands. */
  delivery: defineSearchAttributeKey('HooklineDelivery', SearchAttributeType.KEYWORD),
};
