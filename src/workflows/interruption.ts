/**
 * What may cut a widget short: a hang-up, a bridge that is gone, a call that lasts too long. Contract C1, C3, B5, H5.
 * @module
 */
import { CancellationScope, condition } from '@temporalio/workflow';

/** Why the Start branch stops where it is. */
export type Cause = 'remoteHangup' | 'legEnded' | 'bridgeGone' | 'callTooLong';

/** Thrown through a widget that is cut; never caught by a widget. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor(readonly by: Cause) {
    super(by);
  }
}

/** The caller has pressed a key that leaves a wait. Contract H6. */
export class CallerLeft extends Error {
  override readonly name = 'CallerLeft';
  constructor(readonly line: string) {
    super(line);
  }
}

/**
 * Turns of the microtask queue that an activity result in the same workflow task needs to pass the SDK's interceptors.
 * Signal handlers run before results, so without these turns a hang-up would beat a result that stands before it.
 */
const TURNS_TO_SETTLE = 32;

/**
 * Gives the operation's result, or cancels it and throws `Interrupted` when `pending` names a cause first.
 * A result that is in history when the cause is handled wins (H5). `left` adds keys that leave the wait: it gives their line.
 * @throws {Interrupted} {@link CallerLeft}
 */
export async function interruptible<T>(
  pending: () => Cause | null,
  operation: () => Promise<T>,
  left: () => string | undefined = () => undefined,
): Promise<T> {
  const before = pending();
  if (before) throw new Interrupted(before);
  let settled = false;
  const settle = () => {
    settled = true;
  };
  const scope = new CancellationScope();
  const work = scope.run(operation);
  work.then(settle, settle);
  await condition(() => settled || pending() !== null || left() !== undefined);
  for (let turn = 0; !settled && turn < TURNS_TO_SETTLE; turn++) await Promise.resolve();
  if (settled) return work;
  scope.cancel();
  const [cause, line] = [pending(), left()];
  throw cause === null && line !== undefined ? new CallerLeft(line) : new Interrupted(cause ?? 'legEnded');
}

/** Whether work has settled, once a result in the same workflow task has had the turns that it needs. */
export async function settlesAtOnce(settled: () => boolean): Promise<boolean> {
  for (let turn = 0; !settled() && turn < TURNS_TO_SETTLE; turn++) await Promise.resolve();
  return settled();
}
