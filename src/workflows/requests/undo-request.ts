/**
 * One undo request as an activity. Contract H10, H4.
 * @module
 */
import { ActivityFailure, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { UndoItem } from '../../engine/undo-task.js';
import { PROMPT_RETRY } from '../prompt-retry.js';

/** Seconds that one attempt has. */
export const ATTEMPT = 10;
/** Beyond that, in milliseconds: time for a worker to take it, and to report the time-out itself. */
const SLACK_MS = 5000;

const { webhook } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '3 seconds',
  retry: PROMPT_RETRY,
});

/** Sends one request once. Null when it was taken by any 2xx, else why not. @param timeout in seconds */
export async function undoOnce(item: UndoItem, timeout = ATTEMPT): Promise<string | null> {
  const { widget, ...task } = item;
  const how = { response: { type: 'none' }, retry: { attempts: 1, resend: true }, settledBy: 'status' } as const;
  const options = { summary: `undo of ${widget}`, scheduleToCloseTimeout: timeout * 1000 + SLACK_MS };
  try {
    const outcome = await webhook.executeWithOptions(options, [{ ...task, ...how, timeout, waited: true }]);
    if (outcome.line === 'success') return null;
    return outcome.statusCode === undefined ? (outcome.reason ?? 'failed') : `status ${outcome.statusCode}`;
  } catch (error) {
    if (error instanceof ActivityFailure) return 'no worker finished it in time';
    throw error;
  }
}
