/**
 * What stays while the sources change: the Temporal server and the database of the development stack. `dev.mjs` starts it, and
 * gets the environment of worker and API as a message.
 * @module
 */
import { API_PORT } from '../../src/api/api-settings.js';
import { say } from '../../src/cli/output.js';
import { temporalServer } from '../../src/stack/development.js';
import { forgetRunning, noteRunning } from '../../src/stack/home.js';
import { operatorKeyFile, stackOperatorKey } from '../../src/stack/operator-key.js';
import { makeHomePrivate } from '../../src/stack/private-home.js';
import { stackStore } from '../../src/stack/stack-store.js';
import { freePort } from '../../src/temporal/servers/ports.js';

// Ctrl-C reaches every process of a terminal; this one ends after those that use it, when `dev.mjs` says so or is gone.
process.on('SIGINT', () => undefined);

makeHomePrivate(say);
const server = await temporalServer(say);
const store = await stackStore(say);
const port = await freePort(API_PORT);
const apiUrl = `http://127.0.0.1:${port}`;
const { address, namespace, uiUrl } = server;
noteRunning({ address, namespace, uiUrl, apiUrl });
stackOperatorKey();
process.send?.({
  TEMPORAL_ADDRESS: address,
  TEMPORAL_NAMESPACE: namespace,
  DATABASE_URL: store.url,
  HOOKLINE_API_URL: apiUrl,
  HOOKLINE_API_PORT: String(port),
  HOOKLINE_OPERATOR_KEY_FILE: operatorKeyFile(),
});

let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  forgetRunning();
  await store.stop();
  await server.stop();
  process.exit(0);
};
process.on('SIGTERM', () => void stop());
process.on('disconnect', () => void stop());
