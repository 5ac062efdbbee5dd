/**
 * Reading what a call left that was ended from outside, when no code of ours ran. Contract E2.
 * @module
 */
import { getClient } from '@temporalio/activity';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { type EndedCall, RECONCILER } from '../engine/reconciler.js';
import type { UnfinishedCall, ReadStart, UnfinishedRead } from '../engine/unfinished.js';
import type { CallInput } from '../telephony/start.js';
import type { OpenedCall } from '../engine/opened-call.js';

/** Milliseconds that server and workers have for an answer. */
const ANSWER_MS = 10_000;
/** gRPC's code of a run that was closed before any worker had seen it. */
const FAILED_PRECONDITION = 9;

/** Asks the closed run itself. It throws what may pass, and the question is then repeated. */
export async function readUnfinished({ call, runId }: EndedCall): Promise<UnfinishedRead> {
  const client = getClient();
  return timely(client, async () => {
    const newest = await client.workflow.getHandle(call).describe();
    if (newest.runId !== runId) return { state: 'superseded' };
    try {
      const remains = await client.workflow.getHandle(call, runId).query<UnfinishedCall | null>(RECONCILER.unfinished);
      return remains ? { state: 'read', remains } : { state: 'unreadable' };
    } catch (error) {
      if (isGrpcServiceError(error) && (error.code as number) === FAILED_PRECONDITION) return { state: 'unreadable' };
      throw error;
    }
  });
}

/** Makes the activity that reads the start of a call which cannot be queried: it is in its history. */
export function createReadStart(openCall: (input: CallInput) => Promise<OpenedCall>) {
  return async function readStart({ call, runId }: EndedCall): Promise<ReadStart> {
    const client = getClient();
    const { input, continued } = await timely(client, () => startOf(client, { workflowId: call, runId }));
    if (continued) return { input, opened: null };
    try {
      return { input, opened: await openCall(input) };
    } catch (error) {
      if (error instanceof ApplicationFailure && error.nonRetryable) return { input, opened: null };
      throw error;
    }
  };
}

async function startOf(client: Client, execution: { workflowId: string; runId: string }) {
  const { namespace, loadedDataConverter } = client.options;
  const page = await client.workflowService.getWorkflowExecutionHistory({ namespace, execution, maximumPageSize: 1 });
  const started = page.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const [given] = await decodeArrayFromPayloads(loadedDataConverter, started?.input?.payloads);
  const continued = Boolean(started?.continuedExecutionRunId);
  const { carried, ...input } = given as CallInput & { carried?: unknown };
  // Who starts a call cannot pretend that it took over from another.
  return { input: continued ? { ...input, carried } : input, continued };
}

function timely<T>(client: Client, work: () => Promise<T>): Promise<T> {
  return client.connection.withDeadline(Date.now() + ANSWER_MS, work);
}
