/**
 * Finding calls that were closed while no code of ours ran. Contract E2.
 * @module
 */
import { Context, activityInfo, getClient } from '@temporalio/activity';
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { type EndedCall, type Look, RECONCILER } from '../engine/reconciler.js';
import { CALL_WORKFLOW } from '../telephony/start.js';
import { keepBeating } from './heartbeat.js';

const HOUR = 3_600_000;
/** The first look of all goes back so far: somebody may have ended the reconciler together with the calls. */
const LOOK_BACK_MS = 24 * HOUR;
/** What is closed can be found some moments later only. */
const OVERLAP_MS = 5 * 60_000;
/** The priority of what looks after them; that of calls is 3. */
const BEHIND_CALLS = 4;
/** Calls that are handed over at a time. */
const AT_ONCE = 20;

/**
 * Finds the calls of this task queue that were closed since then, and gives each to a workflow of its own: one that it has
 * already is left alone, so that looks may overlap and be repeated.
 */
export async function findEndedCalls(since: string | null): Promise<Look> {
  const context = Context.current();
  const { scheduledTimestampMs, taskQueue } = context.info;
  const from = since ?? new Date(scheduledTimestampMs - LOOK_BACK_MS).toISOString();
  const stopBeating = keepBeating(context, () => context.heartbeat());
  try {
    const client = getClient();
    let found = 0;
    let batch: EndedCall[] = [];
    const handOver = async () => {
      found += (await Promise.all(batch.map((ended) => lookAfter(client, ended)))).filter(Boolean).length;
      batch = [];
    };
    for await (const ended of endedCalls(client, from, taskQueue)) {
      if (batch.push(ended) >= AT_ONCE) await handOver();
    }
    await handOver();
    return { nextSince: new Date(scheduledTimestampMs - OVERLAP_MS).toISOString(), found };
  } finally {
    stopBeating();
  }
}

async function* endedCalls(client: Client, since: string, taskQueue: string): AsyncGenerator<EndedCall> {
  const query = [
    ...[`WorkflowType = '${CALL_WORKFLOW}'`, `TaskQueue = '${taskQueue}'`],
    ...[`ExecutionStatus IN ('Terminated', 'TimedOut')`, `CloseTime >= '${since}'`],
  ].join(' AND ');
  for await (const { workflowId, runId, status, closeTime } of client.workflow.list({ query })) {
    const outcome = status.name === 'TIMED_OUT' ? 'timedOut' : 'cancelled';
    yield { call: workflowId, runId, outcome, closedAt: (closeTime ?? new Date()).toISOString() };
  }
}

/** Whether nobody has looked after the call before. */
async function lookAfter(client: Client, ended: EndedCall): Promise<boolean> {
  try {
    await client.workflow.start(RECONCILER.ofCall, {
      // A call that was reset has several runs, and each may be ended from outside.
      workflowId: `${ended.call}/reconcile/${ended.runId}`,
      taskQueue: activityInfo().taskQueue,
      args: [ended],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowTaskTimeout: '2 seconds',
      // Behind calls that somebody hears: thousands may have been ended at once.
      priority: { priorityKey: BEHIND_CALLS },
      staticSummary: 'a call that was ended from outside',
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
