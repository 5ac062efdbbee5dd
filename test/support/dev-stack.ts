/**
 * A real development server and worker processes that a test may kill.
 * @module
 */
import './runtime.js';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { startCall } from '../../src/calls/start-call.js';
import { callReport } from '../../src/calls/read-call.js';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { validateCaller } from '../../src/flow/validation/validate.js';
import type { BridgeCommand, CommandResult } from '../../src/telephony/commands.js';
import { type RunningSimulator, startSimulator } from '../../src/telephony/simulator/simulator-worker.js';
import { connected } from './connected.js';
import { type DevServer, startDevServer } from '../../src/temporal/servers/dev-server.js';
import type { StartedCall, TestCall } from './rig.js';

const entry = fileURLToPath(new URL('../../dist/worker.js', import.meta.url));

/** What differs from a stack in memory without a codec. */
export interface DevStackOptions {
  /** Where the server keeps calls. */
  dbFilename?: string;
  /** That of client and bridge; workers read their keys from their environment. */
  dataConverter?: DataConverter;
}

/** A development server with a simulated bridge; workers come and go as the test says. */
export class DevStack {
  /** Commands that the bridge was given, each with the time it came (`performance.now()`). */
  readonly commands: { command: BridgeCommand; at: number }[] = [];
  #output = '';
  readonly #workers = new Set<ChildProcess>();

  private constructor(
    readonly server: DevServer,
    readonly client: Client,
    private readonly connection: Connection,
    private readonly native: NativeConnection,
    readonly simulator: RunningSimulator,
    private readonly serverOutput: () => string,
  ) {
    const obey = simulator.bridge.bridgeCommand.bind(simulator.bridge);
    simulator.bridge.bridgeCommand = (command: BridgeCommand): Promise<CommandResult> => {
      this.commands.push({ command, at: performance.now() });
      return obey(command);
    };
  }

  static async start({ dataConverter = {}, ...options }: DevStackOptions = {}): Promise<DevStack> {
    let output = '';
    const server = await startDevServer({ say: () => undefined, onOutput: (text) => (output += text), ...options });
    const { connection, client } = await connected(server, dataConverter);
    const native = await NativeConnection.connect({ address: server.address });
    const simulator = await startSimulator({ connection: native, client, namespace: server.namespace });
    return new DevStack(server, client, connection, native, simulator, () => output);
  }

  /** What server and workers wrote so far. */
  get output(): string {
    return this.#output + this.serverOutput();
  }

  /** Starts a worker process and waits until it takes calls. @param program default: the one that was built */
  async startWorker(env: NodeJS.ProcessEnv = {}, program: string | URL = entry): Promise<ChildProcess> {
    const child = fork(program, {
      env: {
        HOOKLINE_LOG_LEVEL: 'warn',
        ...process.env,
        ...(env.HOOKLINE_CODEC_KEYS === undefined && { HOOKLINE_CODEC: 'off' }),
        TEMPORAL_ADDRESS: this.server.address,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        process.stderr.write(text);
      });
    }
    this.#workers.add(child);
    await once(child, 'message');
    return child;
  }

  /** Ends a worker as a power cut would. */
  async kill(worker: ChildProcess): Promise<void> {
    this.#workers.delete(worker);
    const gone = once(worker, 'exit');
    worker.kill('SIGKILL');
    await gone;
  }

  async call(test: TestCall): Promise<StartedCall> {
    const caller = validateCaller(test.caller ?? {}).value;
    if (!caller) throw new Error('The caller of the test is not valid.');
    const account = { id: 1, ...test.account };
    const callId = randomUUID();
    const { can, watched } = test;
    const bridge = {
      id: this.simulator.bridge.id,
      taskQueue: this.simulator.taskQueue,
      ...(can && { can }),
      ...(watched && { watched }),
    };
    const workflowId = callWorkflowId(account.id, bridge.id, callId);
    this.simulator.bridge.addCall({ callId, workflowId, direction: 'inbound', caller });
    const call = {
      id: callId,
      direction: 'inbound' as const,
      from: caller.from,
      to: caller.to,
      startedAt: new Date().toISOString(),
    };
    const handle = await startCall(this.client, {
      account,
      flow: test.flow as { id: string },
      call,
      variables: test.variables ?? {},
      bridge,
    });
    return { handle, report: () => callReport(handle) };
  }

  async stop(): Promise<void> {
    for (const worker of this.#workers) {
      if (worker.exitCode !== null || worker.signalCode !== null) continue;
      const gone = once(worker, 'exit');
      worker.kill('SIGTERM');
      await gone;
    }
    await this.simulator.shutdown();
    await this.native.close();
    await this.connection.close();
    await this.server.stop();
  }
}
