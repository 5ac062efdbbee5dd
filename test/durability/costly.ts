/**
 * `npm run soak`, a part of it: calls of one account beside twelve of another that attack by what costs a processor, memory or
 * files: paths and XPaths that explode, huge answers, large documents, secrets that are no files. On two workers. Exit code 1 when
 * a call does not end, takes over 10 s, or the 95th percentile is over three times that alone.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';
import { answer, json, Target } from '../support/target.js';

const ATTACKERS = 12;
const MOST_SECONDS = 10;
const MOST_TIMES = 3;
/** Below a second nobody waits, whatever the ratio. */
const LEAST_SECONDS = 1;
/** The account that attacks. */
const ATTACKER = 7;

const { values } = parseArgs({ options: { attack: { type: 'string' }, calls: { type: 'string', default: '20' } } });

const target = await Target.start();
const tree = JSON.stringify({ items: Array.from({ length: 30_000 }, (_, n) => ({ n, deep: [[n]] })) });
target
  .on('/status', json({ status: 'shipped' }))
  .on('/tree', answer(200, tree))
  .on('/xml', answer(200, `<t>${'<a><b/></a>'.repeat(50_000)}</t>`))
  .on('/huge', answer(200, `[${'{"a":1},'.repeat(120_000)}0]`));

/** A folder of secrets in which those of the attacker are a pipe that nobody writes to, and devices without end. */
const secretsDir = mkdtempSync(join(tmpdir(), 'hookline-costly-'));
mkdirSync(join(secretsDir, String(ATTACKER)));
const NO_FILES = ['pipe', 'zero', 'terminal'];
const [pipe = '', zero = '', terminal = ''] = NO_FILES.map((name) => join(secretsDir, String(ATTACKER), name));
execFileSync('mkfifo', [pipe]);
symlinkSync('/dev/zero', zero);
symlinkSync('/dev/ptmx', terminal);

/** Asks again and again. */
const asking = (path: string, response: object, auth?: object) => ({
  flow: flowOf({
    ask: {
      ...{ type: 'webhook', request: { method: 'GET', url: target.url(path), ...(auth && { auth }) }, response },
      lines: { success: 'again', failure: 'again' },
    },
    again: { type: 'delay', seconds: 1, lines: { next: 'ask' } },
  }),
});
let asked = 0;
const row = (path: string) => [{ saveIn: '$flow.key.x', path }];
const large = flowOf(
  Object.fromEntries(
    Array.from({ length: 1400 }, (_, n) => [
      `w${n}`,
      {
        ...{
          type: 'menu',
          prompt: { text: 'x' },
          keys: Object.fromEntries([...'0123456789'].map((key) => [key, `l${key}`])),
        },
        lines: Object.fromEntries([...'0123456789'].map((key, at) => [`l${key}`, `w${(n * 7 + at * 13) % 1400}`])),
      },
    ]),
  ),
);

/** One attacker's call, again and again. */
const ATTACKS: Record<string, () => { flow: object; secrets?: object }> = {
  jsonpath: () => asking('/tree', { type: 'json', map: row('data[?count($..*) > 400000]') }),
  xpath: () => asking('/xml', { type: 'xml', map: row('//*[count(//*[count(//*) > 0]) > 0]') }),
  huge: () => asking('/huge', { type: 'json', map: row('data') }),
  documents: () => ({ flow: large }),
  secrets: () => {
    const name = NO_FILES[asked++ % NO_FILES.length] ?? '';
    const auth = { type: 'bearer', token: { secret: name } };
    return { ...asking('/status', { type: 'none' }, auth), secrets: { [name]: { file: name } } };
  },
};

const victim = flowOf({
  answer: { type: 'answerCall', lines: { next: 'ask' } },
  ask: {
    ...{ type: 'webhook', request: { method: 'GET', url: target.url('/status') }, lines: { success: 'bye' } },
    response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'data.status', mandatory: true }] },
  },
  bye: { type: 'hangUp' },
});
const account = (id: number) => ({ id, httpEnabled: true, targetAllowList: ['127.0.0.1'] });

let well = true;
for (const kind of values.attack?.split(',') ?? Object.keys(ATTACKS)) {
  const make = ATTACKS[kind];
  if (!make) throw new RangeError(`--attack: no ${kind}`);
  well = (await holds(kind, make, Number(values.calls))) && well;
}
await target.stop();
rmSync(secretsDir, { recursive: true });
process.exit(well ? 0 : 1);

/** Whether calls hold beside one attack, on servers of their own: what one leaves behind is not counted for the next. */
async function holds(kind: string, make: (typeof ATTACKS)[string], number: number): Promise<boolean> {
  const stack = await DevStack.start();
  const env = { HOOKLINE_SECRETS_DIR: secretsDir, HOOKLINE_LOG_LEVEL: 'error' };
  await Promise.all([stack.startWorker(env), stack.startWorker(env)]);
  for (let n = 0; n < 5; n += 1) await victimCall(stack);
  const alone = await measure(stack, number);
  let over = false;
  let calls = 0;
  const attackers = Array.from({ length: ATTACKERS }, async () => {
    while (!over) {
      const { flow, secrets = {} } = make();
      const { handle } = await stack.call({ flow, account: { ...account(ATTACKER), secrets } });
      calls += 1;
      await Promise.race([handle.result().catch(() => undefined), pause(5000)]);
      await handle.terminate().catch(() => undefined);
    }
  });
  await pause(3000);
  const beside = await measure(stack, number);
  over = true;
  await Promise.all(attackers);
  const held =
    beside.lost === 0 && beside.most <= MOST_SECONDS && beside.p95 <= Math.max(LEAST_SECONDS, MOST_TIMES * alone.p95);
  console.log(
    `${held ? 'held' : 'BROKEN'}: ${kind} by ${ATTACKERS} calls at a time, ${calls} in all: alone p95 ${alone.p95.toFixed(2)} s; ` +
      `beside p95 ${beside.p95.toFixed(2)} s, most ${beside.most.toFixed(2)} s, ${beside.lost} of ${number} calls not ended`,
  );
  await Promise.race([stack.stop(), pause(20_000)]);
  return held;
}

async function victimCall(stack: DevStack): Promise<number> {
  const began = performance.now();
  const { report } = await stack.call({ flow: victim, account: account(1) });
  const late = pause(60_000).then(() => Promise.reject(new Error('not ended')));
  const { outcome } = await Promise.race([report(), late]);
  if (outcome !== 'completed') throw new Error(outcome);
  return (performance.now() - began) / 1000;
}

/** The times of calls that begin each half second. */
async function measure(stack: DevStack, number: number) {
  const times: Promise<number>[] = [];
  for (let n = 0; n < number; n += 1) {
    times.push(victimCall(stack).catch(() => Number.NaN));
    await pause(500);
  }
  const all = await Promise.all(times);
  const ended = all.filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
  const p95 = ended[Math.ceil(0.95 * ended.length) - 1] ?? Infinity;
  return { p95, most: ended.at(-1) ?? Infinity, lost: all.length - ended.length };
}
