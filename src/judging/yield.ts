/**
 * Lets threads that read yield to the ones that run calls, where a machine has fewer processors than they want.
 * @module
 */
import { readlinkSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** Steps of `nice`: of a processor that both want, a thread of calls gets three parts of four. */
export const STEPS = 5;

/** Gives the calling thread a lower priority than its process, where the system has one for each thread, which is Linux. Elsewhere it does nothing. */
export function yieldToCalls(): void {
  try {
    // The link says <process>/task/<thread>, and to Linux a thread is what a process is elsewhere.
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    if (thread > 0 && thread !== process.pid)
      setPriority(thread, Math.min(constants.priority.PRIORITY_LOW, getPriority(thread) + STEPS));
  } catch {
    // Without /proc, or without the right: it reads as before.
  }
}
