/**
 * What the store keeps of a call: its report, and the end of an outbound call. Contract D4, R9, F1.
 * @module
 */
import { getClient } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { callProgress } from '../calls/read-call.js';
import type { CallRecord } from '../engine/call-record.js';
import type { PathEntry } from '../engine/call-report.js';
import { CALL_ERRORS } from '../flow/errors.js';
import { OUTBOUND_DESK } from '../engine/outbound-desk.js';
import { unpackPath } from '../engine/packed-report.js';
import type { EndedCall } from '../engine/reconciler.js';
import type { Store } from '../store/store.js';
import type { UnfinishedRecord } from '../engine/unfinished.js';

const UNDO_UNKNOWN = 'What it would have undone is not known, so nothing was undone.';

/** Makes the activity that keeps a call's report. Repeated, it changes nothing. */
export function createRecordCall(source: (() => Promise<Store>) | undefined) {
  return async function recordCall({ accountId, placed, ...record }: CallRecord): Promise<void> {
    if (!source) throw new Error('This worker has no store, and another one began the call: set DATABASE_URL.');
    const store = await source();
    const { startedAt, endedAt, path, ...rest } = record;
    const times = { startedAt: new Date(startedAt), endedAt: new Date(endedAt) };
    await store.reports.save(accountId, { ...rest, ...times, path: Array.isArray(path) ? path : unpackPath(path) });
    if (!placed) return;
    await store.outbound.ended(record.uuid, record.call, record.outcome);
    await signalDeskOf(getClient(), accountId);
  };
}

/**
 * Makes the activity that keeps the report of a call which was ended from outside, with what the closed call still answers.
 * A flow that was over keeps the outcome that it had. `walked`: the widgets of a sequence, in place of the last one that the
 * call knew (B7).
 */
export function createRecordEnded(source: (() => Promise<Store>) | undefined) {
  const recordCall = createRecordCall(source);
  return async function recordEnded(
    { call, runId, ...ended }: EndedCall,
    { undoUnknown, ...record }: UnfinishedRecord,
    walked: readonly PathEntry[] = [],
  ): Promise<void> {
    const handle = getClient().workflow.getHandle(call, runId);
    const progress = await callProgress(handle).catch(() => undefined);
    const { path: known = [], persisted = {}, error = null } = progress?.report ?? {};
    // Of a sequence, the call knows its first widget only.
    const path = walked.length > 0 ? [...known.slice(0, -1), ...walked] : known;
    const code = ended.outcome === 'timedOut' ? 'TIMED_OUT' : 'TERMINATED';
    const message = `${CALL_ERRORS[code]}${undoUnknown ? ` ${UNDO_UNKNOWN}` : ''}`;
    const cut = { code, message, widget: path.at(-1)?.widget ?? null } as const;
    await recordCall({
      ...{ ...record, path, persisted },
      ...(record.endedAt === null
        ? { outcome: ended.outcome, error: cut, endedAt: ended.closedAt }
        : { error, endedAt: record.endedAt }),
    });
  };
}

/** The desk may place another call now. One that is not there has none to place. */
async function signalDeskOf(client: Client, account: number): Promise<void> {
  try {
    await client.workflow.getHandle(`outbound-${account}`).signal(OUTBOUND_DESK.wake);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
