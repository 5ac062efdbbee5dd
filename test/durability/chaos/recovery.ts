/**
 * How long a call stood still because something died, read from its history and from what the bridge saw.
 * @module
 */
import type { temporal } from '@temporalio/proto';
import type { Struck } from './stack.js';

type Event = temporal.api.history.v1.IHistoryEvent;

/**
 * Milliseconds from when a call was due to go on until its next step: a command at the bridge, or a request or a pause that its
 * flow has there. Null when the fault did not concern it, or no step came after it. It was due when the fault was over or, if
 * that is later, when the prompt, the pause or the digits came that it waited for. What a target takes to answer a request that
 * had to be sent again is no part of it.
 * @param arrivals when each command came to the bridge first, by its id
 */
export function recoveryMs(history: readonly Event[], struck: Struck, arrivals: ReadonlyMap<string, number>) {
  const [first, last] = [history[0], history.at(-1)];
  if (!first || !last || timeOf(first) > struck.at || timeOf(last) < struck.at) return null;
  const before = history.filter((event) => timeOf(event) <= struck.at);
  const after = history.filter((event) => timeOf(event) > struck.at);
  const repeated = requestThatDied(history, struck.at);
  if (struck.what === 'worker' && !repeated && !belongedTo(before, struck.pid)) return null;
  const step = after.find((event) => event.activityTaskScheduledEventAttributes ?? event.timerStartedEventAttributes);
  const command = step && commandOf(step);
  const arrived = command === undefined ? step && timeOf(step) : arrivals.get(command);
  const asked = after.find(goesOn);
  if (arrived === undefined || !asked) return null;
  const due = repeated || taskUnderWay(before) ? struck.over : Math.max(struck.over, timeOf(asked));
  return { ms: Math.max(0, arrived - due - (repeated ? answerMs(history, repeated) : 0)), arrived };
}

/** Milliseconds since 1970. */
function timeOf({ eventTime }: Event): number {
  return Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
}

/** Whether the worker that died kept the call in its memory. */
function belongedTo(before: readonly Event[], pid: number | null): boolean {
  const task = before.findLast((event) => event.workflowTaskStartedEventAttributes);
  return task?.workflowTaskStartedEventAttributes?.identity?.startsWith(`${pid}@`) ?? false;
}

/** The start of a request that was under way and had to be sent again: it is written by the attempt that ended it. */
function requestThatDied(history: readonly Event[], at: number): Event | undefined {
  return history.find((event) => {
    const started = event.activityTaskStartedEventAttributes;
    const scheduled = history.find(({ eventId }) => String(eventId) === String(started?.scheduledEventId));
    return (started?.attempt ?? 1) > 1 && timeOf(event) > at && scheduled !== undefined && timeOf(scheduled) <= at;
  });
}

/** Milliseconds from the last start of a request to its answer. */
function answerMs(history: readonly Event[], started: Event): number {
  const answered = history.find(
    ({ activityTaskCompletedEventAttributes: done }) => String(done?.startedEventId) === String(started.eventId),
  );
  return answered ? timeOf(answered) - timeOf(started) : 0;
}

/** Whether the call was just being moved on. */
function taskUnderWay(before: readonly Event[]): boolean {
  const task = before.findLast(
    (event) => event.workflowTaskScheduledEventAttributes ?? event.workflowTaskCompletedEventAttributes,
  );
  return Boolean(task?.workflowTaskScheduledEventAttributes);
}

/** Whether the event is something that a call waits for. */
function goesOn(event: Event): boolean {
  return Boolean(
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.timerFiredEventAttributes ??
    event.workflowExecutionSignaledEventAttributes,
  );
}

/** The id of the command that an event gives to the bridge. */
function commandOf({ activityTaskScheduledEventAttributes: scheduled }: Event): string | undefined {
  if (scheduled?.activityType?.name !== 'bridgeCommand') return undefined;
  const data = scheduled.input?.payloads?.[0]?.data;
  return data ? (JSON.parse(Buffer.from(data).toString('utf8')) as { commandId: string }).commandId : undefined;
}

/** The value below which a share of the values lies; undefined when there are none. */
export function percentile(values: readonly number[], share: number): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)];
}
