/**
 * `npm run soak`, a part of it: calls of one account beside twelve accounts that flood, or whose targets never answer, on two
 * workers and an API. Exit code 1 when a call does not end, takes over 10 s, or the 95th percentile is over three times that alone.
 * @module
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { callReport } from '../../src/calls/read-call.js';
import { validateCaller } from '../../src/flow/validation/validate.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';
import { json, silence, Target } from '../support/target.js';

/** What attackers do; `attack` runs in a process of its own. */
const ATTACKS = ['slow', 'events', 'starts'] as const;
type Attack = (typeof ATTACKS)[number];

const ATTACKERS = 12;
/** A call may take so long, whatever others do. */
const MOST_SECONDS = 10;
const MOST_TIMES = 3;

const { values } = parseArgs({
  options: {
    attack: { type: 'string', default: ATTACKS.join(',') },
    calls: { type: 'string', default: '20' },
    rate: { type: 'string', default: '500' },
    /** For the process of the attackers. */
    work: { type: 'string' },
  },
});

if (values.work !== undefined) await attack(JSON.parse(values.work) as Work);
else process.exit((await main()) ? 0 : 1);

/** What the process of the attackers is given. */
interface Work {
  kind: Attack;
  api: string;
  target: string;
  /** Requests a second of all attackers. */
  rate: number;
}

async function main(): Promise<boolean> {
  let well = true;
  for (const kind of values.attack.split(',') as Attack[]) well = (await holds(kind)) && well;
  return well;
}

/** Whether calls hold beside one attack, on servers of their own: what one leaves behind is not counted for the next. */
async function holds(kind: Attack): Promise<boolean> {
  const [stack, target] = await Promise.all([DevStack.start(), Target.start()]);
  target.on('/status', json({ status: 'shipped' })).on('/never', silence);
  await Promise.all([stack.startWorker(), stack.startWorker()]);
  const { api, url } = await startApiProcess(stack.server.address);
  const number = Number(values.calls);
  const victim = () => victimCall(stack, url, target.url('/status'));
  for (let n = 0; n < 5; n += 1) await victim();
  const alone = await measure(victim, number);
  const work: Work = { kind, api: url, target: target.url('/never'), rate: Number(values.rate) };
  const attackers = fork(fileURLToPath(import.meta.url), ['--work', JSON.stringify(work)], {
    execArgv: process.execArgv,
  });
  await once(attackers, 'message');
  const beside = await measure(victim, number);
  attackers.send('end');
  const [sent] = (await once(attackers, 'message')) as [object];
  await once(attackers, 'exit');
  const held = beside.lost === 0 && beside.most <= MOST_SECONDS && beside.p95 <= Math.max(1, MOST_TIMES * alone.p95);
  console.log(
    `${held ? 'held' : 'BROKEN'}: ${kind} by ${ATTACKERS} accounts ${JSON.stringify(sent)}: alone p95 ${alone.p95.toFixed(2)} s; ` +
      `beside p95 ${beside.p95.toFixed(2)} s, most ${beside.most.toFixed(2)} s, ${beside.lost} of ${number} calls not ended`,
  );
  api.kill();
  await Promise.race([stack.stop(), pause(20_000)]);
  await target.stop();
  return held;
}

/** The times of calls that begin each half second. */
async function measure(call: () => Promise<number>, number: number) {
  const times: Promise<number>[] = [];
  for (let n = 0; n < number; n += 1) {
    times.push(call().catch(() => Number.NaN));
    await pause(500);
  }
  const all = await Promise.all(times);
  const ended = all.filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
  const p95 = ended[Math.ceil(0.95 * ended.length) - 1] ?? Infinity;
  return { p95, most: ended.at(-1) ?? Infinity, lost: all.length - ended.length };
}

