/**
 * `npm run soak`, a part of it: whether worker and API keep their size from one number of calls to the next. Exit code 1 when one
 * grows by 10 % or more, or a call does not complete.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { callReport } from '../../src/calls/read-call.js';
import { validateCaller } from '../../src/flow/validation/validate.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';
import { json, Target } from '../support/target.js';

/** How much larger a process may be after the last call than after so many. */
const MAX_GROWTH = 1.1;
/** Milliseconds from one look at the sizes to the next, and looks whose median counts. */
const LOOK = { everyMs: 1000, times: 15 };

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '5000' },
    to: { type: 'string', default: '20000' },
    'at-once': { type: 'string', default: '8' },
  },
});
const [from, to, atOnce] = [Number(values.from), Number(values.to), Number(values['at-once'])];
if (!(from > 0 && to > from && atOnce > 0))
  throw new RangeError('--from, --to, --at-once: numbers that grow, above 0.');

const [stack, target] = await Promise.all([DevStack.start(), Target.start()]);
target.on('/status', json({ status: 'shipped' }));
const flow = flowOf({
  answer: { type: 'answerCall', lines: { next: 'lookup' } },
  lookup: {
    type: 'webhook',
    request: { method: 'GET', url: target.url('/status') },
    response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'data.status' }] },
    lines: { success: 'bye' },
  },
  bye: { type: 'hangUp' },
});
const worker = await stack.startWorker();
const { api, url } = await startApi(stack.server.address);

const began = performance.now();
let unfinished = await run(from);
const first = await sizes();
unfinished += await run(to - from);
const last = await sizes();
const minutes = (performance.now() - began) / 60_000;
api.kill();
await stack.stop();
await target.stop();

const growth = { worker: last.worker / first.worker, api: last.api / first.api };
console.log(
  `memory by calls: after ${from} calls worker ${first.worker.toFixed(0)} MiB and API ${first.api.toFixed(0)} MiB, after ${to} ` +
    `${last.worker.toFixed(0)} and ${last.api.toFixed(0)} MiB, in ${minutes.toFixed(0)} minutes, ${unfinished} not completed`,
);
process.exit(unfinished === 0 && Math.max(growth.worker, growth.api) < MAX_GROWTH ? 0 : 1);

/** Runs so many calls, some at once; gives how many did not complete. */
async function run(calls: number): Promise<number> {
  let [begun, failed] = [0, 0];
  const line = async () => {
    while (begun < calls) {
      begun += 1;
      if (begun % 1000 === 0) process.stderr.write(`memory by calls: ${begun} of ${calls}\n`);
      if ((await oneCall().catch((error: unknown) => String(error))) !== 'completed') failed += 1;
      // Of what was received, nothing is needed.
      target.received.length = 0;
      stack.commands.length = 0;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  return failed;
}

async function oneCall(): Promise<string> {
  const caller = validateCaller({}).value;
  if (!caller) throw new Error('The caller is not valid.');
  const { bridge, taskQueue } = stack.simulator;
  const callId = randomUUID();
  const answer = await fetch(`${url}/bridge/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ account: { id: 1, httpEnabled: true, targetAllowList: ['127.0.0.1'] }, flow },
      call: { id: callId, direction: 'inbound', from: caller.from, to: caller.to, startedAt: new Date().toISOString() },
      bridge: { id: bridge.id, taskQueue },
    }),
  });
  const { call } = (await answer.json()) as { call: string };
  bridge.addCall({ callId, workflowId: call, direction: 'inbound', caller });
  return (await callReport(stack.client.workflow.getHandle(call))).outcome;
}

/** The median size of both, in MiB. */
async function sizes(): Promise<{ worker: number; api: number }> {
  const seen: { worker: number; api: number }[] = [];
  for (let n = 0; n < LOOK.times; n += 1) {
    await pause(LOOK.everyMs);
    seen.push({ worker: residentMiB(worker), api: residentMiB(api) });
  }
  const median = (of: 'worker' | 'api') =>
    seen.map((sizes) => sizes[of]).sort((a, b) => a - b)[Math.floor(seen.length / 2)] ?? Number.NaN;
  return { worker: median('worker'), api: median('api') };
}

function residentMiB({ pid = 0 }: ChildProcess): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

async function startApi(address: string): Promise<{ api: ChildProcess; url: string }> {
  const port = await freePort();
  const bin = fileURLToPath(new URL('../../bin/hookline.js', import.meta.url));
  const own = { TEMPORAL_ADDRESS: address, HOOKLINE_CODEC: 'off', HOOKLINE_API_PORT: String(port) };
  const env = { ...process.env, ...own, HOOKLINE_LOG_LEVEL: 'error' };
  const api = spawn(process.execPath, [bin, 'api'], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  const answers = () => fetch(`${url}/health`).then(({ ok }) => ok, () => false); // prettier-ignore
  while (!(await answers())) await pause(100);
  return { api, url };
}
