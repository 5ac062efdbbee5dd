/**
 * A bridge that takes commands from a task queue of Temporal. Contract B1, B3.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import {
  BRIDGE_PROBE_WORKFLOW,
  GIVE_SIGNAL,
  OVER_SIGNAL,
  type BridgeProbeInput,
} from '../../workflows/bridge/bridge-probe.js';
import type { BridgeCommand } from '../commands.js';
import { Exchange, type Outcome } from './exchange.js';
import { ProbeHistory } from './probe-history.js';
import { COMMAND_SECONDS, TAKEN_SECONDS, type BridgeUnderTest, type OpenCall } from './transport.js';

/** Where the bridge is. */
export interface TemporalBridgeOptions {
  /** Its data converter is that of the probe, too. */
  client: Client;
  connection: NativeConnection;
  namespace: string;
  /** The bridge's. */
  taskQueue: string;
  /** The workflow code, which matches the data converter. */
  bundle: WorkflowBundleOption;
}

/** The engine waits for 30 s; a bridge that shows itself every 10 s, as it must, also passes this. */
const HEARTBEAT_SECONDS = 14;

/** Prepares to check the bridge on a task queue: starts a worker of its own, which `close` ends. */
export async function temporalBridge(options: TemporalBridgeOptions): Promise<BridgeUnderTest> {
  const { client, connection, namespace, bundle } = options;
  const own = `bridge-check-${randomUUID()}`;
  const { dataConverter } = client.options;
  const worker = await Worker.create({ connection, namespace, taskQueue: own, workflowBundle: bundle, dataConverter });
  const ran = worker.run();
  // `close` reports a failure; before that it must not end the process.
  ran.catch(() => undefined);
  return {
    heartbeatSeconds: HEARTBEAT_SECONDS,
    open: () => openCall(client, options.taskQueue, own),
    async close() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ran;
    },
  };
}

async function openCall(client: Client, bridgeTaskQueue: string, taskQueue: string): Promise<OpenCall> {
  const workflowId = `bridge-check-${randomUUID()}`;
  const input: BridgeProbeInput = {
    taskQueue: bridgeTaskQueue,
    takenSeconds: TAKEN_SECONDS,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    commandSeconds: COMMAND_SECONDS,
  };
  const handle = await client.workflow.start(BRIDGE_PROBE_WORKFLOW, { workflowId, taskQueue, args: [input] });
  const log = new Exchange();
  const history = new ProbeHistory(client, workflowId, log);
  const followed = history.follow();
  followed.catch(() => undefined);
  let given = 0;
  return {
    workflowId,
    log,
    async give(command: BridgeCommand): Promise<Outcome> {
      const id = String(++given);
      const outcome = history.outcomeOf(id);
      await handle.signal(GIVE_SIGNAL, id, command);
      return Promise.race([outcome, followed.then(() => outcome)]);
    },
    async close() {
      await handle.signal(OVER_SIGNAL);
      await followed;
    },
  };
}
