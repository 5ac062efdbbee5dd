/**
 * The worker of a stack as a process of its own, started again when it dies.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { codecSettings } from '../temporal/codec/codec-settings.js';

const entry = fileURLToPath(new URL('../worker.js', import.meta.url));

/** Milliseconds before a worker that died is started again. */
const RESTART_MS = 500;

/** A supervised worker process. */
export class WorkerProcess {
  #child: ChildProcess | undefined;
  #stopping = false;

  constructor(
    private readonly env: Record<
      'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE' | 'HOOKLINE_API_URL' | 'DATABASE_URL',
      string
    > &
      NodeJS.ProcessEnv,
    private readonly say: (line: string) => void,
  ) {}

  /** Starts the worker and waits until it takes calls. */
  async start(): Promise<void> {
    // A worker wants keys; a development stack goes without when there are none.
    const codec = codecSettings() === null && { HOOKLINE_CODEC: 'off' };
    // The command that places a call reports it; the worker need not.
    const env = { HOOKLINE_LOG_LEVEL: 'warn', ...process.env, ...this.env, ...codec };
    const child = fork(entry, { env, stdio: ['ignore', 2, 2, 'ipc'] });
    this.#child = child;
    await new Promise<void>((ready, failed) => {
      child.once('message', () => ready());
      child.once('exit', (code) => failed(new Error(`The worker ended with code ${code} before it was ready.`)));
    });
    this.say(`worker takes calls (process ${child.pid})`);
    child.once('exit', (code, signal) => this.#onExit(code, signal));
  }

  /** Stops the worker; requests under way end first. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    await gone;
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#stopping) return;
    this.say(`the worker ended (${signal ?? `code ${code}`}); starting another`);
    this.#startAgain();
  }

  /** Again and again: what it needs, such as the Temporal server, may be away for longer than the worker takes to notice. */
  #startAgain(): void {
    setTimeout(() => {
      if (this.#stopping) return;
      this.start().catch((error: unknown) => {
        this.say(`the worker does not start: ${String(error)}`);
        this.#startAgain();
      });
    }, RESTART_MS);
  }
}
