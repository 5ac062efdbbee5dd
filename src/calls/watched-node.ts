/**
 * How a bridge node is named where no name may hold a number, and the watch that each has. Contract B8, C6.
 * @module
 */
import type { Client } from '@temporalio/client';
import { BRIDGE_WATCH, type BridgeWatchInput } from '../engine/bridge-watch.js';
import type { BridgeNode } from '../telephony/start.js';
import { base32Hash } from './base32-hash.js';

/** Milliseconds for which a watch that was there counts as there. */
const SURE_MS = 30_000;
/** Nodes that are remembered; with more of them all are forgotten. */
const MAX_NODES = 10_000;

/** A node by a hash of its bridge's id and of the way to it, so that several nodes of one bridge are told apart. */
export function nodeOf(bridge: BridgeNode): string {
  return base32Hash(`${bridge.id}\n${'url' in bridge ? bridge.url : bridge.taskQueue}`);
}

/** The search attribute of the calls of a node's epoch. */
export function watchedNode(bridge: BridgeNode, epoch: string): string {
  return `${nodeOf(bridge)}.${epoch}`;
}

/** Starts the watch of a node unless it is there, and lets it look at once. To be called when a node has booted. */
export async function startWatch(client: Client, bridge: BridgeNode, taskQueue: string): Promise<void> {
  const way = 'url' in bridge ? { url: bridge.url } : { taskQueue: bridge.taskQueue };
  const input: BridgeWatchInput = { bridge: { id: bridge.id, ...way } };
  await client.workflow.signalWithStart(BRIDGE_WATCH.workflow, {
    workflowId: `${BRIDGE_WATCH.idPrefix}${nodeOf(bridge)}`,
    taskQueue,
    args: [input],
    signal: BRIDGE_WATCH.up,
    signalArgs: [],
    workflowTaskTimeout: '2 seconds',
    staticSummary: 'watches a bridge node',
  });
}

/** Sees to it that the node of each call has a watch, however it came to have none. */
export class WatchKeeper {
  readonly #seen = new Map<string, number>();

  constructor(
    private readonly client: () => Client,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** A call of the node begins. It returns at once: no call waits for the watch. */
  keep(bridge: BridgeNode, taskQueue: string): void {
    const node = nodeOf(bridge);
    const now = performance.now();
    if (now - (this.#seen.get(node) ?? -Infinity) < SURE_MS) return;
    if (this.#seen.size >= MAX_NODES) this.#seen.clear();
    this.#seen.set(node, now);
    startWatch(this.client(), bridge, taskQueue).catch((error: unknown) => {
      this.#seen.delete(node);
      this.failed(error);
    });
  }
}
