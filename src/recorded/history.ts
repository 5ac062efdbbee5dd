/**
 * The history of a call as what happened in it: commands, events, and what activities were asked and answered.
 * @module
 */
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { decode } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import { BRIDGE_EVENT_SIGNAL } from '../telephony/events.js';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Time = HistoryEvent['eventTime'];

/** An activity: `input` is its last argument. Times are the server's, in milliseconds; the order is that of the history. */
export interface Activity {
  type: string;
  input: unknown;
  at: number;
  /** When it ended, null for one that was still under way. */
  endedAt: number | null;
  /** Undefined for one that gave none. */
  result: unknown;
  /** The type of the error that it ended with. */
  error: string | null;
}

/** One moment of a history. A beginning and its end name the same activity. */
export type Moment = { kind: 'began' | 'ended'; activity: Activity } | { kind: 'signal'; at: number; event: unknown };

/** A history, decoded. */
export interface CallHistory {
  /** The argument of the workflow. */
  input: unknown;
  /** Results of local activities, the first of each type. */
  local: ReadonlyMap<string, unknown>;
  moments: readonly Moment[];
  startedAt: number;
  endedAt: number;
}

/** Fetches and decodes the history of a call with the client's codec. @throws WorkflowNotFoundError */
export async function readHistory(client: Client, workflowId: string): Promise<CallHistory> {
  const events = await eventsOf(client, workflowId);
  return new HistoryReader(client.options.loadedDataConverter.payloadCodecs).read(events);
}

/** The events of all runs of a call: a long one continues as new. */
async function eventsOf(client: Client, workflowId: string, runId?: string): Promise<HistoryEvent[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const before = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  return [...(before ? await eventsOf(client, workflowId, before) : []), ...(events ?? [])];
}

class HistoryReader {
  readonly #activities = new Map<string, Activity>();
  readonly #local = new Map<string, unknown>();
  readonly #moments: Moment[] = [];
  #input: unknown;

  constructor(private readonly codecs: Parameters<typeof decode>[0]) {}

  async read(events: readonly HistoryEvent[]): Promise<CallHistory> {
    for (const event of events) await this.#take(event);
    const at = events.map(({ eventTime }) => milliseconds(eventTime));
    return {
      input: this.#input,
      local: this.#local,
      moments: this.#moments,
      startedAt: at[0] ?? 0,
      endedAt: at.at(-1) ?? 0,
    };
  }

  async #take(event: HistoryEvent): Promise<void> {
    const at = milliseconds(event.eventTime);
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) {
      // Each run counts its events anew; what it began it also ended.
      this.#activities.clear();
      this.#input ??= await this.#last(started.input?.payloads);
    }
    const marker = event.markerRecordedEventAttributes;
    if (marker) await this.#takeLocal(marker);
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal?.signalName === BRIDGE_EVENT_SIGNAL)
      this.#moments.push({ kind: 'signal', at, event: await this.#last(signal.input?.payloads) });
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const type = scheduled.activityType?.name ?? '';
      const input = await this.#last(scheduled.input?.payloads);
      const activity: Activity = { type, input, at, endedAt: null, result: undefined, error: null };
      this.#activities.set(String(event.eventId), activity);
      this.#moments.push({ kind: 'began', activity });
    }
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed) this.#end(completed.scheduledEventId, at, await this.#last(completed.result?.payloads), null);
    const failed = event.activityTaskFailedEventAttributes;
    if (failed) this.#end(failed.scheduledEventId, at, undefined, failed.failure?.applicationFailureInfo?.type ?? '');
    const timedOut = event.activityTaskTimedOutEventAttributes;
    if (timedOut) this.#end(timedOut.scheduledEventId, at, undefined, TIMED_OUT);
    // One that is no longer wanted ends for the call when it says so, whatever becomes of it.
    const cancelled = event.activityTaskCancelRequestedEventAttributes;
    if (cancelled) this.#end(cancelled.scheduledEventId, at, undefined, CANCELLED);
  }

  async #takeLocal(marker: NonNullable<HistoryEvent['markerRecordedEventAttributes']>): Promise<void> {
    const { data, result } = marker.details ?? {};
    if (marker.markerName !== 'core_local_activity' || !data || !result) return;
    const { activity_type: type } = (await this.#last(data.payloads)) as { activity_type: string };
    if (!this.#local.has(type)) this.#local.set(type, await this.#last(result.payloads));
  }

  #end(scheduledEventId: unknown, at: number, result: unknown, error: string | null): void {
    const activity = this.#activities.get(String(scheduledEventId));
    if (!activity || activity.endedAt !== null) return;
    Object.assign(activity, { endedAt: at, result, error });
    this.#moments.push({ kind: 'ended', activity });
  }

  async #last(payloads: Payload[] | null | undefined): Promise<unknown> {
    const given = payloads?.at(-1);
    if (!given) return undefined;
    const [payload] = await decode(this.codecs, [given]);
    return defaultPayloadConverter.fromPayload(payload ?? given);
  }
}

/** The error of an activity that Temporal ended. */
export const TIMED_OUT = 'timed out';
/** The error of an activity that the call gave up. */
export const CANCELLED = 'cancelled';

function milliseconds(time: Time): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}
