/**
 * How long reading an answer holds the main thread of a worker, and how long it takes: in that thread, as up to 0.6.0, and as
 * it is now.
 * @module
 */
import { performance } from 'node:perf_hooks';
import { judgeHere } from '../../src/judging/here.js';
import type { Judge, Owner, Works } from '../../src/judging/judge.js';
import { judging } from '../../src/judging/pool.js';
import { round, spread } from '../statistics.js';

/** Milliseconds, the median of a number of answers. */
export interface ReadingFigures {
  bytes: number;
  path: string;
  /** Of the main thread: what every other call waits for. */
  held: { inMainThread: number; now: number };
  /** From the answer to its variables. */
  took: { inMainThread: number; now: number };
}

/** An answer of 1 KB by a plain path, of 1 MB by the same, and by a path that searches. */
export async function measureReading(repeats: number): Promise<ReadingFigures[]> {
  const figures: ReadingFigures[] = [];
  for (const [bytes, path] of [
    [1000, 'data.items[0].name'],
    [1_000_000, 'data.items[0].name'],
    [1_000_000, 'data..name'],
  ] as const) {
    const text = answerOf(bytes);
    const before = await measured(judgeHere, text, path, repeats);
    const after = await measured(judging.judge, text, path, repeats);
    figures.push({
      ...{ bytes, path },
      held: { inMainThread: before.held, now: after.held },
      took: { inMainThread: before.took, now: after.took },
    });
  }
  await judging.close();
  return figures;
}

async function measured(judge: Judge, text: string, path: string, repeats: number) {
  const mapping: Omit<Works['mapping']['given'], 'text'> = {
    by: { type: 'json', dialect: 'rfc9535' },
    rows: [{ saveIn: '$flow.key.name', path, mandatory: true }],
  };
  const [held, took]: [number[], number[]] = [[], []];
  for (let n = 0; n < repeats + 3; n++) {
    const owner: Owner = { account: n, call: `${n}`, place: `${n}`, signal: new AbortController().signal };
    const idle = performance.eventLoopUtilization();
    const start = performance.now();
    await judge('mapping', { text, ...mapping }, owner);
    took.push(performance.now() - start);
    // The loop has to come round for its measure to move.
    await new Promise((resolve) => setImmediate(resolve));
    held.push(performance.eventLoopUtilization(idle).active);
  }
  return { held: round(spread(held.slice(3)).p50), took: round(spread(took.slice(3)).p50) };
}

function answerOf(bytes: number): string {
  const item = { name: 'a name', price: 12.5, tags: ['one', 'two'], more: { of: 'it', and: null } };
  const count = Math.max(1, Math.floor(bytes / (JSON.stringify(item).length + 1)));
  return JSON.stringify({ items: Array.from({ length: count }, () => item) });
}
