/**
 * The longest time that a simulated call may take. Contract D4.
 * @module
 */
import type { WorkflowHandle } from '@temporalio/client';

/** Milliseconds that a cancelled call has for its end: it hangs up and runs its last branch. Then it is terminated. */
const END_MS = 10_000;

/** A limit of one call. */
export interface CallLimit {
  /** Whether the call reached the limit, and so was cancelled. */
  readonly reached: boolean;
  /** The call has ended: nothing is cancelled from now on. */
  lift: () => void;
}

/**
 * Cancels a call that still runs after so many seconds of real time, and terminates it when it has not ended 10 s later.
 * Without `seconds` there is no limit.
 */
export function limitCall(handle: WorkflowHandle, seconds: number | undefined): CallLimit {
  const timers: NodeJS.Timeout[] = [];
  const limit = { reached: false, lift: () => timers.splice(0).forEach(clearTimeout) };
  if (seconds === undefined) return limit;
  // A call that has closed meanwhile needs neither.
  const after = (ms: number, end: () => Promise<unknown>) => {
    timers.push(setTimeout(() => void end().catch(() => undefined), ms));
  };
  after(seconds * 1000, () => {
    limit.reached = true;
    return handle.cancel();
  });
  after(seconds * 1000 + END_MS, () => handle.terminate('the call did not end after it was cancelled'));
  return limit;
}
