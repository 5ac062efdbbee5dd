/**
 * What a failed test shows of its calls.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { callProgress } from '../../src/calls/read-call.js';

/** Milliseconds for a call to answer: one whose server stands still, or whose rig is closed, never does. */
const ANSWER_MS = 5000;

/** Prints the timeline of a call on stderr, a line an event. */
export async function printTimeline(handle: WorkflowHandle): Promise<void> {
  const progress = await Promise.race([callProgress(handle), pause(ANSWER_MS, null)]).catch(() => null);
  const lines = progress?.timeline.map((event) => `  ${JSON.stringify(event)}`) ?? ['  it does not answer'];
  process.stderr.write(`timeline of ${handle.workflowId}:\n${lines.join('\n')}\n`);
}
