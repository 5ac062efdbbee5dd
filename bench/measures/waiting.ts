/**
 * Many calls at once in one worker, at a bridge node that is watched as a whole: in prompts, menus and delays, and some of them in
 * webhooks.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { flowOf, lookUp } from '../calls.js';
import type { Say } from '../engine.js';
import { openLoop } from '../load.js';
import type { PhoneLine } from '../phone-line.js';
import { costOf, spent } from '../processes.js';
import { type Spread, round, spread } from '../statistics.js';
import { amongWebhooks, type WebhookFigures } from './waiting-webhooks.js';

/** What so many calls need. */
export interface WaitingFigures {
  calls: number;
  workerMiB: number;
  serverMiB: number;
  /** Milliseconds of CPU a second for all of them, while nothing begins and nothing ends. Left out by runs before 0.7. */
  restingMs?: { server: number; worker: number };
  /** Milliseconds from the start of a further call to its first command. */
  firstCommand: Spread;
  /** Commands that came more than once: a heartbeat was late, or an answer got lost. */
  commandsRepeated: number;
  /** With a tenth of them in webhooks; null where that was not tried. */
  webhooks: WebhookFigures | null;
}

/** How far it goes. */
export interface WaitingScale {
  steps: readonly number[];
  /** The largest step at which a tenth of the calls are in webhooks. */
  webhooksUpTo: number;
}

/** Milliseconds that prompts, menus and delays last: longer than the measuring. */
const LONG_MS = 3_600_000;
/** Calls that begin in a second: fewer than the server can take up. */
const PER_SECOND = 20;
/** Calls that are begun, one after the other, to see how soon that goes. */
const FURTHER_CALLS = 10;
/** Seconds in which waiting calls are looked at. */
const RESTING_SECONDS = 20;
/** Milliseconds within which what has piled up while calls began is done, and those in which a new call begins then. */
const SETTLED = { within: 300_000, firstCommand: 1000 };

/** Brings the calls up step by step, and gives the figures of each step. Ends with all of them still there. */
export async function* measureWaiting(
  line: PhoneLine,
  { steps, webhooksUpTo }: WaitingScale,
  say: Say,
): AsyncGenerator<WaitingFigures> {
  const { stack, target } = line;
  stack.bridge.mediaMs = LONG_MS;
  const lasting = lastingFlows();
  const asking = target.jobs.map((job) =>
    flowOf('benchask', { it: lookUp(job, 'end', { wait: { timeout: 60 } }), end: { type: 'hangUp' } }),
  );
  let there = 0;
  for (const calls of steps) {
    const webhooks = calls <= webhooksUpTo ? calls / 10 : 0;
    const began = performance.now();
    await begin(line, calls - webhooks - there, lasting, PER_SECOND);
    there = calls - webhooks;
    await settled(line);
    say(`${there} calls wait after ${round((performance.now() - began) / 1000)} s`);
    const firsts = await firstCommands(line);
    const restingMs = await resting(line);
    const among =
      webhooks === 0
        ? null
        : await amongWebhooks(
            line,
            () => begin(line, webhooks, asking, 10),
            () => firstCommands(line),
          );
    const cost = costOf(stack.processes());
    const mib = (name: string) => round((cost[name]?.memory ?? 0) / 2 ** 20);
    const figures = {
      ...{ calls, workerMiB: mib('worker'), serverMiB: mib('server'), restingMs },
      ...{ firstCommand: spread(firsts), commandsRepeated: stack.bridge.repeated, webhooks: among },
    };
    say(`${calls} calls: first command p50 ${figures.firstCommand.p50} ms, server ${restingMs.server} ms/s`);
    yield figures;
  }
}

/** A command may take 15 minutes with a file, and longer in a sequence with others (B8). */
export function lastingFlows(): object[] {
  const prompt = { file: 'long.wav' };
  const plays = (next: string | null) => ({
    it: { type: 'play', prompt, lines: { next: 'more' } },
    more: { type: 'play', prompt, lines: { next: 'most' } },
    most: { type: 'play', prompt, lines: { next: 'last' } },
    last: { type: 'play', prompt, lines: next === null ? {} : { next } },
  });
  const menu = { type: 'menu', prompt, keys: { 1: 'one' }, lines: {} };
  return [
    flowOf('benchply', plays(null)),
    flowOf('benchmnu', { ...plays('menu'), menu }),
    flowOf('benchdly', { it: { type: 'delay', seconds: LONG_MS / 1000 } }),
  ];
}

/** Starts calls at a fixed pace. */
async function begin(line: PhoneLine, count: number, flows: object[], perSecond: number): Promise<string[]> {
  const ids: string[] = [];
  let n = 0;
  await openLoop(
    perSecond,
    count / perSecond,
    async () => void ids.push(await line.start(flows[n++ % flows.length] ?? {})),
  );
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

async function resting({ stack }: PhoneLine): Promise<{ server: number; worker: number }> {
  await pause(3000);
  const before = costOf(stack.processes());
  await pause(RESTING_SECONDS * 1000);
  const cost = spent(before, costOf(stack.processes()));
  const aSecond = (name: string) => round((cost[name] ?? 0) / RESTING_SECONDS);
  return { server: aSecond('server'), worker: aSecond('worker') };
}

async function firstCommands(line: PhoneLine, count = FURTHER_CALLS): Promise<number[]> {
  const flow = flowOf('benchnew', { answer: { type: 'answerCall' } });
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const start = performance.now();
    times.push((await line.firstCommand(await line.start(flow))) - start);
  }
  return times;
}
