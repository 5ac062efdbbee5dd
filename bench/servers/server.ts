/**
 * The Temporal servers that calls are measured on.
 * @module
 */
import { startDevServer } from '../../src/temporal/servers/dev-server.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { startPostgresqlServer } from './postgresql.js';

/** A server, and what it consists of. */
export interface BenchServer {
  address: string;
  namespace: string;
  version: string;
  /** URL of its metrics. */
  metrics: string;
  /** Pids by name. */
  processes: Record<string, number>;
  stop(): Promise<void>;
}

/** The development server in memory, or the real server on PostgreSQL. */
export type ServerKind = 'development' | 'postgresql';

/** Starts one. Rejects with the reason when it cannot be had. */
export async function startBenchServer(kind: ServerKind): Promise<BenchServer> {
  if (kind === 'postgresql') return startPostgresqlServer();
  const metricsPort = await freePort();
  const server = await startDevServer({ say: () => undefined, metricsPort });
  const { address, namespace, pid } = server;
  return {
    address,
    namespace,
    version: 'development, in memory',
    metrics: `http://127.0.0.1:${metricsPort}/metrics`,
    processes: { server: pid },
    stop: () => server.stop(),
  };
}
