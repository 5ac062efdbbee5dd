/**
 * The folder of a development stack: its database, and a note of where it runs.
 * @module
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporalSettings } from '../temporal/connect.js';
import { markOf, type ProcessMark, stillRuns } from '../temporal/servers/process-mark.js';

/** Names of what a stack keeps in its folder. */
export const HOME_ENTRIES = /^(store|temporal\.db|stack\.json|operator-key)/;

/** Where a running stack is found, and the process that holds it together. */
export interface RunningStack extends ProcessMark {
  /** Of the Temporal server. */
  address: string;
  namespace: string;
  uiUrl: string | null;
  /** Of our HTTP API. */
  apiUrl: string;
}

/** The stack's folder: `HOOKLINE_HOME`, default `.hookline` in the working folder. Made when it is not there, for its owner alone. */
export function stackHome(): string {
  const home = resolve(process.env.HOOKLINE_HOME ?? '.hookline');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return home;
}

/** Notes where the stack of this process runs, for `hookline run`. */
export function noteRunning(stack: Omit<RunningStack, keyof ProcessMark>): void {
  writeFileSync(noteFile(), `${JSON.stringify({ ...markOf(process.pid), ...stack }, null, 2)}\n`, { mode: 0o600 });
}

/** Takes the note away when it is ours. */
export function forgetRunning(): void {
  if (readNote()?.pid === process.pid) rmSync(noteFile(), { force: true });
}

/** The stack that runs from this folder; undefined when there is none, or its process is gone. */
export function runningStack(): RunningStack | undefined {
  const note = readNote();
  return note && stillRuns(note) ? note : undefined;
}

/** The configured server, else that of the stack that runs from this folder, else 127.0.0.1:7233. */
export function knownServer(): Pick<RunningStack, 'address' | 'namespace'> {
  const { address, namespace } = temporalSettings();
  if (address !== null) return { address, namespace };
  return runningStack() ?? { address: '127.0.0.1:7233', namespace };
}

function noteFile(): string {
  return join(stackHome(), 'stack.json');
}

function readNote(): RunningStack | undefined {
  try {
    return JSON.parse(readFileSync(noteFile(), 'utf8')) as RunningStack;
  } catch {
    return undefined;
  }
}
