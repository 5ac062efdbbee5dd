/**
 * Replay of calls that a test ran: a workflow that takes other decisions the second time would be lost with its worker.
 * @module
 */
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { callSinks } from '../../src/temporal/call-sinks.js';

type History = temporal.api.history.v1.IHistory;
type Event = temporal.api.history.v1.IHistoryEvent;

/** A run of a workflow, by default its latest. */
interface Run {
  workflowId: string;
  runId?: string;
}

/** What a replay reads: a history, under the id that its requests and children are named by. */
interface RecordedRun {
  workflowId: string;
  history: History;
}

/**
 * Replays these workflows, their earlier runs and their children.
 * @param codePath file of the bundle that they ran in
 * @throws when one takes another decision than it took
 */
export async function replayAll(client: Client, codePath: string, workflowIds: Iterable<string>): Promise<void> {
  const options = { workflowBundle: { codePath }, sinks: callSinks(undefined) };
  const runs = recordedRuns(client, [...workflowIds]);
  for await (const { workflowId, error } of Worker.runReplayHistories(options, runs)) {
    if (error) throw new Error(`${workflowId} takes other decisions when it is replayed`, { cause: error });
  }
}

async function* recordedRuns(client: Client, workflowIds: string[]): AsyncGenerator<RecordedRun> {
  const seen = new Set<string>();
  const waiting: Run[] = workflowIds.map((workflowId) => ({ workflowId }));
  for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
    const key = `${run.workflowId} ${run.runId ?? 'latest'}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const { workflowId, runId } = run;
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const event of history.events ?? []) waiting.push(...relatedRuns(event, workflowId));
    yield { workflowId, history };
  }
}

/** The runs that an event names: the one before, a child. */
function relatedRuns(event: Event, workflowId: string): Run[] {
  const before = event.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  const child = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.workflowId;
  return [...(before ? [{ workflowId, runId: before }] : []), ...(child ? [{ workflowId: child }] : [])];
}
