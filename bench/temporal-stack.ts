/**
 * A Temporal server, a database for reports, a bridge and a worker process: what Hookline and the floors run on.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Client, Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { connectNative } from '../src/temporal/connect-native.js';
import { connectClient } from '../src/temporal/connect.js';
import { startPostgres, type TestDatabase } from '../test/support/databases.js';
import { BenchBridge } from './bridge.js';
import { type BenchServer, type ServerKind, startBenchServer } from './servers/server.js';

/** Which program takes the calls, and with which Node options. */
export interface WorkerProgram {
  entry: URL;
  execArgv?: string[];
  env?: NodeJS.ProcessEnv;
  /** Worker processes, default 1. */
  workers?: number;
}

/** A running stack. */
export class TemporalStack {
  readonly #workers: ChildProcess[] = [];

  private constructor(
    private readonly program: WorkerProgram,
    readonly server: BenchServer,
    private readonly database: TestDatabase,
    private readonly connection: Connection,
    readonly client: Client,
    private readonly native: NativeConnection,
    readonly bridge: BenchBridge,
  ) {}

  /** Starts one, and waits until its worker takes calls. */
  static async start(program: WorkerProgram, kind: ServerKind = 'development'): Promise<TemporalStack> {
    const [server, database] = await Promise.all([startBenchServer(kind), startPostgres({ durable: true })]);
    const { connection, client } = await connectClient(server.address, server.namespace, {});
    const native = await connectNative(server.address);
    const bridge = await BenchBridge.start(native, server.namespace);
    const stack = new TemporalStack(program, server, database, connection, client, native, bridge);
    for (let n = 0; n < (program.workers ?? 1); n++) await stack.startWorker();
    return stack;
  }

  /** Starts one more worker. Milliseconds until it takes calls. */
  async startWorker(): Promise<number> {
    const start = performance.now();
    const { entry, execArgv = [], env = {} } = this.program;
    const child = fork(entry, {
      execArgv,
      env: {
        ...process.env,
        ...{ TEMPORAL_ADDRESS: this.server.address, TEMPORAL_NAMESPACE: this.server.namespace },
        ...{ DATABASE_URL: this.database.url, HOOKLINE_CODEC: 'off', HOOKLINE_LOG_LEVEL: 'error' },
        ...env,
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#workers.push(child);
    await once(child, 'message');
    return performance.now() - start;
  }

  /** Server and workers. The database takes one row a call, and the bridge is not the engine's. */
  processes(): Record<string, number> {
    const workers = this.#workers.map(({ pid }, n) => [n === 0 ? 'worker' : `worker ${n + 1}`, pid ?? 0] as const);
    return { ...this.server.processes, ...Object.fromEntries(workers) };
  }

  /** SIGKILL for the workers, then as many new ones. */
  async crash(): Promise<void> {
    const killed = this.#workers.splice(0);
    for (const worker of killed) worker.kill('SIGKILL');
    for (let n = 0; n < killed.length; n++) await this.startWorker();
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#workers.map(async (worker) => {
        const gone = once(worker, 'exit');
        worker.kill('SIGTERM');
        const force = setTimeout(() => worker.kill('SIGKILL'), 5000);
        await gone;
        clearTimeout(force);
      }),
    );
    await this.bridge.stop();
    await this.native.close();
    await this.connection.close();
    await this.server.stop();
    await this.database.stop();
  }
}
