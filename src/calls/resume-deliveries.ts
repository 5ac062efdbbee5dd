/**
 * Starts the workflow that resumes the deliveries to an endpoint that is back. Contract E5.
 * @module
 */
import type { Client } from '@temporalio/client';
import { type Endpoint, RELEASE } from '../engine/deliveries.js';

/** An endpoint that was paused, and is not any more. */
type Freed = Endpoint & { id: number };

/** Starts waking all that wait for an endpoint: `id` is that of its row, which is gone by then. */
export async function startRelease(client: Client, taskQueue: string, { id, accountId, url }: Freed): Promise<void> {
  await client.workflow.start(RELEASE.workflow, {
    workflowId: `release-deliveries-${id}`,
    taskQueue,
    args: [{ accountId, url } satisfies Endpoint],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'wakes flow ends that waited for an endpoint',
  });
}
