/**
 * Awaiting calls on a time-skipping server, which loses locks of theirs. Contract D6.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { callReport } from '../../calls/read-call.js';
import type { CallReport } from '../../engine/call-report.js';
import { lostLocks } from '../../temporal/servers/lost-locks.js';
import type { TimeLocks } from '../../temporal/servers/time-locks.js';

/** Real milliseconds between two looks for locks that a call under way has lost: most calls end before the first. */
const LOOK_MS = 500;

/** Takes off each lock that the server has lost, once. */
export class AwaitedCalls {
  readonly #takenOff = new Set<string>();

  /** Waits for the report of a call. @param locks those of its commands and requests, as far as they are under way in this process */
  async report(handle: WorkflowHandle, locks: TimeLocks): Promise<CallReport> {
    const closed = new AbortController();
    const looking = this.#lookUntil(closed.signal, handle, locks);
    try {
      return await callReport(handle);
    } finally {
      closed.abort();
      await looking;
      await this.#takeOff(handle, locks);
    }
  }

  async #lookUntil(closed: AbortSignal, handle: WorkflowHandle, locks: TimeLocks): Promise<void> {
    while (await pause(LOOK_MS, true, { signal: closed }).catch(() => false)) await this.#takeOff(handle, locks);
  }

  async #takeOff(handle: WorkflowHandle, locks: TimeLocks): Promise<void> {
    // A failure belongs to a server that is gone.
    const lost = await lostLocks(handle).catch(() => undefined);
    await locks.giveBack(this.#news(lost?.cancelled)).catch(() => undefined);
    const left = this.#news(lost?.left);
    if (left > 0) await locks.abandon(left).catch(() => undefined);
  }

  #news(ids: string[] = []): number {
    const news = ids.filter((id) => !this.#takenOff.has(id));
    for (const id of news) this.#takenOff.add(id);
    return news.length;
  }
}
