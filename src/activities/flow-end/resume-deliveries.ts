/**
 * Resuming deliveries that wait for an endpoint which is back. Contract E5.
 * @module
 */
import { Context, getClient } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { type Endpoint, RESUME_DELIVERIES } from '../../engine/deliveries.js';
import { flowEndId } from '../../engine/flow-end-target.js';
import type { Store } from '../../store/store.js';

/** Milliseconds between two that are resumed. */
const GAP_MS = 200;
/** Deliveries that one activity resumes. */
const PAGE = 50;

/**
 * Makes the activity that resumes a page of them, five a second. It returns the number after which the next page begins, null
 * when there is nothing left, or the endpoint is paused again.
 */
export function createResumeDeliveries(source: (() => Promise<Store>) | undefined) {
  return async function wakeDeliveries(endpoint: Endpoint, after: number): Promise<number | null> {
    if (!source) return null;
    const client = getClient();
    const store = await source();
    const waiting = await store.deliveries.pendingAt(endpoint, after, PAGE);
    const standing = await store.endpoints.get(endpoint);
    const last = waiting.at(-1);
    if (!last || standing?.pausedAt) return null;
    for (const { call } of waiting) {
      await resume(client, call);
      await Context.current().sleep(GAP_MS);
    }
    return last.seq;
  };
}

async function resume(client: Client, call: string): Promise<void> {
  try {
    await client.workflow.getHandle(flowEndId(call)).signal(RESUME_DELIVERIES.resume);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
