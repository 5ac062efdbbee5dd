/**
 * Locks that the time-skipping server takes for an activity and never takes off: seen in `temporal-test-server` 1.40.0, whose history and
 * description of a workflow show which. One that is lost holds the server's time for ever.
 * @module
 */
import type { WorkflowHandle } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

const SCHEDULED: temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED = 1;

/** Activities whose locks are lost, by run and activity id. */
export interface LostLocks {
  /** Cancelled before a worker took them: `processRequestCancelActivityTask` removes them and keeps their locks. */
  cancelled: string[];
  /** Under way when their workflow closed: the server takes no answer for them any more. One that waits to be tried again has no lock. */
  left: string[];
}

/** Looks at the run of a workflow that is the latest, or that the handle names. */
export async function lostLocks(handle: WorkflowHandle): Promise<LostLocks> {
  const { runId, status, raw } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const cancelled = cancelledBeforeTaken(events ?? []).map((scheduled) => `${runId}/${scheduled}`);
  if (status.name === 'RUNNING') return { cancelled, left: [] };
  const left = (raw.pendingActivities ?? []).filter(
    ({ state, attempt }) => state !== SCHEDULED || (attempt ?? 1) === 1,
  );
  return { cancelled, left: left.map(({ activityId }) => `${runId}/${activityId}`) };
}

/**
 * The server itself ends an activity that no worker took, with the request to cancel it: both events have one time. A worker that
 * answers the request needs a moment, and its answer takes the lock off.
 */
function cancelledBeforeTaken(events: readonly temporal.api.history.v1.IHistoryEvent[]): number[] {
  const asked = new Map<number, string>();
  return events.flatMap((event) => {
    const { activityTaskCancelRequestedEventAttributes: request, activityTaskCanceledEventAttributes: canceled } =
      event;
    if (request) asked.set(Number(request.scheduledEventId), timeOf(event));
    if (!canceled || Number(canceled.startedEventId ?? 0) > 0) return [];
    const scheduled = Number(canceled.scheduledEventId);
    return asked.get(scheduled) === timeOf(event) ? [scheduled] : [];
  });
}

function timeOf({ eventTime }: temporal.api.history.v1.IHistoryEvent): string {
  return `${Number(eventTime?.seconds)}.${eventTime?.nanos ?? 0}`;
}
