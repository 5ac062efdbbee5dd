import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startWatch } from '../../src/calls/watched-node.js';
import { CALL_TASK_QUEUE } from '../../src/telephony/start.js';
import { DevStack } from '../support/dev-stack.js';
import { randomCall, type RandomCall } from '../support/random-flows.js';
import { replayAll } from '../support/replays.js';
import { Target, after, answer, json, reset } from '../support/target.js';

const CALLS = 200;
/** Calls under way at a time: as many as a small machine serves without delays of its own. */
const AT_ONCE = 25;

let stack: DevStack;
let target: Target;
beforeAll(async () => {
  [stack, target] = await Promise.all([DevStack.start(), Target.start()]);
  target
    .on('/ok', json({ status: 'sent' }))
    .on('/slow', after(700, json({ status: 'late' })))
    .on('/refused', answer(500))
    .on('/reset', reset)
    .on('/never', () => undefined);
  // Short calls: what goes round and round, or waits for somebody who never leaves, ends soon.
  const { bridge, taskQueue: queue } = stack.simulator;
  await startWatch(stack.client, { id: bridge.id, taskQueue: queue }, CALL_TASK_QUEUE);
  await stack.startWorker({ HOOKLINE_MAX_WIDGETS: '40', HOOKLINE_MAX_CALL_SECONDS: '8' });
});
afterAll(async () => {
  await stack.stop();
  await target.stop();
});

it(`E2, C1, C3, C4: ${CALLS} random flows with random callers all close, with one flow end each, and replay`, async () => {
  const seed = Date.now() % 1_000_000;
  const calls = fc.sample(
    randomCall((path) => target.url(path), target.url('/end')),
    { numRuns: CALLS, seed },
  );
  const waiting = calls.map((call, index) => ({ call, index }));
  const problems: string[] = [];
  const taken = new Set<string>();
  const closed = new Map<string, number>();
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const fault = await problemOf(next.call, next.index, `/end/${seed}/${next.index}`, { taken, closed });
      if (fault) problems.push(`seed ${seed}, call ${next.index}: ${fault}\n${JSON.stringify(next.call)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(problems.slice(0, 3)).toEqual([]);
  await replayAll(stack.client, inject('workflowBundle'), closed.keys()).catch((cause: unknown) => {
    throw new Error(`seed ${seed}, by number: ${JSON.stringify([...closed])}`, { cause });
  });
  // The calls go far enough to mean something.
  expect(taken.size).toBeGreaterThan(30);
}, 400_000);

/** What was seen of all calls: the lines that they took, and the numbers of those that have closed, by workflow id. */
interface Seen {
  taken: Set<string>;
  closed: Map<string, number>;
}

/** What is wrong with one call; undefined when nothing is. */
async function problemOf(
  call: RandomCall,
  index: number,
  path: string,
  { taken, closed }: Seen,
): Promise<string | undefined> {
  target.on(path, answer(200));
  const account = { ...call.account, id: index + 1, defaultWebhook: { url: target.url(path) } };
  // Every second call has a bridge that takes sequences (B7), and every second of both one that is watched as a whole (B8).
  const abilities = {
    ...(index % 2 === 1 && { can: ['sequence' as const] }),
    ...(index % 4 >= 2 && { watched: stack.simulator.bridge.epoch }),
  };
  const { handle, report } = await stack.call({ ...call, account, ...abilities });
  const result = await Promise.race([report(), new Promise<null>((late) => setTimeout(() => late(null), 90_000))]);
  if (!result) return 'it does not close';
  closed.set(handle.workflowId, index);
  for (const { type, line } of result.path) taken.add(`${type}:${line}`);
  if (result.flowEnd?.delivered !== true) return 'its flow end is not delivered';
  // One that is sent again, since its worker was late, keeps its id (E5).
  const ends = target.received.filter((one) => one.path === path);
  const ids = new Set(ends.map(({ headers }) => headers['webhook-id']));
  if (ids.size !== 1) return `it has ${ids.size} flow ends`;
  const open = result.flowEnd.payload.callDetails.filter(({ endTime }) => !endTime);
  if (open.length > 0) return 'a leg has no end';
  return undefined;
}
