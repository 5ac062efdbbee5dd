/**
 * Starting calls from TypeScript. Contract B1, C5.
 * @module
 */
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import { shareOf } from './call-gate.js';
import { callWorkflowId } from './call-id.js';
import { watchedNode } from './watched-node.js';
import { CALL_TASK_QUEUE, CALL_WORKFLOW, type CallInput } from '../telephony/start.js';
import { searchAttributes } from '../engine/search-attributes.js';

/** A start whose account and flow are known by their ids. */
export type StartedCall = CallInput & { account: number | { id: number }; flow: { id: string } };

/** How a call is started. */
export interface StartOptions {
  /** Default `hookline`. */
  taskQueue?: string;
  /** Whether the call can be found by account and flow from its start, default true; false on a server that does not know our search attributes. */
  searchAttributes?: boolean;
  /** Whether calls of a watched node can be found from their start, default false: such a call then sets the attribute itself. Contract B8. */
  findsBridges?: boolean;
}

/**
 * Starts a call, or gives the one that already runs under its id: starting twice gives one call. Contract C5.
 * @throws WorkflowExecutionAlreadyStartedError when the call of this id has ended.
 */
export async function startCall(
  client: Client,
  input: StartedCall,
  options: StartOptions = {},
): Promise<WorkflowHandle> {
  const account = typeof input.account === 'number' ? input.account : input.account.id;
  const { watched } = input.bridge;
  const typedSearchAttributes: SearchAttributePair[] = [
    { key: searchAttributes.account, value: String(account) },
    { key: searchAttributes.flow, value: input.flow.id },
    ...(options.findsBridges && watched !== undefined
      ? [{ key: searchAttributes.bridge, value: watchedNode(input.bridge, watched) }]
      : []),
  ];
  return client.workflow.start(CALL_WORKFLOW, {
    workflowId: callWorkflowId(account, input.bridge.id, input.call.id),
    taskQueue: options.taskQueue ?? CALL_TASK_QUEUE,
    ...(options.searchAttributes !== false && { typedSearchAttributes }),
    args: [input],
    staticSummary: `flow ${input.flow.id}`,
    ...shareOf(account),
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    // A task that went to a worker that died is given to another after two seconds instead of ten.
    workflowTaskTimeout: '2 seconds',
  });
}
