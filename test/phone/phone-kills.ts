/**
 * `npm run soak`, its part of telephones: calls from real phones while bridge, Asterisk, worker and server are killed in turn. Exit code 1
 * when a flow end is lost, a caller is in silence for more than 5 s after what was killed is back, or a prompt is heard twice.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type DevServer, startDevServer } from '../../src/temporal/servers/dev-server.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { toneWav } from './asterisk/tone-wav.js';
import { type Away, faultsOf, longestSilence } from './call-faults.js';
import type { Child } from './demo/child.js';
import { startTelephone } from './demo/telephone-stack.js';
import { Phone } from './sip/phone.js';
import type { PhoneCall } from './sip/phone-call.js';

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '200' }, kills: { type: 'string', default: '10' } },
});
const [calls, kills] = [Number(values.calls), Number(values.kills)];
const NUMBER = '912200000002';
const ACCOUNT = 163;
const TONES = [440, 520, 700];
const PROMPT_SECONDS = 3;
/** Milliseconds between two calls, between what is back and the next kill, and for a call as a whole. */
const CALL_EVERY_MS = 300;
const KILL_AFTER_MS = 4000;
const CALL_MS = 60_000;
/** Milliseconds without a flow end after which what is missing counts as lost. */
const FLOW_ENDS_MS = 60_000;

const say = (line: string) => console.log(line);
const folder = mkdtempSync(join(tmpdir(), 'hookline-phone-kills-'));
for (const hertz of TONES) writeFileSync(join(folder, `${hertz}.wav`), toneWav(hertz, PROMPT_SECONDS));
/** Callers whose flow end came. */
const flowEnds = new Set<string>();
let lastFlowEnd = Date.now();
const target = createServer((request, response) => {
  void request.toArray().then((chunks) => {
    const { callDetails } = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as {
      callDetails: { calleeNumber: string }[];
    };
    flowEnds.add(callDetails[0]?.calleeNumber ?? '');
    lastFlowEnd = Date.now();
    response.end();
  });
});
await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));

const serverAt = await freePort();
const newServer = (): Promise<DevServer> =>
  startDevServer({ say: () => undefined, dbFilename: join(folder, 'temporal.db'), port: serverAt });
let server = await newServer();
const telephone = await startTelephone({
  numbers: [{ number: NUMBER, account: ACCOUNT, flow: 'phonkill' }],
  temporal: server.address,
  settings: { prompts: folder, can: ['sequence'] },
  say,
});
let bridge: Child = await telephone.startBridge();
const away: Away[] = [];

const killed: Record<string, () => Promise<void>> = {
  async bridge() {
    await bridge.kill();
    bridge = await telephone.startBridge();
  },
  async Asterisk() {
    await telephone.asterisk.killAndStart();
  },
  worker: () => telephone.killWorker(),
  async server() {
    process.kill(server.pid, 'SIGKILL');
    await server.gone;
    server = await newServer();
  },
};

let failed = true;
try {
  await publish();
  const phone = await Phone.open({ server: telephone.asterisk.sipPort });
  const [made] = await Promise.all([place(phone), strike()]);
  await pause(FLOW_ENDS_MS / 10);
  const due = made.filter(({ call }) => call.log.includes('180') || call.log.includes('200'));
  while (due.some(({ from }) => !flowEnds.has(from)) && Date.now() - lastFlowEnd < FLOW_ENDS_MS) await pause(250);
  const lost = due.filter(({ from }) => !flowEnds.has(from));
  const whole = due.filter(({ call }) => call.log.includes('200') && !diedWithAsterisk(call));
  const faults = whole.flatMap(({ call, from }) =>
    faultsOf(call, away, { tones: TONES, seconds: PROMPT_SECONDS }).map((fault) => `call of ${from}: ${fault}`),
  );
  for (const { from } of lost) say(`call of ${from}: its flow end is lost`);
  for (const fault of faults) say(fault);
  const silences = whole.map(({ call }) => longestSilence(call, away)).sort((one, other) => one - other);
  const struck = Object.keys(killed).map((what) => `${away.filter((one) => one.what === what).length} ${what}`);
  say(
    `phone kills: ${made.length} calls, ${due.length} reached a flow, ${due.length - whole.length} ended with Asterisk or before the answer; ` +
      `killed: ${struck.join(', ')}; ${lost.length} flow ends lost; silence beside what was away: p50 ` +
      `${silences[silences.length >> 1]?.toFixed(0)} ms, longest ${silences.at(-1)?.toFixed(0)} ms; ${faults.length} other faults`,
  );
  failed = lost.length > 0 || faults.length > 0 || whole.length === 0;
  phone.close();
} finally {
  await telephone.stop();
  await server.stop();
  target.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

async function publish(): Promise<void> {
  const play = (hertz: number, next: string) => ({
    ...{ type: 'play', prompt: { file: `${hertz}.wav` }, lines: { next } },
  });
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/flow-end`;
  await telephone.api('POST', '/accounts', {
    ...{ id: ACCOUNT, name: 'Kills', httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url } },
  });
  await telephone.api('POST', `/accounts/${ACCOUNT}/flows`, {
    ...{ hookline: 1, id: 'phonkill', type: 'inbound', start: 'answer', flowEndWebhook: true },
    widgets: {
      answer: { type: 'answerCall', lines: { next: 'one' } },
      one: play(440, 'two'),
      two: play(520, 'three'),
      three: play(700, 'bye'),
      bye: { type: 'hangUp' },
    },
  });
  await telephone.api('POST', `/accounts/${ACCOUNT}/flows/phonkill/publish`, { version: 1 });
}

interface Made {
  call: PhoneCall;
  from: string;
}

async function place(phone: Phone): Promise<Made[]> {
  const made: Made[] = [];
  for (let n = 0; n < calls; n++) {
    const from = String(919_800_000_000 + n);
    made.push({ from, call: await phone.dial(NUMBER, from) });
    await pause(CALL_EVERY_MS);
  }
  await Promise.race([Promise.all(made.map(({ call }) => call.over.done)), pause(CALL_MS)]);
  return made;
}

/** Kills one after the other, and notes when each was away. */
async function strike(): Promise<void> {
  for (let n = 0; n < kills; n++) {
    await pause(KILL_AFTER_MS);
    const what = Object.keys(killed)[n % Object.keys(killed).length] ?? '';
    const from = performance.now();
    await killed[what]?.();
    away.push({ what, from, to: performance.now() });
    say(`${what} killed, back after ${((performance.now() - from) / 1000).toFixed(1)} s`);
  }
}

/** Asterisk takes its calls with it, and no phone hears a word of that. */
function diedWithAsterisk({ begun, over, line }: PhoneCall): boolean {
  const until = over.isSet ? (line.heard.at(-1)?.at ?? begun) : Infinity;
  return away.some(({ what, from }) => what === 'Asterisk' && begun <= from && until >= from - 100);
}
