/**
 * The stack under chaos: a Temporal server on a database file, two workers and a bridge, each a process, with a network between
 * them that can fail.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, type Connection } from '@temporalio/client';
import { startWatch } from '../../../src/calls/watched-node.js';
import { CALL_TASK_QUEUE, type CallInput } from '../../../src/telephony/start.js';
import { connected } from '../../support/connected.js';
import { type DevServer, startDevServer } from '../../../src/temporal/servers/dev-server.js';
import { freePort } from '../../../src/temporal/servers/ports.js';
import { type ChaosBridge, startBridge } from './bridge.js';
import type { Fault } from './plan.js';
import { TcpProxy } from './tcp-proxy.js';
import { WorkerSlot } from './worker-slot.js';

/** Milliseconds by which a slow network is late. */
const SLOW_MS = 300;

/** A fault that has happened. */
export interface Struck {
  what: Fault['what'];
  /** When it struck, in milliseconds since 1970. */
  at: number;
  /** When the server answered again, or the network was well; of a worker that was killed, `at`. */
  over: number;
  /** Of the worker that was killed. */
  pid: number | null;
}

/** The stack of one run. */
export class ChaosStack {
  private constructor(
    private readonly folder: string,
    private server: DevServer,
    private readonly links: readonly [TcpProxy, TcpProxy],
    /** The way of all workers to the target. */
    private readonly targetLink: TcpProxy,
    readonly workers: readonly [WorkerSlot, WorkerSlot],
    readonly bridge: ChaosBridge,
    /** The bridge as starts name it. */
    readonly node: CallInput['bridge'],
    private readonly connection: Connection,
    readonly client: Client,
  ) {}

  /** Starts everything, and waits until both workers take calls. */
  static async start(targetPort: number, watched: boolean): Promise<ChaosStack> {
    const folder = mkdtempSync(join(tmpdir(), 'hookline-chaos-'));
    const server = await startServer(folder, await freePort());
    const serverPort = Number(server.address.split(':')[1]);
    const links = [await TcpProxy.to(serverPort), await TcpProxy.to(serverPort)] as const;
    const [one, other] = links.map(({ port }) => new WorkerSlot(`127.0.0.1:${port}`, server.namespace));
    if (!one || !other) throw new Error('There are two links.');
    const bridge = await startBridge(server.address, server.namespace);
    const { connection, client } = await connected(server, {});
    await Promise.all([one.ready(), other.ready()]);
    const { id, taskQueue, epoch } = bridge;
    const node = { id, taskQueue, ...(watched && { watched: epoch }) };
    if (watched) await startWatch(client, node, CALL_TASK_QUEUE);
    const targetLink = await TcpProxy.to(targetPort);
    return new ChaosStack(folder, server, links, targetLink, [one, other], bridge, node, connection, client);
  }

  /** Where the workers find the target. */
  get targetUrl(): string {
    return `http://127.0.0.1:${this.targetLink.port}`;
  }

  /** Makes something go wrong, and resolves when it is over; a worker comes back later by itself. */
  async strike({ what, worker, ms }: Fault): Promise<Struck> {
    // A worker is to be killed with the other one up.
    await Promise.all(this.workers.map((slot) => slot.ready()));
    const at = Date.now();
    const pid = what === 'worker' || what === 'both' ? this.workers[worker].kill() : null;
    if (what === 'server' || what === 'both') await this.#restartServer(ms);
    if (what === 'server cut' || what === 'target cut') await broken(this.#link(what, worker), ms);
    if (what === 'server slow' || what === 'target slow') await slowed(this.#link(what, worker), ms);
    return { what, at, over: what === 'worker' ? at : Date.now(), pid };
  }

  async stop(): Promise<void> {
    for (const worker of this.workers) worker.stop();
    this.bridge.stop();
    for (const link of [...this.links, this.targetLink]) link.close();
    await this.connection.close();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #restartServer(ms: number): Promise<void> {
    const port = Number(this.server.address.split(':')[1]);
    process.kill(this.server.pid, 'SIGKILL');
    await this.server.gone;
    await pause(ms);
    this.server = await startServer(this.folder, port);
  }

  #link(what: 'server cut' | 'server slow' | 'target cut' | 'target slow', worker: 0 | 1): TcpProxy {
    return what.startsWith('server') ? this.links[worker] : this.targetLink;
  }
}

async function broken(link: TcpProxy, ms: number): Promise<void> {
  link.cut();
  await pause(ms);
  link.heal();
}

async function slowed(link: TcpProxy, ms: number): Promise<void> {
  link.slow(SLOW_MS);
  await pause(ms);
  link.heal();
}

function startServer(folder: string, port: number): Promise<DevServer> {
  return startDevServer({ say: () => undefined, dbFilename: join(folder, 'temporal.db'), port });
}
