/**
 * How long steps of a recorded call take with the simulated caller, whose prompts have a length of their own. Contract D6.
 * @module
 */
import { promptMs } from '../telephony/simulator/prompts.js';
import type { Logged, LoggedCommand } from './party-log.js';

/** So much before the end of a prompt, a step that was taken during it is still during it, in milliseconds. */
const WITHIN_MS = 50;

/** Milliseconds that a command takes when nobody does anything; undefined where it takes as long as it took. */
export function undisturbedMs({ command }: LoggedCommand): number | undefined {
  if (command.type !== 'play' && command.type !== 'collect') return undefined;
  // What is heard while the call waits for something else takes its real time with the simulator, too.
  if (command.type === 'play' && command.waiting) return undefined;
  const prompts = command.prompts.reduce((sum, prompt) => sum + promptMs(prompt), 0);
  return command.type === 'play' ? prompts : prompts + command.firstDigitTimeout * 1000;
}

/** Milliseconds between two moments of a leg, in which its party did nothing, as they are with the simulated caller. */
export function simulatedMs(log: readonly Logged[], leg: string, from: number, to: number): number {
  let ms = to - from;
  for (const one of log) {
    if (one.kind !== 'command' || one.command.leg !== leg || one.start < from || one.start > to) continue;
    const alone = undisturbedMs(one);
    if (alone === undefined) continue;
    if (one.end !== null && one.end < to && one.result?.result === 'done') ms += alone - (one.end - one.start);
    else ms -= Math.max(0, to - one.start - Math.max(0, alone - WITHIN_MS));
  }
  return Math.max(0, Math.round(ms));
}
