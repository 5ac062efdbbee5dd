/**
 * Waking deliveries that wait for an endpoint which is back. Contract E5.
 * @module
 */
import { Context, getClient } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { type Endpoint, RELEASE } from '../engine/deliveries.js';
import type { Store } from '../store/store.js';

/** Milliseconds between two that are woken. */
const GAP_MS = 200;
/** Deliveries that are woken by one activity. */
const PAGE = 50;

/**
 * Makes the activity that wakes a page of them, five a second; it gives the place behind which the next one goes on, null
 * when there is nothing left, or the endpoint is paused again.
 */
export function createWakeDeliveries(source: (() => Promise<Store>) | undefined) {
  return async function wakeDeliveries(endpoint: Endpoint, after: number): Promise<number | null> {
    if (!source) return null;
    const client = getClient();
    const store = await source();
    const waiting = await store.deliveries.pendingAt(endpoint, after, PAGE);
    const standing = await store.endpoints.get(endpoint);
    const last = waiting.at(-1);
    if (!last || standing?.pausedAt) return null;
    for (const { call } of waiting) {
      await wake(client, call);
      await Context.current().sleep(GAP_MS);
    }
    return last.seq;
  };
}

async function wake(client: Client, call: string): Promise<void> {
  try {
    await client.workflow.getHandle(`${call}/flow-end`).signal(RELEASE.resume);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
