/**
 * The events that a bridge reports to a call, one signal for all. Contract B2.
 * @module
 */

/** The name of the signal that carries every event. */
export const BRIDGE_EVENT_SIGNAL = 'bridgeEvent';

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
  | (EventBase & { type: 'legAnswered' })
  | (EventBase & { type: 'legEnded'; /** Q.850 */ cause: number; by: 'remote' | 'us' })
  | (EventBase & { type: 'digits'; digits: string })
  | (EventBase & { type: 'recordingReady'; /** As the command named it. */ name: string; url: string });
