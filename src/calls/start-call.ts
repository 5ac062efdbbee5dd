/**
 * Starting and reading calls from TypeScript.
 * @module
 */
import { createHash } from 'node:crypto';
import { type Client, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
  type SearchAttributePair,
} from '@temporalio/common';
import { shareOf } from './call-gate.js';
import type { CallProgress, CallReport } from '../engine/call-report.js';
import { type PackedProgress, type PackedReport, unpackReport } from '../engine/packed-report.js';
import { CALL_TASK_QUEUE, CALL_WORKFLOW, type CallInput } from '../telephony/start.js';
import { searchAttributes } from '../engine/search-attributes.js';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The workflow id of a call, the same for the same bridge and its call id. Holds no number. Contract C5, C6. */
export function callWorkflowId(accountId: number, bridgeId: string, callId: string): string {
  const hash = createHash('sha256').update(`${bridgeId}\n${callId}`, 'utf8').digest();
  let bits = '';
  for (const byte of hash) bits += byte.toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,5}/g) ?? [];
  const text = groups.map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
  return `call-${accountId}-${text}`;
}

/** A start whose account and flow are known by their ids. */
export type StartedCall = CallInput & { account: number | { id: number }; flow: { id: string } };

/** How a call is started. */
export interface StartOptions {
  /** Default `hookline`. */
  taskQueue?: string;
  /** Whether the call can be found by account and flow from its start, default true; false on a server that does not know our search attributes. */
  searchAttributes?: boolean;
}

/**
 * Starts a call, or gives the one that already runs under its id: starting twice gives one call. Contract C5.
 * @throws WorkflowExecutionAlreadyStartedError when the call of this id has ended.
 */
export async function startCall(
  client: Client,
  input: StartedCall,
  options: StartOptions = {},
): Promise<WorkflowHandle> {
  const account = typeof input.account === 'number' ? input.account : input.account.id;
  const typedSearchAttributes: SearchAttributePair[] = [
    { key: searchAttributes.account, value: String(account) },
    { key: searchAttributes.flow, value: input.flow.id },
  ];
  return client.workflow.start(CALL_WORKFLOW, {
    workflowId: callWorkflowId(account, input.bridge.id, input.call.id),
    taskQueue: options.taskQueue ?? CALL_TASK_QUEUE,
    ...(options.searchAttributes !== false && { typedSearchAttributes }),
    args: [input],
    staticSummary: `flow ${input.flow.id}`,
    ...shareOf(account),
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    // A task that went to a worker that died is given to another after two seconds instead of ten.
    workflowTaskTimeout: '2 seconds',
  });
}

/**
 * Waits until a call has closed and gives its report, however it ended. Contract D4.
 * @throws WorkflowFailedError when the call was refused and so has no report.
 */
export async function callReport(handle: WorkflowHandle): Promise<CallReport> {
  try {
    return unpackReport((await handle.result()) as CallReport | PackedReport);
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    if (cause instanceof ApplicationFailure && isReport(cause.details?.[0])) return unpackReport(cause.details[0]);
    const report = await lastReport(handle);
    if (!report) throw error;
    if (cause instanceof CancelledFailure) return { ...report, outcome: 'cancelled' };
    const widget = report.path.at(-1)?.widget ?? null;
    if (cause instanceof TerminatedFailure) {
      return {
        ...report,
        outcome: 'cancelled',
        error: { code: 'TERMINATED', message: 'The call was terminated from outside.', widget },
      };
    }
    if (cause instanceof TimeoutFailure) {
      return {
        ...report,
        outcome: 'timedOut',
        error: { code: 'TIMED_OUT', message: 'Temporal closed the call at its time-out.', widget },
      };
    }
    throw error;
  }
}

/** The call as it is now. @throws what a query throws: it needs a worker of the call's build. */
export async function callProgress(handle: WorkflowHandle): Promise<CallProgress> {
  const { report, ...progress } = await handle.query<PackedProgress>('progress');
  return { ...progress, report: report && unpackReport(report) };
}

/** What a closed call still tells while a worker of its build is up. */
async function lastReport(handle: WorkflowHandle): Promise<CallReport | null> {
  const progress = await callProgress(handle).catch(() => undefined);
  return progress?.report ?? null;
}

function isReport(value: unknown): value is CallReport | PackedReport {
  return typeof value === 'object' && value !== null && 'outcome' in value && 'path' in value;
}
