/**
 * The job as a Temporal workflow with two activities, and nothing else.
 * @module
 */
import { proxyActivities } from '@temporalio/workflow';
import type { activities } from './activities.js';

const { lookUp, flowEnd } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

/** One call. */
export async function job(call: string): Promise<void> {
  const status = await lookUp(call);
  await flowEnd(call, status === 'sent' ? 'sent' : 'other');
}
