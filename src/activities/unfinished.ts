/**
 * Reading what a call left that was ended from outside, when no code of ours ran. Contract E2.
 * @module
 */
import { getClient } from '@temporalio/activity';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { FlowEndFacts, FlowEndPayload, LegFacts } from '../engine/call-report.js';
import { type EndedCall, RECONCILER } from '../engine/reconciler.js';
import type { CallInput } from '../telephony/start.js';
import type { CallRecord } from './call-record.js';
import type { FlowEndDelivery } from './flow-end.js';
import type { OpenedCall } from '../calls/open-call.js';

/** Milliseconds that server and workers have for an answer. */
const ANSWER_MS = 10_000;
/** gRPC's code of a run that was closed before any worker had seen it. */
const FAILED_PRECONDITION = 9;

/** What is left to be done for a call: its legs, its flow end, its report. */
export interface CallRemains {
  bridge: CallInput['bridge'];
  /** The bridge's own id of the call. */
  callId: string;
  /** All legs; those that are live have facts as if they ended now. */
  legs: { name: string; live: boolean; facts: LegFacts }[];
  /** Null where there is none to send, or it has been delivered. */
  flowEnd: RemainingFlowEnd | null;
  /** Null where there is no store, or no UUID of the call. `endedAt` is null when the flow was not over. */
  record: RemainingRecord | null;
}

/** A flow end that may not have been sent: with its payload, where the call made it, else with what goes into it. */
export type RemainingFlowEnd = {
  delivery: Omit<FlowEndDelivery, 'payload'>;
  /** Whether the server knows our search attributes. */
  searchable: boolean;
} & ({ payload: FlowEndPayload } | { facts: Omit<FlowEndFacts, 'legs'> });

/** A report without what may be large. */
export type RemainingRecord = Omit<CallRecord, 'path' | 'persisted' | 'error' | 'endedAt'> & { endedAt: string | null };

/** What a look at a closed call gave. `superseded`: it was reset, and its newest run looks after itself. */
export type RemainsRead = { state: 'read'; remains: CallRemains } | { state: 'superseded' } | { state: 'unreadable' };

/** Asks the closed run itself. It throws what may pass, and the question is then repeated. */
export async function readRemains({ call, runId }: EndedCall): Promise<RemainsRead> {
  const client = getClient();
  return timely(client, async () => {
    const newest = await client.workflow.getHandle(call).describe();
    if (newest.runId !== runId) return { state: 'superseded' };
    try {
      const remains = await client.workflow.getHandle(call, runId).query<CallRemains | null>(RECONCILER.remains);
      return remains ? { state: 'read', remains } : { state: 'unreadable' };
    } catch (error) {
      if (isGrpcServiceError(error) && (error.code as number) === FAILED_PRECONDITION) return { state: 'unreadable' };
      throw error;
    }
  });
}

/**
 * The start of a call and, unless it has to be refused, what it would have run with. That of a run which took over from
 * an earlier one tells both by itself.
 */
export interface ReadStart {
  input: CallInput;
  opened: OpenedCall | null;
}

/** Makes the activity that reads the start of a call which cannot be asked: it stands in its history. */
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
