/**
 * A program that runs beside the test: ready when it has said so, and ended with the test.
 * @module
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endProcess } from '../end-process.js';

const HOOKLINE = fileURLToPath(new URL('../../../bin/hookline.js', import.meta.url));
/** Milliseconds for its start. */
const START_MS = 90_000;
/** Milliseconds between the request to end and the kill. */
const STOP_MS = 15_000;

/** A running program. */
export interface Child {
  pid: number;
  /** What it has written on both outputs. */
  said(): string;
  /** Its exit code once it has ended, null after a signal. */
  ended: Promise<number | null>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Asks it to end. */
  stop(): Promise<void>;
}

/** Runs `hookline ARGS` until it has written what `ready` fits. */
export function hookline(args: readonly string[], env: NodeJS.ProcessEnv, ready: RegExp): Promise<Child> {
  return startChild(process.execPath, [HOOKLINE, ...args], env, ready);
}

/** Runs a program until it has written what `ready` fits. @throws {Error} with what it wrote when it ends before */
export async function startChild(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  ready: RegExp,
): Promise<Child> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for us: we end it in our order.
    detached: true,
  });
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  child.once('exit', () => process.off('exit', onExit));
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  let said = '';
  const { promise, resolve, reject } = settled();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += String(chunk);
      if (ready.test(said)) resolve();
    });
  child.once('error', reject);
  child.once('exit', () => reject(new Error(`${args.join(' ')} ended:\n${said}`)));
  const timer = setTimeout(() => reject(new Error(`${args.join(' ')} did not start:\n${said}`)), START_MS);
  try {
    await promise;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return {
    pid: child.pid ?? 0,
    said: () => said,
    ended,
    kill: () => endProcess(child, 'SIGKILL', STOP_MS),
    stop: () => endProcess(child, 'SIGTERM', STOP_MS),
  };
}

function settled() {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((fulfil, refuse) => ([resolve, reject] = [fulfil, refuse]));
  return { promise, resolve, reject };
}
