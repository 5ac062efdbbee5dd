/**
 * The way to a bridge that is to be proved: Temporal, HTTP, or the same process. The rules do not know which one it is. Contract B6.
 * @module
 */
import type { BridgeCommand } from '../commands.js';
import type { Exchange, Outcome } from './exchange.js';

/** A bridge that takes the kit's commands. */
export interface BridgeUnderTest {
  /** Seconds without a sign of life after which a running command counts as lost. Contract B3. */
  readonly heartbeatSeconds: number;
  /** Prepares a call: from now on events to its workflow id are noted. The bridge hears of it by its first command. */
  open(): Promise<OpenCall>;
  /** Ends what was started for the bridge; the calls are closed before. */
  close(): Promise<void>;
}

/** A call as its bridge sees it. */
export interface OpenCall {
  /** Where the bridge sends its events: the part of each `commandId` before the last `/`. */
  readonly workflowId: string;
  /** All that came of the bridge, in its order. */
  readonly log: Exchange;
  /** Gives a command as the engine would, each time anew; never rejects for what the bridge does. */
  give(command: BridgeCommand): Promise<Outcome>;
  /**
   * Gives a command once without a signature that counts, where commands are signed; left out elsewhere.
   * Resolves with the status of the answer, null when there was none. Contract B6.
   */
  giveForged?(command: BridgeCommand, forgery: Forgery): Promise<number | null>;
  /** No more events are awaited. */
  close(): Promise<void>;
}

/** How a signature does not count: there is none, or it was made with another secret. */
export type Forgery = 'unsigned' | 'otherSecret';

/** How long a command may wait until the bridge takes it, in seconds. Contract B5. */
export const TAKEN_SECONDS = 5;
/** How long a command of the kit may take at all, in seconds; the engine waits for hours. */
export const COMMAND_SECONDS = 40;
