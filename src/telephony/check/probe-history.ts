/**
 * Follows the history of a probe: the one place where events and replies stand in the order in which they came.
 * @module
 */
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { decode, decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import { BRIDGE_EVENT_SIGNAL } from '../events.js';
import type { Exchange, Outcome, Reply } from './exchange.js';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Failure = temporal.api.failure.v1.IFailure;

/** `temporal.api.enums.v1.TimeoutType`. */
const SCHEDULE_TO_START = 2;
const HEARTBEAT = 4;

/** One probe's history, read as it grows. */
export class ProbeHistory {
  /** Activity id and time of each command, by the history's number of its scheduling. */
  readonly #scheduled = new Map<string, { id: string; at: number }>();
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();

  constructor(
    private readonly client: Client,
    private readonly workflowId: string,
    private readonly log: Exchange,
  ) {}

  /** The outcome of the command that is given as the activity `id`. */
  outcomeOf(id: string): Promise<Outcome> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** Reads until the probe has ended; rejects when the server does not answer. */
  async follow(): Promise<void> {
    let nextPageToken: Uint8Array | undefined;
    for (let over = false; !over;) {
      const page = await this.client.workflowService.getWorkflowExecutionHistory({
        namespace: this.client.options.namespace,
        execution: { workflowId: this.workflowId },
        waitNewEvent: true,
        nextPageToken,
      });
      for (const event of page.history?.events ?? []) await this.#read(event);
      nextPageToken = page.nextPageToken;
      over = nextPageToken.length === 0;
    }
  }

  async #read(event: HistoryEvent): Promise<void> {
    const at = milliseconds(event.eventTime);
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal?.signalName === BRIDGE_EVENT_SIGNAL) this.log.event(await this.#decoded(signal.input?.payloads), at);
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) this.#scheduled.set(String(event.eventId), { id: scheduled.activityId ?? '', at });
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed)
      this.#ended(completed.scheduledEventId, { result: await this.#decoded(completed.result?.payloads) }, at);
    const ended = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    if (ended) this.#ended(ended.scheduledEventId, await this.#replyOf(ended.failure ?? {}), at);
  }

  #ended(scheduledEventId: unknown, reply: Reply, at: number): void {
    const scheduled = this.#scheduled.get(String(scheduledEventId));
    if (scheduled) this.#waiting.get(scheduled.id)?.(this.log.reply(reply, scheduled.at, at));
  }

  async #replyOf(failure: Failure): Promise<Reply> {
    const { timeoutFailureInfo, applicationFailureInfo } = failure;
    if (!timeoutFailureInfo) {
      const error = await decodeOptionalFailureToOptionalError(this.client.options.loadedDataConverter, failure);
      return { error: applicationFailureInfo?.type ?? 'an untyped one', message: error?.message ?? '' };
    }
    const timeoutType = Number(timeoutFailureInfo.timeoutType);
    if (timeoutType === SCHEDULE_TO_START) return { silent: 'notTaken' };
    return { silent: timeoutType === HEARTBEAT ? 'noHeartbeat' : 'noEnd' };
  }

  async #decoded(payloads: Payload[] | null | undefined): Promise<unknown> {
    const sent = payloads?.[0];
    if (!sent) return undefined;
    const [payload] = await decode(this.client.options.loadedDataConverter.payloadCodecs, [sent]);
    try {
      return defaultPayloadConverter.fromPayload(payload ?? sent);
    } catch {
      return `[a payload that is no JSON: ${Object.keys(sent.metadata ?? {}).join(', ')}]`;
    }
  }
}

function milliseconds(time: temporal.api.history.v1.IHistoryEvent['eventTime']): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
}
