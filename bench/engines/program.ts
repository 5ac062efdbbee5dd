/**
 * A server that is started by its own command and takes calls over HTTP.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import type { RunningEngine } from '../engine.js';

/** How it is started, and where it is asked. */
export interface ProgramOptions {
  node: URL;
  args: string[];
  /** All that it sees of the environment, with `PATH`. */
  env: NodeJS.ProcessEnv;
  /** The folder that it works in and keeps its files in. */
  folder: string;
  /** The port that it will listen on. */
  port: number;
  /** Path that takes `{"call": id}`, and says so to OPTIONS as soon as it does. */
  callPath: string;
}

/** Milliseconds that it may take to start. */
const READY_MS = 120_000;

/** A running one. */
export class Program {
  #child!: ChildProcess;
  #pool!: Pool;

  private constructor(private readonly options: ProgramOptions) {}

  /** Starts it, and waits until it takes calls. */
  static async start(options: ProgramOptions): Promise<Program> {
    const program = new Program(options);
    await program.#begin();
    return program;
  }

  /** As an engine; its folder goes when it stops. */
  running(versions: Record<string, string>): RunningEngine {
    return {
      versions,
      call: (id) => this.call(id),
      processes: () => ({ server: this.#child.pid ?? 0 }),
      crash: () => this.crash(),
      stop: async () => {
        await this.stop();
        await rm(this.options.folder, { recursive: true, force: true });
      },
    };
  }

  /** Hands over a call. */
  async call(id: string): Promise<void> {
    const { statusCode, body } = await this.#pool.request({
      method: 'POST',
      path: this.options.callPath,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ call: id }),
    });
    await body.dump();
    if (statusCode >= 300) throw new Error(`The engine answered a call with ${statusCode}.`);
  }

  /** SIGKILL, then a new one on the same port. */
  async crash(): Promise<void> {
    await this.#end('SIGKILL');
    await this.#begin();
  }

  /** SIGTERM, and SIGKILL after 5 s. */
  async stop(): Promise<void> {
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await this.#end('SIGTERM');
    clearTimeout(force);
  }

  async #begin(): Promise<void> {
    const { node, args, env, folder, port } = this.options;
    this.#child = spawn(fileURLToPath(node), args, {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#pool = new Pool(`http://127.0.0.1:${port}`, { connections: 64 });
    const until = performance.now() + READY_MS;
    while (!(await this.#ready())) {
      const { exitCode } = this.#child;
      if (exitCode === null && performance.now() < until) await pause(50);
      else {
        await this.stop();
        throw new Error(exitCode === null ? 'The engine does not take calls.' : `The engine ended with ${exitCode}.`);
      }
    }
  }

  async #ready(): Promise<boolean> {
    try {
      const asked = {
        method: 'OPTIONS',
        path: this.options.callPath,
        headers: { origin: 'http://127.0.0.1' },
      } as const;
      const { headers, body } = await this.#pool.request(asked);
      await body.dump();
      return [headers.allow, headers['access-control-allow-methods']].some((methods) => methods?.includes('POST'));
    } catch {
      return false;
    }
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit');
      this.#child.kill(signal);
      await gone;
    }
    await this.#pool.destroy();
  }
}
