/**
 * A worker in this process and a simulated bridge, on the server of an API.
 * @module
 */
import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';
import { type RunningSimulator, startSimulator } from '../../src/telephony/simulator/simulator-worker.js';
import { createCallWorker } from '../../src/temporal/worker.js';
import type { TestApi } from './api.js';

/** What calls run on. */
export interface TestCalls {
  simulator: RunningSimulator;
  /** As in an account's `outbound`. */
  bridge: { id: string; taskQueue: string };
  stop(): Promise<void>;
}

/** Starts both. */
export async function testCalls({ server, client, store, url }: TestApi): Promise<TestCalls> {
  const connection = await NativeConnection.connect({ address: server.address });
  const common = { connection, namespace: server.namespace };
  const simulator = await startSimulator({ ...common, client });
  const worker = await createCallWorker({
    ...common,
    searchAttributes: true,
    bundle: { codePath: inject('workflowBundle') },
    store: () => Promise.resolve(store),
    publicUrl: url,
  });
  const running = worker.run();
  running.catch(() => undefined);
  return {
    simulator,
    bridge: { id: simulator.bridge.id, taskQueue: simulator.taskQueue },
    stop: async () => {
      worker.shutdown();
      await running;
      await simulator.shutdown();
      await connection.close();
    },
  };
}
