/**
 * Whether a bridge is there that takes commands. Contract B5.
 * @module
 */
import type { Client } from '@temporalio/client';
import { HooklineError } from '../flow/errors.js';

/** `temporal.api.enums.v1.TaskQueueType`. */
const ACTIVITIES = 2;

/** @throws {HooklineError} NO_BRIDGE when nobody takes activities from the task queue */
export async function requireBridge(
  client: Client,
  namespace: string,
  taskQueue: string,
  address: string,
): Promise<void> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: ACTIVITIES,
  });
  if (pollers && pollers.length > 0) return;
  throw new HooklineError(
    'NO_BRIDGE',
    `No bridge takes commands from task queue ${taskQueue} at ${address}. For one to try: hookline bridge simulate --task-queue ${taskQueue}`,
  );
}
