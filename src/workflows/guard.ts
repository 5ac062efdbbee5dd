/**
 * What is watched while a call runs: its length, and whether a silent bridge is still there. Contract C3, B5.
 * @module
 */
import { CancellationScope, condition, patched, sleep } from '@temporalio/workflow';
import { LegGone } from './bridge.js';
import type { CallState } from './call-state.js';

/** Starts the watch and gives the function that ends it. One timer at a time, so that a short call pays for one only. */
export function guard(state: CallState): () => void {
  const scope = new CancellationScope();
  scope.run(() => watch(state)).catch(() => undefined);
  return () => scope.cancel();
}

async function watch(state: CallState): Promise<void> {
  const silence = state.limits.statusEverySeconds * 1000;
  const deadline = state.startedAt + state.limits.maxCallSeconds * 1000;
  while (!state.afterwards && !state.bridge.gone) {
    const statusAt = state.bridge.pending > 0 ? Date.now() + silence : state.bridge.lastHeardAt + silence;
    const next = Math.min(deadline, statusAt);
    await sleep(Math.max(1, next - Date.now()), {
      summary: next === deadline ? 'longest call' : 'is the bridge there?',
    });
    if (Date.now() >= deadline) {
      state.tooLong = true;
      return;
    }
    // A command that is under way tells by itself that the bridge is there, for hours if need be.
    if (state.bridge.pending > 0 && patched('no-look-while-a-command-runs'))
      await condition(() => state.bridge.pending === 0, deadline - Date.now());
    const silent = state.bridge.pending === 0 && Date.now() >= state.bridge.lastHeardAt + silence;
    if (silent && state.legs.first.live) await askStatus(state);
  }
}

async function askStatus(state: CallState): Promise<void> {
  try {
    await state.bridge.command('status', {});
  } catch (error) {
    if (!(error instanceof LegGone)) state.story.add('note', 'the bridge could not tell the status of the leg');
  }
}
