/**
 * `npm run soak`, its second part: whether a worker that runs calls for long keeps its size. Exit code 1 when it grows.
 * @module
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';
import { json, Target } from '../support/target.js';

/** Calls begin this often; each takes some three seconds, and less than half of two cores. */
const EVERY_MS = 500;
const SAMPLE_MS = 5000;
/** How much larger the worker may be in the last third of the run than in the middle one. */
const MAX_GROWTH = 1.1;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new RangeError('--minutes: a positive number.');

const flow = flowOf({
  answer: { type: 'answerCall', lines: { next: 'lookup' } },
  lookup: {
    type: 'webhook',
    request: { method: 'GET', url: '' },
    response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'status' }] },
    lines: { success: 'say' },
  },
  say: { type: 'play', prompt: { text: 'It is $flow.key.status.' }, lines: { next: 'rest' } },
  rest: { type: 'delay', seconds: 1, lines: { next: 'bye' } },
  bye: { type: 'hangUp' },
}) as { widgets: { lookup: { request: { url: string } } } };

const [stack, target] = await Promise.all([DevStack.start(), Target.start()]);
target.on('/status', json({ status: 'shipped' }));
flow.widgets.lookup.request.url = target.url('/status');
const worker = await stack.startWorker();
const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'] };

const sizes: number[] = [];
const outcomes: Promise<string>[] = [];
const sampler = setInterval(() => sizes.push(residentMiB(worker.pid ?? 0)), SAMPLE_MS);
const until = performance.now() + minutes * 60_000;
while (performance.now() < until) {
  const { report } = await stack.call({ flow, account });
  outcomes.push(report().then(({ outcome }) => outcome));
  await pause(EVERY_MS);
}
const unfinished = (await Promise.all(outcomes)).filter((outcome) => outcome !== 'completed').length;
clearInterval(sampler);
await stack.stop();
await target.stop();

const third = Math.floor(sizes.length / 3);
const [middle, last] = [median(sizes.slice(third, 2 * third)), median(sizes.slice(2 * third))];
console.log(
  `memory: ${outcomes.length} calls in ${minutes} minutes, ${unfinished} not completed, ` +
    `worker ${middle.toFixed(0)} MiB in the middle third, ${last.toFixed(0)} MiB in the last`,
);
process.exit(unfinished === 0 && last <= middle * MAX_GROWTH ? 0 : 1);

function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

function median(all: number[]): number {
  return [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}
