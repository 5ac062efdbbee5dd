/**
 * Finding the calls that a bridge node has lost, and letting them know. Contract B8.
 * @module
 */
import { Context, getClient } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { grpcFailure } from '../calls/server-away.js';
import { BRIDGE_WATCH, type LostCalls } from '../engine/bridge-watch.js';
import { searchAttributes } from '../engine/search-attributes.js';
import { CALL_WORKFLOW } from '../telephony/start.js';
import { keepBeating } from './heartbeat.js';

/** Calls that are signalled at a time. */
const AT_ONCE = 50;
/** What may stand in a query as it is: a node is a hash, an epoch has no quotes. */
const PLAIN = /^[A-Za-z0-9._:-]+$/;

/** How many calls are lost. */
export async function countLostCalls(lost: LostCalls): Promise<number> {
  return (await getClient().workflow.count(queryOf(lost))).count;
}

/** Signals each lost call, which then ends; gives how many were signalled. Safe to repeat. */
export async function endLostCalls(lost: LostCalls): Promise<number> {
  const context = Context.current();
  const stopBeating = keepBeating(context, () => context.heartbeat());
  try {
    const client = getClient();
    let signalled = 0;
    let batch: Promise<void>[] = [];
    for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query: queryOf(lost) })) {
      const node = typedSearchAttributes.get(searchAttributes.bridge);
      if (node === undefined) continue;
      signalled += 1;
      if (batch.push(signal(client, workflowId, node)) < AT_ONCE) continue;
      await Promise.all(batch);
      batch = [];
    }
    await Promise.all(batch);
    return signalled;
  } finally {
    stopBeating();
  }
}

function queryOf({ node, except, since, before }: LostCalls): string {
  if (!PLAIN.test(node) || !PLAIN.test(except ?? '-')) throw new RangeError('A node or an epoch has a strange name.');
  const { name } = searchAttributes.bridge;
  return [
    `WorkflowType = '${CALL_WORKFLOW}' AND ExecutionStatus = 'Running'`,
    `${name} STARTS_WITH '${node}.'`,
    ...(except === null ? [] : [`${name} != '${node}.${except}'`]),
    ...(since === null ? [] : [`StartTime >= '${since}'`]),
    `StartTime < '${before}'`,
  ].join(' AND ');
}

/** A call that has closed meanwhile needs no signal; one that takes no more of them finds out by its next command. */
async function signal(client: Client, workflowId: string, node: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal(BRIDGE_WATCH.lost, node);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || /limit for signal events/.test(grpcFailure(error)?.details ?? ''))
      return;
    throw error;
  }
}
