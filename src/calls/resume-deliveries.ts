/**
 * Starts the workflow that resumes the deliveries to an endpoint that is back. Contract E5.
 * @module
 */
import type { Client } from '@temporalio/client';
import { type Endpoint, RESUME_DELIVERIES } from '../engine/deliveries.js';

/** An endpoint that was paused, and is no longer. */
type Freed = Endpoint & { id: number };

/** Resumes all that wait for an endpoint: `id` is that of its row, which is gone by then. */
export async function startResume(client: Client, taskQueue: string, { id, accountId, url }: Freed): Promise<void> {
  await client.workflow.start(RESUME_DELIVERIES.workflow, {
    workflowId: `release-deliveries-${id}`,
    taskQueue,
    args: [{ accountId, url } satisfies Endpoint],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'resumes flow ends that waited for an endpoint',
  });
}
