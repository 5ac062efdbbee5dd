/**
 * Running a Temporal development server as a child process.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { HooklineError } from '../../flow/errors.js';
import { saysDiskFull } from '../../store/disk-full.js';
import { connectClient } from '../connect.js';
import { lockDatabase } from './database-lock.js';
import { devServerArguments, DEV_SERVER_NAMESPACE } from './dev-server-arguments.js';
import { findServer } from './find-server.js';
import { guarded } from './parent-guard.js';
import { freePort, listens } from './ports.js';
import { DEV_SERVER, type Say } from './programs.js';

const START_SECONDS = 20;
/** A server at rest closes its database in 1 to 3 s. */
const STOP_SECONDS = 8;
/** Milliseconds after which a disk that is full is reported again. */
const AGAIN_MS = 60_000;

/** How Go runs the server. */
const RUNTIME = {
  // Collecting less often costs memory and saves a tenth of the server's time.
  GOGC: '400',
  // It takes all processors else, though one connection writes its database, and what waits there keeps workers from theirs.
  GOMAXPROCS: String(Math.max(1, Math.floor(availableParallelism() / 2))),
};

/** A running development server. It also ends, within seconds, when this process ends in whatever way. */
export interface DevServer {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  readonly namespace: string;
  /** Where Temporal's own UI is; null without one. */
  readonly uiUrl: string | null;
  readonly pid: number;
  /** Resolves when the server has gone, stopped by us or not. */
  readonly gone: Promise<void>;
  /** Ends the server so that its database is closed well, or after 8 s by force. Resolves when it has gone. */
  stop(): Promise<void>;
}

/** Settings of a development server. */
export interface DevServerOptions {
  say: Say;
  /** Where calls are kept over restarts. Default: in memory only. */
  dbFilename?: string;
  /** Default: a free one. */
  port?: number;
  /** The port of Temporal's own UI, such as {@link freePort} gives; default `false`, no UI. */
  uiPort?: number | false;
  /** The port of the server's own metrics, in the format of Prometheus; default: none. */
  metricsPort?: number;
  /** Called with what the server writes to standard error. */
  onOutput?: (text: string) => void;
}

/**
 * Finds and starts a development server with our search attributes, and waits until it takes calls.
 * @throws HooklineError NO_TEMPORAL_SERVER when none is found, it dies, or it is not healthy within 20 s
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { say, dbFilename, metricsPort, uiPort = false } = options;
  const program = await findServer(DEV_SERVER, say);
  const lock = dbFilename === undefined ? null : await lockDatabase(dbFilename, say);
  try {
    const port = options.port ?? (await freePort());
    // A stranger's server there would pass for ours.
    if (await listens(port)) throw new HooklineError('NO_TEMPORAL_SERVER', `Port ${port} is in use. Choose another.`);
    const command = guarded(program, await devServerArguments(program, { port, uiPort, dbFilename, metricsPort }));
    // In a process group of its own: Ctrl-C in a terminal must reach the worker first, which still needs the server.
    const child = spawn(command.command, command.args, {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...RUNTIME, ...process.env },
    });
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve())).then(() => lock?.release());
    child.once('error', (error) => say(`The Temporal server: ${error.message}`));
    const lastWords = keepTail(child, say, options.onOutput);
    if (child.pid === undefined) throw new HooklineError('NO_TEMPORAL_SERVER', 'The shell /bin/sh cannot be started.');
    lock?.giveTo(child.pid);
    const stop = () => stopChild(child, gone);
    try {
      await untilHealthy(port, gone, lastWords);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    // The server alone is no reason for this process to live on.
    child.unref();
    (child.stderr as Socket).unref();
    const address = `127.0.0.1:${port}`;
    const uiUrl = uiPort === false ? null : `http://127.0.0.1:${uiPort}`;
    say(`Temporal development server runs at ${address}${uiUrl ? `, its UI at ${uiUrl}` : ''}`);
    return { address, namespace: DEV_SERVER_NAMESPACE, uiUrl, pid: child.pid, gone, stop };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** Keeps the end of what the server writes to standard error, for the message when it dies; says when its disk is full. */
function keepTail(child: ChildProcess, say: Say, onOutput?: (text: string) => void): () => string {
  let tail = '';
  let said = Number.NEGATIVE_INFINITY;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-2000);
    onOutput?.(text);
    if (!saysDiskFull(text) || performance.now() - said < AGAIN_MS) return;
    said = performance.now();
    say('the disk of the Temporal server is full: calls stand still until there is room');
  });
  return () => tail.trim() || '(it wrote nothing)';
}

async function untilHealthy(port: number, gone: Promise<void>, lastWords: () => string): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  let died = false;
  void gone.then(() => (died = true));
  for (;;) {
    if (died) {
      throw new HooklineError(
        'NO_TEMPORAL_SERVER',
        `The Temporal server ended while starting. It said:\n${lastWords()}`,
      );
    }
    if (Date.now() > deadline) {
      throw new HooklineError(
        'NO_TEMPORAL_SERVER',
        `The Temporal server was not ready on port ${port} within ${START_SECONDS} s. It said:\n${lastWords()}`,
      );
    }
    const healthy = listens(port).then((answers) => answers && isHealthy(port));
    if (await Promise.race([healthy, gone.then(() => false)])) return;
    await sleep(50);
  }
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const { connection } = await connectClient(`127.0.0.1:${port}`, DEV_SERVER_NAMESPACE, {});
    try {
      await connection.workflowService.describeNamespace({ namespace: DEV_SERVER_NAMESPACE });
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

async function stopChild(child: ChildProcess, gone: Promise<void>): Promise<void> {
  child.ref();
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000);
  await gone;
  clearTimeout(force);
}
