/**
 * One server to a database file. A server whose parent was killed lives a moment longer, just when its successor
 * starts; two at once on one file would hinder each other.
 * @module
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { HooklineError } from '../../flow/errors.js';
import type { Say } from './programs.js';

/** A guard gives its server 6 s. */
const WAIT_SECONDS = 8;

/** The right to use a database file, held by a process. */
export interface DatabaseLock {
  /** Hands the right to another process, the server. */
  giveTo(pid: number): void;
  /** Gives the right back; nothing happens when another process has it by now. */
  release(): void;
}

/**
 * Takes the right to use a database file; waits some seconds for a server that is about to end.
 * @throws HooklineError NO_TEMPORAL_SERVER when another process keeps it
 */
export async function lockDatabase(database: string, say: Say): Promise<DatabaseLock> {
  const file = `${database}.pid`;
  const deadline = Date.now() + WAIT_SECONDS * 1000;
  for (let said = false; !take(file); said = true) {
    const holder = holderOf(file);
    if (!isAlive(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    if (Date.now() > deadline) {
      throw new HooklineError(
        'NO_TEMPORAL_SERVER',
        `Process ${holder} uses the database ${database}. Stop it, or use its server with TEMPORAL_ADDRESS. If it is not a Temporal server, remove ${file}.`,
      );
    }
    if (!said) say(`Waiting for process ${holder}, which still uses ${database}`);
    await sleep(100);
  }
  let owner = process.pid;
  return {
    giveTo: (pid) => {
      owner = pid;
      writeFileSync(file, String(pid));
    },
    release: () => {
      if (holderOf(file) === owner) rmSync(file, { force: true });
    },
  };
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new HooklineError('NO_TEMPORAL_SERVER', `The file ${file} cannot be written: ${(error as Error).message}`);
  }
}

/** The process id in the file; 0 when there is none. */
function holderOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
