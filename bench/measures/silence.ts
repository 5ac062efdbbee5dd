/**
 * What the caller hears of a webhook: from its answer to the next command at the bridge, and from the start of a call to its first.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { flowOf, lookUp } from '../calls.js';
import type { PhoneLine, WatchedCall } from '../phone-line.js';
import { type Spread, round, spread } from '../statistics.js';

/** Milliseconds. */
export interface SilenceFigures {
  /** The answer comes at once. */
  withoutHold: Spread;
  /** The answer comes after 0.7 s, while the hold tune plays. */
  withHold: Spread;
  /** From the start of a call to its first command at the bridge. */
  firstCommand: Spread;
  /** Until a second worker process takes calls. */
  workerStart: number;
}

/** Measures them, one call at a time. */
export async function measureSilence(line: PhoneLine, calls: number): Promise<SilenceFigures> {
  const flow = flowOf('benchsil', {
    answer: { type: 'answerCall', lines: { next: 'ask' } },
    ask: lookUp(line.target.job, 'say', { wait: { holdMusic: true } }),
    say: { type: 'play', prompt: { text: 'It is on its way.' }, lines: { next: 'bye' } },
    bye: { type: 'hangUp' },
  });
  await line.runInTurn(10, flow);
  const fast = await line.runInTurn(calls, flow);
  line.target.answer = { afterMs: 700 };
  const slow = await line.runInTurn(Math.ceil(calls / 3), flow);
  line.target.answer = {};
  const held = slow.filter(({ commands }) => commands.some(({ type }) => type === 'hold'));
  if (held.length < slow.length) throw new Error(`Only ${held.length} of ${slow.length} calls heard the hold tune.`);
  await pause(500);
  const workerStart = round(await line.stack.startWorker());
  return {
    withoutHold: spread(fast.map(silence)),
    withHold: spread(slow.map(silence)),
    firstCommand: spread(fast.map(({ start, commands: [first] }) => (first?.at ?? NaN) - start)),
    workerStart,
  };
}

function silence({ lookups: [lookup], commands }: WatchedCall): number {
  return (commands.find(({ type }) => type === 'play')?.at ?? NaN) - (lookup?.answered ?? NaN);
}
