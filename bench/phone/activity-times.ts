/**
 * When an activity of a call was scheduled and completed, by its history.
 * @module
 */
import type { temporal } from '@temporalio/proto';

type Event = temporal.api.history.v1.IHistoryEvent;

/** Milliseconds since 1970. */
export interface ActivityTimes {
  scheduled: number;
  completed: number;
}

/** The times of the first activity of a name; a command has its type in it: `bridgeCommand play`. @throws {Error} when there is none */
export function activityTimes(events: readonly Event[], name: string): ActivityTimes {
  const scheduled = events.find((event) => nameOf(event) === name);
  const completed = events.find(
    ({ activityTaskCompletedEventAttributes: done }) => String(done?.scheduledEventId) === String(scheduled?.eventId),
  );
  if (!scheduled || !completed) throw new Error(`The call has no activity "${name}" that was completed.`);
  return { scheduled: timeOf(scheduled), completed: timeOf(completed) };
}

function nameOf({ activityTaskScheduledEventAttributes: scheduled }: Event): string | undefined {
  const name = scheduled?.activityType?.name ?? undefined;
  const data = scheduled?.input?.payloads?.[0]?.data;
  if (name !== 'bridgeCommand' || !data) return name;
  return `${name} ${(JSON.parse(Buffer.from(data).toString('utf8')) as { type: string }).type}`;
}

function timeOf({ eventTime }: Event): number {
  return Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
}
