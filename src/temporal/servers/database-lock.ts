/**
 * One server to a database file. A server whose parent was killed lives a moment longer, just when its successor
 * starts; two at once on one file would hinder each other. The lock is a file with the mark of its holder (`process-mark.ts`).
 * @module
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { HooklineError } from '../../flow/errors.js';
import { markOf, type ProcessMark, stillRuns } from './process-mark.js';
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
    if (!stillRuns(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    if (Date.now() > deadline) {
      throw new HooklineError(
        'NO_TEMPORAL_SERVER',
        `Process ${holder.pid} uses the database ${database}. Stop it, or use its server with TEMPORAL_ADDRESS. If it is not a Temporal server, remove ${file}.`,
      );
    }
    if (!said) say(`Waiting for process ${holder.pid}, which still uses ${database}`);
    await sleep(100);
  }
  let owner = process.pid;
  return {
    giveTo: (pid) => {
      owner = pid;
      writeFileSync(file, textOf(pid));
    },
    release: () => {
      if (holderOf(file).pid === owner) rmSync(file, { force: true });
    },
  };
}

function take(file: string): boolean {
  try {
    writeFileSync(file, textOf(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new HooklineError('NO_TEMPORAL_SERVER', `The file ${file} cannot be written: ${(error as Error).message}`);
  }
}

function textOf(pid: number): string {
  const { since } = markOf(pid);
  return since === undefined ? String(pid) : `${pid} ${since}`;
}

/** The process in the file; of id 0 when there is none. */
function holderOf(file: string): ProcessMark {
  try {
    const [pid, since] = readFileSync(file, 'utf8').trim().split(' ');
    return { pid: Number(pid) || 0, ...(since !== undefined && { since }) };
  } catch {
    return { pid: 0 };
  }
}
