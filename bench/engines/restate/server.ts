/**
 * A Restate server: one node with all roles, its data in a folder that goes with it.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../src/temporal/servers/ports.js';

/** Milliseconds that a start may take. */
const START_MS = 30_000;

/** A server that can be killed and started again with the data that it had. */
export class RestateServer {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    /** Where calls go in. */
    readonly ingress: string,
    private readonly admin: string,
  ) {}

  /** Starts one with nothing in it. What is not set here is as the server has it, for production. */
  static async start(): Promise<RestateServer> {
    const folder = await mkdtemp(join(tmpdir(), 'hookline-restate-'));
    const [node, ingress, admin] = await Promise.all([address(), address(), address()]);
    const env = {
      PATH: process.env.PATH,
      RESTATE_BASE_DIR: folder,
      RESTATE_NODE_NAME: 'bench',
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_ADDRESS: node,
      RESTATE_INGRESS__BIND_ADDRESS: ingress,
      RESTATE_ADMIN__BIND_ADDRESS: admin,
      RESTATE_DISABLE_TELEMETRY: 'true',
      // At each start it asks GitHub for its newest release, for which it has no switch, and says when it gets no answer.
      RESTATE_LOG_FILTER: 'error,octocrab=off',
    };
    const server = new RestateServer(folder, env, `http://${ingress}`, `http://${admin}`);
    await server.begin();
    return server;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts the process, and waits until it takes requests. */
  async begin(): Promise<void> {
    // Not by npm's launcher: a SIGKILL would end that and leave the server.
    const program = `node_modules/@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`;
    const child = spawn(fileURLToPath(new URL(program, import.meta.url)), ['--no-logo'], {
      cwd: this.folder,
      env: this.env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#child = child;
    await Promise.all([answers(`${this.ingress}/restate/health`, child), answers(`${this.admin}/health`, child)]);
  }

  /** Makes the services at a URL known to it. */
  async register(uri: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.admin}/deployments`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ uri }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Restate refused the service with ${response.status}: ${text}`);
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await ended(this.#child, 'SIGKILL');
  }

  /** Ends it, and removes its data. */
  async stop(): Promise<void> {
    const force = setTimeout(() => this.#child?.kill('SIGKILL'), 5000);
    await ended(this.#child, 'SIGTERM');
    clearTimeout(force);
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function address(): Promise<string> {
  return `127.0.0.1:${await freePort()}`;
}

async function ended(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const until = performance.now() + START_MS;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    if (child.exitCode !== null || performance.now() > until) throw new Error('The Restate server did not start.');
    await pause(20);
  }
}
