/**
 * What is watched while a call runs: its length, and whether a silent bridge is still there. Contract C3, B5, B8.
 * @module
 */
import { CancellationScope, condition, patched, sleep } from '@temporalio/workflow';
import { LegGone } from './bridge/command-failures.js';
import type { CallState } from './call-state.js';

/** Starts the watch and gives the function that ends it. */
export function guard(state: CallState): () => void {
  const scope = new CancellationScope();
  const watching = scope.run<unknown>(() => watch(state));
  watching.catch(() => undefined);
  return () => scope.cancel();
}

function watch(state: CallState): Promise<unknown> {
  // Its watch stands for all calls of a node. Contract B8.
  if (state.watched !== undefined) return watchLength(state);
  return state.watchesGaps ? Promise.all([watchLength(state), watchGaps(state)]) : watchAlways(state);
}

const deadlineOf = ({ startedAt, limits }: CallState) => startedAt + limits.maxCallSeconds * 1000;
/** When a bridge has been silent for long. */
const statusAt = ({ bridge, limits }: CallState) => bridge.lastHeardAt + limits.statusEverySeconds * 1000;

async function watchLength(state: CallState): Promise<void> {
  await sleep(Math.max(1, deadlineOf(state) - Date.now()), { summary: 'longest call' });
  state.tooLong = true;
}

/**
 * Asks a bridge that is silent. A command under way shows that it is there, for hours if need be, so that the call
 * takes no step while one is; nor does an answer that comes before the bridge has been silent for long need a timer.
 */
async function watchGaps(state: CallState): Promise<void> {
  const { bridge, legs } = state;
  const isGap = () => bridge.pending === 0 && legs.first.live && state.waitsUntil > statusAt(state);
  while (!bridge.gone) {
    await condition(isGap);
    const left = statusAt(state) - Date.now();
    if (left <= 0 || (await sleptWhile(isGap, left))) await askStatus(state);
  }
}

/** Sleeps as long as something is so; whether it was to the end. */
async function sleptWhile(isSo: () => boolean, ms: number): Promise<boolean> {
  const scope = new CancellationScope();
  try {
    return await scope.run(() =>
      Promise.race([
        sleep(ms, { summary: 'is the bridge there?' }).then(() => true),
        condition(() => !isSo()).then(() => false),
      ]),
    );
  } finally {
    scope.cancel();
  }
}

/** The watch of calls that began before 0.6: one timer at a time, which also takes steps during its commands. */
async function watchAlways(state: CallState): Promise<void> {
  const silence = state.limits.statusEverySeconds * 1000;
  const deadline = deadlineOf(state);
  while (!state.afterwards && !state.bridge.gone) {
    const next = Math.min(deadline, state.bridge.pending > 0 ? Date.now() + silence : statusAt(state));
    await sleep(Math.max(1, next - Date.now()), {
      summary: next === deadline ? 'longest call' : 'is the bridge there?',
    });
    if (Date.now() >= deadline) {
      state.tooLong = true;
      return;
    }
    if (state.bridge.pending > 0 && patched('no-look-while-a-command-runs'))
      await condition(() => state.bridge.pending === 0, deadline - Date.now());
    const silent = state.bridge.pending === 0 && Date.now() >= statusAt(state);
    if (silent && state.legs.first.live) await askStatus(state);
  }
}

async function askStatus(state: CallState): Promise<void> {
  try {
    await state.bridge.command('status', {});
  } catch (error) {
    if (!(error instanceof LegGone)) state.timeline.add('note', 'the bridge did not report the status of the leg');
  }
}
