/**
 * Looks, for ever, for calls that were ended from outside and left something to do: one workflow for all calls, so that it
 * continues wherever a worker is. Contract E2.
 * @module
 */
import { continueAsNew, proxyActivities, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';

/** Between two looks. The flow end of what is found has to be sent within two minutes of its end. */
const EVERY = '30 seconds';

const { findEndedCalls } = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** The reconciler. `since`, ISO 8601, is set by the run before. */
export async function reconciler(since?: string): Promise<void> {
  let from = since ?? null;
  for (;;) {
    const { nextSince, found } = await findEndedCalls(from);
    from = nextSince;
    setCurrentDetails(found === 0 ? 'nothing found' : `${found} calls that were ended from outside`);
    await sleep(EVERY, { summary: 'until the next look' });
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof reconciler>(from);
  }
}
