/**
 * Which process is meant, beyond its id: an id is given again after the process has ended, and in a container the first process
 * has the same one at every start.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, as a file names it. */
export interface ProcessMark {
  pid: number;
  /** When it began, in the words of its system; undefined when the system does not say, or an older release wrote the file. */
  since?: string;
}

/** The mark of a process that runs. */
export function markOf(pid: number): ProcessMark {
  const since = beginOf(pid);
  return since === undefined ? { pid } : { pid, since };
}

/** Whether the process of a mark runs still, and not another one that has its id by now. */
export function stillRuns({ pid, since }: ProcessMark): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  // The id alone says nothing of this process: it wrote none of the marks that others left behind.
  if (since === undefined) return pid !== process.pid;
  return (beginOf(pid) ?? since) === since;
}

/** When a process began: ticks since the machine's start with the id of that start, or what `ps` prints where there is no `/proc`. */
function beginOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // The name, in brackets, may hold blanks and brackets.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19] ?? ''}`;
    }
    if (process.platform === 'win32') return undefined;
    const said = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 2000 });
    return said.trim().replaceAll(/\s+/g, '_') || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
