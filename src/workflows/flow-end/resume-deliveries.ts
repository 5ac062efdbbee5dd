/**
 * Resumes the deliveries that wait for an endpoint, now that it is back, at a limited rate. Contract E5.
 * @module
 */
import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { Endpoint } from '../../engine/deliveries.js';

const { wakeDeliveries } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  // A delivery that is not resumed continues by its own gaps.
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** Resumes them page by page, oldest first. `from` is set by the run before. */
export async function resumeDeliveries(endpoint: Endpoint, from = 0): Promise<void> {
  let next: number | null = from;
  while (next !== null) {
    next = await wakeDeliveries(endpoint, next);
    if (next !== null && workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof resumeDeliveries>(endpoint, next);
  }
}
