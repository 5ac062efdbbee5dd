/**
 * The development stack: a Temporal server on a database file, the HTTP API and a worker, held together by this process.
 * @module
 */
import { join } from 'node:path';
import { type RunningApi, startApi } from '../api/api.js';
import { accountApiSettings, apiSettings } from '../api/api-settings.js';
import { openLog } from '../observability/log.js';
import { diskHasRoom } from '../observability/readiness.js';
import type { Store } from '../store/store.js';
import { httpBridgeSettings } from '../telephony/http/bridge-http-settings.js';
import { ensureSearchAttributes } from '../temporal/register-search-attributes.js';
import { connectClient, temporalSettings } from '../temporal/connect.js';
import { startDevServer } from '../temporal/servers/dev-server.js';
import { freePort } from '../temporal/servers/ports.js';
import { forgetRunning, noteRunning, stackHome } from './home.js';
import { makeHomePrivate } from './private-home.js';
import { operatorKeyFile, stackOperatorKey } from './operator-key.js';
import { stackStore } from './stack-store.js';
import { WorkerProcess } from './worker-process.js';

/** A stack on which calls run. */
export interface Stack {
  /** Of the Temporal server. */
  address: string;
  namespace: string;
  /** Of Temporal's UI, null when the server is not ours. */
  uiUrl: string | null;
  /** Stops what was started, the worker first. */
  stop(): Promise<void>;
}

/** A stack that stays. */
export interface DevelopmentStack extends Stack {
  /** Of our HTTP API. Contract B6. */
  apiUrl: string;
}

/** Ports of the development server and its UI, when they are free. */
const PORT = 7233;
const UI_PORT = 8233;

/** Brings the stack up; with `TEMPORAL_ADDRESS` set, on that server, with `DATABASE_URL` on that database. Contract D7. */
export async function startStack(say: (line: string) => void): Promise<DevelopmentStack> {
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    makeHomePrivate(say);
    const server = await temporalServer(say);
    started.push(() => server.stop());
    const kept = await stackStore(say);
    started.push(() => kept.stop());
    const api = await stackApi(server, kept.store, say);
    started.push(() => api.stop());
    const { address, namespace, uiUrl } = server;
    const worker = new WorkerProcess(
      {
        ...{ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, DATABASE_URL: kept.url },
        HOOKLINE_API_URL: process.env.HOOKLINE_API_URL || api.url,
        HOOKLINE_SECRETS: process.env.HOOKLINE_SECRETS || 'commandLine',
        // These belong to the server at TEMPORAL_ADDRESS, and ours has neither.
        ...(temporalSettings().address === null && {
          TEMPORAL_TLS: 'false',
          TEMPORAL_API_KEY: '',
          HOOKLINE_TEMPORAL_API_KEY_FILE: '',
        }),
      },
      say,
    );
    await worker.start();
    started.push(() => worker.stop());
    noteRunning({ address, namespace, uiUrl, apiUrl: api.url });
    started.push(() => Promise.resolve(forgetRunning()));
    return { address, namespace, uiUrl, apiUrl: api.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The API in this process, on the port that is set or, when that is taken, on another. */
async function stackApi({ address, namespace }: Stack, store: Store, say: (line: string) => void): Promise<RunningApi> {
  const http = httpBridgeSettings(process.env);
  const { host, port, trustedProxies, tls } = apiSettings(process.env);
  const settings = accountApiSettings(process.env);
  const accounts = { store, ...settings, operatorKey: settings.operatorKey ?? stackOperatorKey() };
  const { connection, client } = await connectClient(address, namespace);
  try {
    const usable = await ensureSearchAttributes(connection, namespace, say);
    const where = { host, port: await freePort(port), trustedProxies, tls };
    const api = await startApi({
      client,
      http,
      ...usable,
      accounts,
      ...where,
      log: openLog('api', process.env, 'warn'),
      checks: { disk: diskHasRoom(stackHome()) },
    });
    say(`API at ${api.url}${http.signature ? '' : ', without signatures, for this machine only'}`);
    if (settings.operatorKey === null) say(`the operator's key of the API is in ${operatorKeyFile()}`);
    return { url: api.url, stop: () => api.stop().then(() => connection.close()) };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** The Temporal server of the environment, else one of our own on a database file. */
export async function temporalServer(say: (line: string) => void): Promise<Stack> {
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
