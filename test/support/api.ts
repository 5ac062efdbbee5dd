/**
 * A running API with accounts, over a store in memory and a Temporal server of its own.
 * @module
 */
import './runtime.js';
import type { Client } from '@temporalio/client';
import { startApi } from '../../src/api/api.js';
import type { SecretSettings } from '../../src/http/secret-settings.js';
import type { Sealer } from '../../src/store/sealer.js';
import { openStore, type Store } from '../../src/store/store.js';
import { httpBridgeSettings } from '../../src/telephony/http/bridge-http-settings.js';
import { connected } from './connected.js';
import { type DevServer, startDevServer } from '../../src/temporal/servers/dev-server.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { type TestDatabase, testDatabase } from './databases.js';
import { testLog } from './log.js';

/** The operator's key of the API. */
export const OPERATOR_KEY = 'operator-key-of-the-tests-0123456789';

/** What a request gave. */
export interface Answered {
  status: number;
  headers: Headers;
  /** JSON, or the text when it is none. */
  body: unknown;
}

/** An API, and what it works with. */
export interface TestApi {
  url: string;
  server: DevServer;
  client: Client;
  store: Store;
  database: TestDatabase;
  /** Sends a request; a body goes as JSON. The key is the operator's unless another is named, or null. */
  send(
    method: string,
    path: string,
    body?: unknown,
    more?: { key?: string | null; headers?: Record<string, string> },
  ): Promise<Answered>;
  /** A key of an account. */
  keyFor(account: number, ...scopes: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Starts one. */
export async function testApi(
  options: {
    requestsPerMinute?: number;
    wrongKeys?: number;
    database?: TestDatabase;
    sealer?: Sealer;
    secrets?: SecretSettings;
  } = {},
): Promise<TestApi> {
  const [server, database] = await Promise.all([
    startDevServer({ say: () => undefined }),
    options.database ?? testDatabase(),
  ]);
  const store = await openStore(database.url, options.sealer);
  const { connection, client } = await connected(server);
  const port = await freePort();
  const faults: string[] = [];
  const api = await startApi({
    ...{ client, searchAttributes: true, host: '127.0.0.1', port, http: httpBridgeSettings({}) },
    accounts: {
      store,
      operatorKey: OPERATOR_KEY,
      requestsPerMinute: options.requestsPerMinute ?? 1_000_000,
      wrongKeys: options.wrongKeys ?? 1_000_000,
      secrets: options.secrets,
    },
    log: testLog((line) => line.msg === 'a fault of ours' && faults.push(JSON.stringify(line))),
  });
  const send: TestApi['send'] = async (method, path, body, { key = OPERATOR_KEY, headers = {} } = {}) => {
    const answer = await fetch(`${api.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status >= 500) throw new Error(`${method} ${path}: ${answer.status} ${text} ${faults.join('; ')}`);
    return { status: answer.status, headers: answer.headers, body: jsonOr(text) };
  };
  return {
    ...{ url: api.url, server, client, store, database, send },
    keyFor: async (account, ...scopes) => (await store.apiKeys.create(account, 'test', scopes)).key,
    stop: async () => {
      await api.stop();
      await connection.close();
      await server.stop();
      await store.close();
      await database.stop();
    },
  };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