/** A call with a webhook, from its start over HTTP to its end; gives its seconds. */
async function victimCall(stack: DevStack, api: string, url: string): Promise<number> {
  const flow = flowOf({
    answer: { type: 'answerCall', lines: { next: 'ask' } },
    ask: {
      ...{ type: 'webhook', request: { method: 'GET', url }, lines: { success: 'bye' } },
      response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'data.status' }] },
    },
    bye: { type: 'hangUp' },
  });
  const caller = validateCaller({}).value;
  if (!caller) throw new Error('The caller is not valid.');
  const began = performance.now();
  const call = randomUUID();
  const { bridge, taskQueue } = stack.simulator;
  const started = await start(api, 1, call, flow, { id: bridge.id, taskQueue });
  bridge.addCall({ callId: call, workflowId: started.call, direction: 'inbound', caller });
  const late = pause(60_000).then(() => Promise.reject(new Error('not ended')));
  const report = await Promise.race([callReport(stack.client.workflow.getHandle(started.call)), late]);
  if (report.outcome !== 'completed') throw new Error(report.outcome);
  return (performance.now() - began) / 1000;
}

async function start(api: string, account: number, call: string, flow: object, bridge: object) {
  const answer = await post(`${api}/bridge/calls`, {
    account: { id: account, httpEnabled: true, targetAllowList: ['127.0.0.1'] },
    ...{
      flow,
      bridge,
      call: { id: call, direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() },
    },
  });
  if (!answer.ok) throw new Error(`start: ${answer.status}`);
  return (await answer.json()) as { call: string };
}

function post(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Attacks until it is told to end, and gives the number of each answer. */
async function attack({ kind, api, target, rate }: Work): Promise<void> {
  let ended = false;
  process.once('message', () => (ended = true));
  const nobody = { id: 'attackers', taskQueue: 'nobody' };
  const wait = flowOf({ wait: { type: 'delay', seconds: 600, lines: {} } });
  const hang = flowOf({ ask: { type: 'webhook', request: { method: 'GET', url: target }, lines: { failure: 'ask' } } });
  const counts: Record<string, number> = {};
  const count = (what: string | number) => (counts[what] = (counts[what] ?? 0) + 1);
  const accounts = Array.from({ length: ATTACKERS }, (_, n) => 100 + n);
  const calls =
    kind === 'events' ? await Promise.all(accounts.map((id) => start(api, id, randomUUID(), wait, nobody))) : [];
  const request = (n: number): Promise<unknown> => {
    const account = accounts[n % ATTACKERS] ?? 0;
    if (kind === 'starts') return start(api, account, randomUUID(), wait, nobody).then(() => 201);
    if (kind === 'slow') return start(api, account, randomUUID(), hang, nobody).then(() => 201);
    const event = {
      eventId: randomUUID(),
      seq: n + 10,
      at: new Date().toISOString(),
      leg: '1',
      type: 'digits',
      digits: '1',
    };
    return post(`${api}/bridge/calls/${calls[n % ATTACKERS]?.call}/events`, event).then(({ status }) => status);
  };
  const under = new Set<Promise<unknown>>();
  let sent = 0;
  const began = performance.now();
  let told = false;
  while (!ended) {
    // At most a thousand starts of slow calls, and as many requests under way as a strong sender has.
    while (sent < ((performance.now() - began) * rate) / 1000 && under.size < 500 && (kind !== 'slow' || sent < 1000)) {
      const asked = request(sent).then(
        (status) => count(String(status)),
        (error: Error) => count(error.message),
      );
      sent += 1;
      under.add(asked);
      void asked.finally(() => under.delete(asked));
    }
    if (!told && performance.now() - began > (kind === 'slow' ? 20_000 : 2000)) {
      told = true;
      process.send?.('under way');
    }
    await pause(10);
  }
  await Promise.race([Promise.all(under), pause(5000)]);
  process.send?.(counts);
  process.disconnect();
  process.exit(0);
}

async function startApiProcess(address: string): Promise<{ api: ChildProcess; url: string }> {
  const port = await freePort();
  const bin = fileURLToPath(new URL('../../bin/hookline.js', import.meta.url));
  const env = { ...process.env, TEMPORAL_ADDRESS: address, HOOKLINE_CODEC: 'off', HOOKLINE_API_PORT: String(port), HOOKLINE_LOG_LEVEL: 'error' }; // prettier-ignore
  const api = spawn(process.execPath, [bin, 'api'], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await pause(100);
  return { api, url };
}
