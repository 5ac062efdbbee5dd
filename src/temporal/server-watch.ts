/**
 * Whether the Temporal server has been there all the time, as this worker sees it. Contract B5.
 * @module
 */
import { IllegalStateError } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';

/** Milliseconds between two looks, and within which each must be answered. */
const EVERY_MS = 1000;

/**
 * Looks at the server from now on, until its connection is closed. Gives the milliseconds for which it has answered every look
 * in time, 0 while it does not. What was before the first look nobody knows: it counts as there, unless it has just come back.
 */
export function watchServer(connection: NativeConnection, justBack: boolean): () => number {
  let steadySince = justBack ? performance.now() : Number.MIN_SAFE_INTEGER;
  let asked: number | null = null;
  const overdue = () => asked !== null && performance.now() - asked > EVERY_MS;
  // The SDK repeats a request that fails, for many seconds: the sign of an outage is the time that it takes.
  const look = async () => {
    asked = performance.now();
    try {
      await connection.workflowService.getSystemInfo({});
      if (overdue()) steadySince = performance.now();
    } catch (error) {
      steadySince = performance.now();
      if (error instanceof IllegalStateError) clearInterval(timer);
    }
    asked = null;
  };
  const timer = setInterval(() => {
    if (asked === null) void look();
  }, EVERY_MS);
  timer.unref();
  return () => (overdue() ? 0 : performance.now() - steadySince);
}
