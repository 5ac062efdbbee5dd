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
  /** Milliseconds from the start of a further call to its first command, among those in prompts, menus and delays. */
  firstCommand: Spread;
  /** The same among all of them, with the requests of all webhooks under way; one that takes half a minute counts as that. */
  firstAmongWebhooks: Spread;
  /** Webhooks that were under way when those calls began. */
  atOnce: number;
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
const LONG_MS = 2_400_000;
/** Milliseconds after which the target answers: within the longest wait of a webhook. */
const ANSWER_MS = 58_000;
/** Calls that begin in a second: fewer than the server can take up, and enough for all webhooks to be out before one ends. */
const PER_SECOND = 10;
/** Milliseconds within which the requests of all webhooks are out, once their calls have begun. */
const PATIENCE_MS = 5000;
/** Calls that are begun, one after the other, to see how soon that goes. */
const FURTHER_CALLS = 10;
/** Milliseconds within which what has piled up while calls began is done, and those in which a new call begins then. */
const SETTLED = { within: 300_000, firstCommand: 1000 };

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
  const asking = target.jobs.map((job) =>
    flowOf('benchask', { it: lookUp(job, 'end', { wait: { timeout: 60 } }), end: { type: 'hangUp' } }),
  );
  const turn = (flows: object[]) => (n: number) => line.start(flows[n % flows.length] ?? {});
  let there = 0;
  for (const calls of steps) {
    const webhooks = calls / 10;
    const began = performance.now();
    await many(calls - webhooks - there, turn(lasting));
    there = calls - webhooks;
    await settled(line);
    const firsts = await firstCommands(line, FURTHER_CALLS);
    target.answer = { afterMs: ANSWER_MS };
    const ids = await many(webhooks, turn(asking));
    say(`${calls} calls were started in ${round((performance.now() - began) / 1000)} s`);
    const late = performance.now() + PATIENCE_MS;
    while (performance.now() < late && ids.some((id) => target.of(id).lookups.length === 0)) await pause(100);
    const atOnce = ids.filter((id) => target.of(id).lookups.some(({ answered }) => answered === Infinity)).length;
    const amongWebhooks = await firstCommands(line, FURTHER_CALLS);
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
      firstAmongWebhooks: spread(amongWebhooks),
      atOnce,
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

/** Waits until a new call begins soon. */
async function settled(line: PhoneLine): Promise<void> {
  const late = performance.now() + SETTLED.within;
  while (performance.now() < late) {
    const [first = Infinity] = await firstCommands(line, 1);
    if (first < SETTLED.firstCommand) return;
  }
}

async function firstCommands(line: PhoneLine, count: number): Promise<number[]> {
  const flow = flowOf('benchnew', { answer: { type: 'answerCall' } });
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const start = performance.now();
    times.push((await line.firstCommand(await line.start(flow))) - start);
  }
  return times;
}
