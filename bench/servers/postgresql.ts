/**
 * The real Temporal server on PostgreSQL, all its services in one process.
 * @module
 */
import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { msToTs } from '@temporalio/common/lib/time.js';
import { stringify } from 'yaml';
import { connectClient } from '../../src/temporal/connect.js';
import { ensureSearchAttributes } from '../../src/temporal/register-search-attributes.js';
import { SERVER_SETTINGS } from '../../src/temporal/servers/dev-server-arguments.js';
import { listens } from '../../src/temporal/servers/ports.js';
import { startPostgres } from '../../test/support/databases.js';
import { SERVER_VERSION, type ServerPrograms, serverPrograms } from './programs.js';
import type { BenchServer } from './server.js';

const NAMESPACE = 'default';
/** Fixed for ever when a cluster is made. */
const SHARDS = 4;
const START_SECONDS = 60;
const DATABASES = { temporal: 'temporal', visibility: 'temporal_visibility' };

/** Starts database and server, and waits until it takes calls. */
export async function startPostgresqlServer(): Promise<BenchServer> {
  const programs = await serverPrograms();
  const database = await startPostgres({ durable: true });
  const folder = await mkdtemp(join(tmpdir(), 'hookline-bench-'));
  const { port: databasePort } = new URL(database.url);
  await createSchema(programs, databasePort);
  const [port, metricsPort] = [await lowPort(), await lowPort()];
  const dynamic = Object.entries(SERVER_SETTINGS).map(([key, value]) => [key, [{ value }]]);
  await writeFile(join(folder, 'dynamic.yaml'), stringify(Object.fromEntries(dynamic)));
  await writeFile(
    join(folder, 'bench.yaml'),
    stringify(await configuration(folder, { port, metricsPort }, databasePort)),
  );
  const child = spawn(programs.server, ['--root', '/', '--config', folder, '--env', 'bench', 'start'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { GOGC: '400', ...process.env },
  });
  const stop = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const address = `127.0.0.1:${port}`;
  await untilUsable(address);
  const processes = { server: child.pid ?? 0, postgresql: database.pid };
  return {
    address,
    namespace: NAMESPACE,
    metrics: `http://127.0.0.1:${metricsPort}/metrics`,
    version: `${SERVER_VERSION} on PostgreSQL, ${SHARDS} shards`,
    processes,
    stop,
  };
}

async function createSchema({ sqlTool, schema }: ServerPrograms, port: string): Promise<void> {
  for (const [part, name] of Object.entries(DATABASES)) {
    const at = ['--plugin', 'postgres12', '--ep', '127.0.0.1', '-p', port, '-u', 'postgres', '--db', name];
    for (const step of [
      ['create'],
      ['setup-schema', '-v', '0.0'],
      ['update-schema', '-d', `${schema}/${part}/versioned`],
    ])
      await promisify(execFile)(sqlTool, [...at, ...step]);
  }
}

async function configuration(
  folder: string,
  { port, metricsPort }: { port: number; metricsPort: number },
  databasePort: string,
) {
  const store = (databaseName: string, connections: number) => ({
    sql: {
      ...{
        pluginName: 'postgres12_pgx',
        databaseName,
        connectAddr: `127.0.0.1:${databasePort}`,
        connectProtocol: 'tcp',
      },
      ...{ user: 'postgres', password: '', maxConns: connections, maxIdleConns: connections, maxConnLifetime: '1h' },
    },
  });
  const service = async (grpcPort: number) => ({
    rpc: { grpcPort, membershipPort: await lowPort(), bindOnLocalHost: true },
  });
  const information = {
    enabled: true,
    initialFailoverVersion: 1,
    rpcName: 'frontend',
    rpcAddress: `127.0.0.1:${port}`,
  };
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      ...{ defaultStore: 'main', visibilityStore: 'visibility', numHistoryShards: SHARDS },
      datastores: { main: store(DATABASES.temporal, 20), visibility: store(DATABASES.visibility, 5) },
    },
    global: {
      membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' },
      metrics: { prometheus: { listenAddress: `127.0.0.1:${metricsPort}` } },
    },
    services: {
      frontend: await service(port),
      matching: await service(await lowPort()),
      history: await service(await lowPort()),
      worker: await service(await lowPort()),
    },
    clusterMetadata: {
      ...{ enableGlobalNamespace: false, failoverVersionIncrement: 10, masterClusterName: 'active' },
      ...{ currentClusterName: 'active', clusterInformation: { active: information } },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: join(folder, 'dynamic.yaml'), pollInterval: '60s' },
  };
}

/** PostgreSQL's schema keeps ports of services in two bytes with a sign. */
async function lowPort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if (!(await listens(port))) return port;
  }
}

/** A new namespace is known to all services some seconds after it was made. */
async function untilUsable(address: string): Promise<void> {
  const end = Date.now() + START_SECONDS * 1000;
  for (;;) {
    try {
      const { connection } = await connectClient(address, NAMESPACE, {});
      const { workflowService: service } = connection;
      await service
        .registerNamespace({ namespace: NAMESPACE, workflowExecutionRetentionPeriod: msToTs('1 day') })
        .catch(() => undefined);
      await service.listWorkflowExecutions({ namespace: NAMESPACE });
      const { searchAttributes: known } = await ensureSearchAttributes(connection, NAMESPACE, () => undefined);
      await connection.close();
      if (known) return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await pause(500);
  }
}
