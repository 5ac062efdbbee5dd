/**
 * A stack for one call: a server in memory and a worker in this process. Contract D4.
 * @module
 */
import { startEmbedded } from '../store/embedded.js';
import { lazily } from '../store/source.js';
import { openStore } from '../store/store.js';
import { httpBridgeSettings } from '../telephony/http/bridge-http-settings.js';
import { configuredDataConverter } from '../temporal/codec/data-converter.js';
import { connectNative } from '../temporal/connect-native.js';
import { workerSettings } from '../temporal/worker-settings.js';
import { createCallWorker } from '../temporal/worker.js';
import { startDevServer } from '../temporal/servers/dev-server.js';
import type { Stack } from './development.js';

/** Starts the stack; `stop` ends the worker and the server. */
export async function ephemeralStack(say: (line: string) => void): Promise<Stack> {
  const server = await startDevServer({ say, uiPort: false });
  try {
    const { address, namespace } = server;
    const connection = await connectNative(address);
    // In memory, and only when a call has use of it: its start takes seconds.
    const database = lazily(() => startEmbedded(null));
    const store = lazily(async () => openStore((await database.get()).url));
    const settings = workerSettings(process.env);
    const worker = await createCallWorker({
      connection,
      namespace,
      ...{ searchAttributes: true, findsBridges: true },
      dataConverter: configuredDataConverter(),
      ...settings,
      // Every call here is of the command that started this stack.
      secrets: { ...settings.secrets, places: 'commandLine' },
      http: httpBridgeSettings(process.env),
      store: store.get,
    });
    const running = worker.run();
    running.catch(() => undefined);
    const stop = async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      await connection.close();
      await (await store.opened())?.close();
      await (await database.opened())?.stop();
      await server.stop();
    };
    return { address, namespace, uiUrl: null, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
