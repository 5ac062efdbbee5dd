/**
 * The development stack: a Temporal server on a database file and a worker, held together by this process.
 * @module
 */
import { join } from 'node:path';
import { ensureSearchAttributes } from '../temporal/search-attributes.js';
import { connectClient, temporalSettings } from '../temporal/connect.js';
import { startDevServer } from '../temporal/servers/dev-server.js';
import { freePort } from '../temporal/servers/ports.js';
import { forgetRunning, noteRunning, stackHome } from './home.js';
import { WorkerProcess } from './worker-process.js';

/** A stack that is up. */
export interface Stack {
  /** Of the Temporal server. */
  address: string;
  namespace: string;
  /** Of Temporal's UI, null when the server is not ours. */
  uiUrl: string | null;
  /** Stops what was started, the worker first. */
  stop(): Promise<void>;
}

/** Ports of the development server and its UI, when they are free. */
const PORT = 7233;
const UI_PORT = 8233;

/** Brings the stack up; with `TEMPORAL_ADDRESS` set, on that server. Contract D7. */
export async function startStack(say: (line: string) => void): Promise<Stack> {
  const server = await temporalServer(say);
  const { address, namespace, uiUrl } = server;
  const worker = new WorkerProcess({ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace }, say);
  try {
    await worker.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  noteRunning({ pid: process.pid, address, namespace, uiUrl });
  const stop = async () => {
    forgetRunning();
    await worker.stop();
    await server.stop();
  };
  return { address, namespace, uiUrl, stop };
}

async function temporalServer(say: (line: string) => void): Promise<Stack> {
  const { address, namespace } = temporalSettings();
  if (address !== null) {
    const { connection } = await connectClient(address, namespace);
    await ensureSearchAttributes(connection, namespace, say);
    await connection.close();
    say(`using the Temporal server at ${address}`);
    return { address, namespace, uiUrl: null, stop: () => Promise.resolve() };
  }
  const [port, uiPort] = [await freePort(PORT), await freePort(UI_PORT)];
  return startDevServer({ say, dbFilename: join(stackHome(), 'temporal.db'), port, uiPort });
}
