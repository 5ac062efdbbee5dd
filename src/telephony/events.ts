/**
 * The events that a bridge reports to a call, one signal for all. Contract B2.
 * @module
 */

/** The name of the signal that carries every event. */
export const BRIDGE_EVENT_SIGNAL = 'bridgeEvent';

/** Who answered a call: a person, a machine with its greeting, or one who said nothing that tells. */
export type AnsweredBy = 'human' | 'machine' | 'unknown';
/** The values of {@link AnsweredBy}. */
export const ANSWERED_BY: readonly string[] = ['human', 'machine', 'unknown'] satisfies AnsweredBy[];

/** Fields of every event. */
interface EventBase {
  /** Unique in the call; a repeated one is dropped. */
  eventId: string;
  /** 1, 2, 3, ... for each leg; events are applied in this order. */
  seq: number;
  /** When it happened, by the bridge's clock (ISO 8601). */
  at: string;
  leg: string;
}

/** What happened on a leg. */
export type BridgeEvent =
  | (EventBase & {
      type: 'legRinging';
      /** Whether the network of the party sends sound already. */ earlyMedia?: boolean;
    })
  | (EventBase & {
      type: 'legAnswered';
      /** Of a leg that was dialled with `detectMachine`; `at` is when it was connected. */ by?: AnsweredBy;
    })
  | (EventBase & { type: 'legEnded'; /** Q.850 */ cause: number; by: 'remote' | 'us' })
  | (EventBase & { type: 'digits'; digits: string })
  | (EventBase & { type: 'recordingReady'; /** As the command named it. */ name: string; url: string });
