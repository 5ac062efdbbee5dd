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

/** Calls of one line. */
interface Heard {
  line: PhoneLine;
  fast: WatchedCall[];
  slow: WatchedCall[];
}

/** Calls that lines make in a row before the next line has its turn. */
const IN_A_ROW = 6;

/** Measures them, one call at a time. The lines take turns, so that their ratio says nothing of what else the machine does. */
export async function measureSilence(lines: readonly PhoneLine[], calls: number): Promise<SilenceFigures[]> {
  const heard = lines.map((line): Heard => ({ line, fast: [], slow: [] }));
  for (const { line } of heard) await line.runInTurn(10, flowFor(line));
  for (let made = 0; made < calls; made += IN_A_ROW)
    for (const { line, fast } of heard) fast.push(...(await line.runInTurn(IN_A_ROW, flowFor(line))));
  for (const { line, slow } of heard) {
    line.target.answer = { afterMs: 700 };
    slow.push(...(await line.runInTurn(Math.ceil(calls / 3), flowFor(line))));
    line.target.answer = {};
  }
  await pause(500);
  const figures: SilenceFigures[] = [];
  for (const one of heard) figures.push(await figuresOf(one));
  return figures;
}

function flowFor({ target }: PhoneLine) {
  return flowOf('benchsil', {
    answer: { type: 'answerCall', lines: { next: 'ask' } },
    ask: lookUp(target.job, 'say', { wait: { holdMusic: true } }),
    say: { type: 'play', prompt: { text: 'It is on its way.' }, lines: { next: 'bye' } },
    bye: { type: 'hangUp' },
  });
}

async function figuresOf({ line, fast, slow }: Heard): Promise<SilenceFigures> {
  const held = slow.filter(({ commands }) => commands.some(({ type }) => type === 'hold'));
  if (held.length < slow.length) throw new Error(`Only ${held.length} of ${slow.length} calls heard the hold tune.`);
  return {
    withoutHold: spread(fast.map(silence)),
    withHold: spread(slow.map(silence)),
    firstCommand: spread(fast.map(({ start, commands: [first] }) => (first?.at ?? NaN) - start)),
    workerStart: round(await line.stack.startWorker()),
  };
}

function silence({ lookups: [lookup], commands }: WatchedCall): number {
  return (commands.find(({ type }) => type === 'play')?.at ?? NaN) - (lookup?.answered ?? NaN);
}
