/**
 * Runs the simulated bridge as a Temporal activity worker on a task queue of its own. Contract B1, B3, B4.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Worker, type NativeConnection } from '@temporalio/worker';
import type { Caller } from '../../flow/documents/caller.js';
import type { BridgeActivities } from '../commands.js';
import { BridgeError } from '../bridge-error.js';
import { type CallHooks, temporalHooks } from '../temporal-hooks.js';
import { SimulatedBridge, type SimulatorHooks } from './simulated-bridge.js';

/** How often a long command shows that the bridge lives, in milliseconds. Contract B3. */
const HEARTBEAT_MS = 10_000;

/** How to run a simulator. */
export interface SimulatorOptions extends Pick<SimulatorHooks, 'sleep' | 'now' | 'onPartyEvent'> {
  connection: NativeConnection;
  /** Its data converter is that of the commands, too. */
  client: Client;
  namespace: string;
  /** The way to its calls; default: signals and queries of the client. */
  calls?: CallHooks;
  /** Where it takes commands; default: a unique one. */
  taskQueue?: string;
  /** How numbers behave that a `dial` of leg `"1"` rings; default: they answer after a second. */
  outbound?: Pick<Caller, 'legs' | 'realTime'>;
  /** Milliseconds in which at most one heartbeat of a command goes to the server; default: as the SDK decides. */
  heartbeatThrottleMs?: number;
}

/** A simulator that takes commands. */
export interface RunningSimulator {
  bridge: SimulatedBridge;
  /** The task queue to name in a call's start. Contract B1. */
  taskQueue: string;
  /** Forgets every call and stops; rejects when the worker had failed. */
  shutdown(): Promise<void>;
}

/** Starts a simulator. */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { connection, client, namespace, sleep, now, onPartyEvent, outbound } = options;
  const id = randomUUID();
  const taskQueue = options.taskQueue ?? `bridge-${id}`;
  const underWay = new Set<Promise<unknown>>();
  const calls = options.calls ?? temporalHooks(client);
  const bridge = new SimulatedBridge(
    id,
    {
      ...{ sleep, now, onPartyEvent },
      sendEvent: (workflowId, event) => keptUntilSettled(calls.sendEvent(workflowId, event), underWay),
      entered: (workflowId) => keptUntilSettled(calls.entered(workflowId), underWay),
    },
    outbound,
  );
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    identity: `bridge-${id}`,
    dataConverter: client.options.dataConverter,
    activities: bridgeActivities(bridge),
    // A command occupies its slot for as long as it plays; one that finds none for 5 s counts as a bridge that is gone (B5, B8).
    maxConcurrentActivityTaskExecutions: 5000,
    ...(options.heartbeatThrottleMs !== undefined && { maxHeartbeatThrottleInterval: options.heartbeatThrottleMs }),
  });
  const ran = worker.run();
  // `shutdown` reports a failure; before that it must not end the process.
  ran.catch(() => undefined);
  return {
    bridge,
    taskQueue,
    async shutdown() {
      bridge.removeAll();
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ran;
      // A request that the SDK repeats when its channel has been shut down would end the process.
      await Promise.all(underWay);
    },
  };
}

/** Keeps work in the set until it has settled. */
function keptUntilSettled<T>(work: Promise<T>, underWay: Set<Promise<unknown>>): Promise<T> {
  const settled: Promise<unknown> = work.then(
    () => underWay.delete(settled),
    () => underWay.delete(settled),
  );
  underWay.add(settled);
  return work;
}

/** The bridge as activities: long commands of nodes that are not watched heartbeat (B3, B8), typed errors stay typed and are not retried (B4). */
export function bridgeActivities(bridge: BridgeActivities, heartbeatMs = HEARTBEAT_MS): BridgeActivities {
  return {
    async bridgeCommand(command) {
      const context = Context.current();
      // Without a time-out nobody waits for them, and each would be a write of the server. Contract B8.
      const beats = Boolean(context.info.heartbeatTimeoutMs);
      const beat = beats ? setInterval(() => context.heartbeat(), heartbeatMs) : undefined;
      try {
        return await bridge.bridgeCommand(command);
      } catch (error) {
        if (error instanceof BridgeError) throw ApplicationFailure.nonRetryable(error.message, error.type);
        throw error;
      } finally {
        clearInterval(beat);
      }
    },
  };
}
