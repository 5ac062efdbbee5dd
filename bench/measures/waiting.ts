/**
 * Many calls at once in one worker: nine of ten in prompts, menus and delays, the others in webhooks.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { flowOf, lookUp } from '../calls.js';
import type { Say } from '../engine.js';
import { openLoop } from '../load.js';
import type { PhoneLine } from '../phone-line.js';
import { costOf } from '../processes.js';
import { type Spread, round, spread } from '../statistics.js';

/** What so many calls need. */
export interface WaitingFigures {
  calls: number;
  workerMiB: number;
  serverMiB: number;
  /** Milliseconds from the start of a further call to its first command. */
  firstCommand: Spread;
  /** Webhooks whose request came more than once: a heartbeat was too late. */
  repeated: number;
  /** Commands that came more than once, for the same reason. */
  commandsRepeated: number;
  /** Webhooks whose request had not come within a minute. */
  missing: number;
  /** Webhooks that were waited for. */
  webhooks: number;
}

/** Milliseconds that prompts, menus and delays last: longer than the measuring. */
const LONG_MS = 1_200_000;
/** Milliseconds after which the target answers: within the longest wait of a webhook. */
const ANSWER_MS = 55_000;
/** Calls that begin in a second: fewer than the server can take up, so that none waits for its first command. */
const PER_SECOND = 10;
/** Milliseconds within which the requests of all webhooks are out. */
const PATIENCE_MS = 60_000;

/** Brings the calls up step by step, and gives the figures of each step. Ends with all of them still there. */
export async function* measureWaiting(
  line: PhoneLine,
  steps: readonly number[],
  say: Say,
): AsyncGenerator<WaitingFigures> {
  const { stack, target } = line;
  stack.bridge.mediaMs = LONG_MS;
  const lasting = [
    flowOf('benchply', { it: { type: 'play', prompt: { text: 'A long story.' } } }),
    flowOf('benchmnu', { it: { type: 'menu', prompt: { text: 'Press 1.' }, keys: { 1: 'one' }, lines: {} } }),
    flowOf('benchdly', { it: { type: 'delay', seconds: LONG_MS / 1000 } }),
  ];
  const asking = flowOf('benchask', {
    it: lookUp(target.job, 'end', { wait: { timeout: 60 } }),
    end: { type: 'hangUp' },
  });
  let there = 0;
  for (const calls of steps) {
    const webhooks = calls / 10;
    const began = performance.now();
    await many(calls - webhooks - there, (n) => line.start(lasting[n % lasting.length] ?? {}));
    there = calls - webhooks;
    target.answer = { afterMs: ANSWER_MS };
    const ids = await many(webhooks, () => line.start(asking));
    say(`${calls} calls were started in ${round((performance.now() - began) / 1000)} s`);
    const late = performance.now() + PATIENCE_MS;
    while (performance.now() < late && ids.some((id) => target.of(id).lookups.length === 0)) await pause(100);
    const firsts = await firstCommands(line);
    const cost = costOf(stack.processes());
    const ends = ids.map((id) => target.ended(id));
    await Promise.race([Promise.all(ends), pause(ANSWER_MS + 30_000)]);
    const missing = ids.filter((id) => target.of(id).lookups.length === 0).length;
    const repeated = ids.filter((id) => target.of(id).lookups.length > 1).length;
    const mib = (name: string) => round((cost[name]?.memory ?? 0) / 2 ** 20);
    yield {
      calls,
      workerMiB: mib('worker'),
      serverMiB: mib('server'),
      firstCommand: spread(firsts),
      repeated,
      commandsRepeated: stack.bridge.repeated,
      missing,
      webhooks,
    };
    target.answer = {};
  }
}

/** Starts calls at a fixed pace. */
async function many(count: number, start: (n: number) => Promise<string>): Promise<string[]> {
  const ids: string[] = [];
  let n = 0;
  await openLoop(PER_SECOND, count / PER_SECOND, async () => void ids.push(await start(n++)));
  return ids;
}

async function firstCommands(line: PhoneLine): Promise<number[]> {
  const flow = flowOf('benchnew', { answer: { type: 'answerCall' } });
  const times: number[] = [];
  for (let n = 0; n < 20; n++) {
    const start = performance.now();
    times.push((await line.firstCommand(await line.start(flow))) - start);
  }
  return times;
}
