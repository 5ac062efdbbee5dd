/**
 * The names under which bridge nodes are watched, and how the calls of a node are named. Contract B8.
 * @module
 */
import type { BridgeNode } from '../telephony/start.js';

/**
 * Workflow type and the beginning of its ids, of which there is one for each node; its signal that the node has booted; the signal
 * to a call that its node has lost it.
 */
export const BRIDGE_WATCH = {
  workflow: 'bridgeWatch',
  idPrefix: 'bridge-watch-',
  up: 'up',
  lost: 'bridgeLost',
} as const;

/** What a watch is started with; plain JSON. */
export interface BridgeWatchInput {
  bridge: BridgeNode;
  /** What the run before has found out. */
  carried?: WatchedSoFar;
}

/** What a watch knows of its node. */
export interface WatchedSoFar {
  /** The epoch of the last answer, null before the first. */
  epoch: string | null;
  /** All calls that began before this moment (ISO 8601) and were lost by it have been told; null: none has been looked for. */
  coveredUntil: string | null;
  /** Since when the node is gone, in milliseconds; null while it is there. */
  goneSince: number | null;
}

/**
 * Calls of a node that are lost: those that began within some time and run. Their search attribute is `<node>.<epoch>`.
 * Times are ISO 8601.
 */
export interface LostCalls {
  /** The node, as its watch's id has it. */
  node: string;
  /** The epoch whose calls are not lost; null: all are. */
  except: string | null;
  since: string | null;
  before: string;
}
