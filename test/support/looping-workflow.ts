/**
 * Workflow code that never gives the thread back, and code that waits as it should.
 * @module
 */
import { condition } from '@temporalio/workflow';

/** Never ends its first workflow task. */
export async function loops(): Promise<void> {
  for (let turn = 0; ; turn++) if (turn < 0) return;
}

/** Waits for ever. */
export async function waits(): Promise<void> {
  await condition(() => false);
}
