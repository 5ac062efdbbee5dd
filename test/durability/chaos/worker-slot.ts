/**
 * One of the two workers: a process that is killed now and then, and started again as a supervisor would.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../../dist/worker.js', import.meta.url));
/** Milliseconds before a worker that died is started again. */
const RESTART_MS = 500;

/** Keeps a worker process there. */
export class WorkerSlot {
  /** Whether it takes calls. */
  up = false;
  /** How often a worker ended by itself, while it started or later. */
  failures = 0;
  #child: ChildProcess | undefined;
  #killed = false;
  #stopped = false;

  /** @param address of the Temporal server, as this worker sees it */
  constructor(
    private readonly address: string,
    private readonly namespace: string,
  ) {
    void this.#keep();
  }

  /** Ends the worker as a power cut would, and gives its process id. */
  kill(): number {
    this.up = false;
    this.#killed = true;
    this.#child?.kill('SIGKILL');
    return this.#child?.pid ?? 0;
  }

  /** Ends it for good. */
  stop(): void {
    this.#stopped = true;
    this.kill();
  }

  /** Resolves when it takes calls. */
  async ready(): Promise<void> {
    while (!this.up) await pause(20);
  }

  async #keep(): Promise<void> {
    while (!this.#stopped) {
      this.#killed = false;
      const env = { ...process.env, TEMPORAL_ADDRESS: this.address, TEMPORAL_NAMESPACE: this.namespace };
      const child = fork(entry, {
        env: { ...env, HOOKLINE_CODEC: 'off', DATABASE_URL: '' },
        execArgv: [],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      this.#child = child;
      child.once('message', () => (this.up = !this.#killed));
      await once(child, 'exit');
      this.up = false;
      if (!this.#killed) this.failures += 1;
      await pause(RESTART_MS);
    }
  }
}
