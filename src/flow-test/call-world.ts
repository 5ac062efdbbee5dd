/**
 * What stands around a call on the bench instead of the answers of a test. Types only.
 * @module
 */
import type { PlacedCall } from './time/time-skipping-stack.js';
import type { BridgeCommand } from '../telephony/commands.js';

/** What an activity gives, and after how many seconds of the call's time. */
export interface Performed {
  after: number;
  result: () => unknown;
}

/** Gives the keys of the widgets that the call has entered so far. */
export type Entered = () => Promise<string[]>;

/** The world of one call. */
export interface CallWorld {
  /** What the call begins with. */
  start: Pick<PlacedCall, 'uuid' | 'direction' | 'startedAt'> & { callId: string };
  /** Performs an activity; undefined for one that the bench carries out itself. `input` is its last argument. */
  perform(activity: string, input: unknown, entered: Entered): Promise<Performed | undefined>;
  /** Called with each command before the simulated bridge carries it out. */
  command(command: BridgeCommand, entered: Entered): Promise<void>;
}
