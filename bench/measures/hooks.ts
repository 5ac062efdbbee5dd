/**
 * What a webhook adds to the request itself: calls of 20 webhooks in a row, alone and 50 at once.
 * @module
 */
import { Pool } from 'undici';
import { flowOf, lookUp } from '../calls.js';
import { closedLoop } from '../load.js';
import type { PhoneLine, WatchedCall } from '../phone-line.js';
import { type Spread, spread } from '../statistics.js';
import type { BenchTarget } from '../target.js';

/** Milliseconds. */
export interface HookFigures {
  /** A request by undici alone, from before it is sent until its answer is read. */
  direct: Spread;
  /** From the answer of one webhook to the request of the next: all that the engine adds. */
  alone: Spread;
  fifty: Spread;
}

const HOOKS = 20;

/** Measures both. */
export async function measureHooks(line: PhoneLine, calls: number, seconds: number): Promise<HookFigures> {
  const names = Array.from({ length: HOOKS }, (_, n) => `hook${n}`);
  const hooks = names.map((name, n) => [name, lookUp(line.target.job, names[n + 1] ?? 'end')] as const);
  const end = { type: 'storeVariable', assign: [{ saveIn: '$flow.key.done', value: 'yes' }] };
  const flow = flowOf('benchhks', { ...Object.fromEntries(hooks), end });
  await line.runInTurn(5, flow);
  const alone = (await line.runInTurn(calls, flow)).flatMap(gaps);
  const fifty: number[] = [];
  await closedLoop(50, seconds, async () => void fifty.push(...gaps(await line.run(flow))));
  return { direct: await direct(line.target), alone: spread(alone), fifty: spread(fifty) };
}

/** Milliseconds between each answer and the request after it. */
function gaps({ lookups }: WatchedCall): number[] {
  return lookups.slice(1).map(({ came }, n) => came - (lookups[n]?.answered ?? NaN));
}

async function direct(target: BenchTarget): Promise<Spread> {
  const { origin, pathname: path } = new URL(target.job.lookupUrl);
  const pool = new Pool(origin);
  const times: number[] = [];
  for (let n = 0; n < 500; n++) {
    const start = performance.now();
    const { body } = await pool.request({ method: 'POST', path, body: '{"call":"direct"}' });
    await body.json();
    times.push(performance.now() - start);
  }
  await pool.close();
  return spread(times.slice(100));
}
