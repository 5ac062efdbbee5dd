/**
 * `npm run phone`: a telephone call to `examples/order-status` on a real Asterisk, and what the phone heard of it. It stays up, so that one
 * may call by a softphone, until Ctrl-C; `--once` ends after the call, with exit code 0 only when every sound was heard.
 * `--listen ADDRESS` lets phones of the network in.
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { timelineLine } from '../../../src/cli/timeline.js';
import type { TimelineEntry } from '../../../src/engine/call-report.js';
import { untilStopped } from '../../../src/stack/until-stopped.js';
import { NoAsterisk } from '../asterisk/fetch-asterisk.js';
import { TUNES } from '../asterisk/start-asterisk.js';
import { samplesIn, wav } from '../asterisk/tone-wav.js';
import { findSound, samplesOf, tonesOf } from '../sip/heard.js';
import { Phone } from '../sip/phone.js';
import type { PhoneCall } from '../sip/phone-call.js';
import { type Child, startChild } from './child.js';
import { startTelephone, type TelephoneStack } from './telephone-stack.js';

const EXAMPLE = fileURLToPath(new URL('../../../examples/order-status/', import.meta.url));
const SERVICE = 'http://127.0.0.1:4010';
const HEARD = resolve('.hookline/phone.wav');
const CALLER = '919800000001';
const NUMBER = '912200000002';
const PROMPTS = [
  'Welcome to the shop. One moment, please.',
  'Your order 1001 with 2 items is on its way with Blue Dart.',
];
/** How much a prompt as it was heard resembles the one that was made, at least. */
const ALIKE = 0.9;
/** Milliseconds that the call may take. */
const CALL_MS = 60_000;

const begin = Date.now();
const say = (line: string) => console.error(`hookline: ${line}`);
const listen = process.argv.find((_, index, all) => all[index - 1] === '--listen');
const stopped = untilStopped();
process.exitCode = await demonstrate().catch((error: unknown) => {
  if (!(error instanceof NoAsterisk)) throw error;
  console.error(error.message);
  return 1;
});

async function demonstrate(): Promise<number> {
  const numbers = [NUMBER, '100'].map((number) => ({ number, account: 163, flow: 'ordrstat' }));
  const telephone = await startTelephone({ numbers, address: listen, say });
  let service: Child | undefined;
  try {
    service = await orderService();
    const read = (name: string) => JSON.parse(readFileSync(`${EXAMPLE}${name}.json`, 'utf8')) as object;
    await telephone.api('POST', '/accounts', read('account'));
    await telephone.api('POST', '/accounts/163/flows', read('flow'));
    await telephone.api('POST', '/accounts/163/flows/ordrstat/publish', { version: 1 });
    await telephone.startBridge();
    const all = await call(telephone);
    const { asterisk, uiUrl } = telephone;
    console.log(
      `\nCall by a softphone: SIP address demo@${listen ?? '127.0.0.1'}:${asterisk.sipPort} (UDP), user demo, password ${asterisk.demoPassword}; then dial 100`,
    );
    if (uiUrl) console.log(`Temporal UI  ${uiUrl}`);
    if (process.argv.includes('--once')) return all ? 0 : 1;
    console.log('Ctrl-C stops.');
    await stopped;
    return 0;
  } finally {
    say('stopping ...');
    await service?.stop();
    await telephone.stop();
  }
}

/** The example's order service; the one that runs already is used. */
async function orderService(): Promise<Child | undefined> {
  const running = await fetch(`${SERVICE}/health`).then(
    (answer) => answer.json() as Promise<{ service?: string }>,
    () => undefined,
  );
  if (running?.service === 'order-status') return undefined;
  return startChild(process.execPath, [`${EXAMPLE}service.mjs`], {}, /listens on/);
}

/** Places the call, and tells what was heard; whether all was. */
async function call(telephone: TelephoneStack): Promise<boolean> {
  const phone = await Phone.open({ server: telephone.asterisk.sipPort, user: CALLER });
  const dialled = { at: Date.now(), clock: performance.now() };
  console.log(
    `A phone calls ${NUMBER}: examples/order-status on a real Asterisk, ${((dialled.at - begin) / 1000).toFixed(0)} s after the start`,
  );
  const made = await phone.dial(NUMBER);
  const ended = await Promise.race([made.over.done, pause(CALL_MS, null, { ref: false })]);
  const { items } = (await telephone.api('GET', '/accounts/163/calls')) as { items: { call: string }[] };
  const { timeline } = (await telephone.api('GET', `/accounts/163/calls/${items[0]?.call ?? ''}`)) as {
    timeline: TimelineEntry[];
  };
  for (const entry of timeline) console.log(timelineLine(entry, dialled.at));
  mkdirSync(resolve('.hookline'), { recursive: true });
  writeFileSync(HEARD, wav(samplesOf(made.line.heard).samples));
  console.log(`\nWhat the phone heard: ${HEARD}`);
  const sounds = [...tunesHeard(made), ...(await promptsHeard(telephone, made))];
  for (const { at, what } of sounds.sort((one, other) => one.at - other.at))
    console.log(`${((at - dialled.clock) / 1000).toFixed(2).padStart(7)} s  ${what}`);
  const wanted = [ended?.how === 'bye', sounds.every(({ good }) => good), sounds.length > PROMPTS.length];
  console.log(ended ? `It ended: ${ended.how}` : 'It did not end in time.');
  phone.close();
  return wanted.every(Boolean);
}

/** A sound that was heard. */
interface Sound {
  /** `performance.now()` of its begin. */
  at: number;
  what: string;
  /** Whether it was the sound that was made. */
  good: boolean;
}

async function promptsHeard({ prompts }: TelephoneStack, { line }: PhoneCall): Promise<Sound[]> {
  return Promise.all(
    PROMPTS.map(async (text) => {
      const samples = samplesIn(readFileSync(await prompts.file({ text })));
      const { at, likeness } = findSound(line.heard, samples);
      return { at, what: `"${text}" (likeness ${likeness.toFixed(3)})`, good: likeness > ALIKE };
    }),
  );
}

function tunesHeard({ line }: PhoneCall): Sound[] {
  const tunes = tonesOf(line.heard, [TUNES.default]).filter(({ what }) => what === TUNES.default);
  return tunes.map(({ from, to }) => ({ at: from, what: `hold tune, ${(to - from).toFixed(0)} ms`, good: true }));
}
