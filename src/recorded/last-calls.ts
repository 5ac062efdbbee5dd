/**
 * Finding the calls of a flow that ended last.
 * @module
 */
import type { Client } from '@temporalio/client';
import { CALL_WORKFLOW } from '../telephony/start.js';
import { searchAttributes } from '../engine/search-attributes.js';

/** The most calls that are looked for. */
export const MOST_CALLS = 1000;

/** Workflow ids of the calls of a flow that ended last, the newest first; without an account those of all accounts. */
export async function lastCalls(
  client: Client,
  { flow, account, count }: { flow: string; account?: number | undefined; count: number },
): Promise<string[]> {
  const query = [
    `WorkflowType = '${CALL_WORKFLOW}' AND ExecutionStatus NOT IN ('Running', 'ContinuedAsNew')`,
    `${searchAttributes.flow.name} = '${flow}'`,
    ...(account === undefined ? [] : [`${searchAttributes.account.name} = '${account}'`]),
  ].join(' AND ');
  // A call that was reset has several runs; its id gives the newest.
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: count })) {
    ids.add(workflowId);
    if (ids.size >= count) break;
  }
  return [...ids];
}
