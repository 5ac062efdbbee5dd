/**
 * How long a caller waits for a sound: for a prompt that was rendered before, from the time at which the engine's activity was scheduled to
 * the first packet of sound at the phone; and how soon the hold tune of a slow webhook begins and ends. Nothing else happens.
 * @module
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { startTelephone, type TelephoneStack } from '../../test/phone/demo/telephone-stack.js';
import { Phone } from '../../test/phone/sip/phone.js';
import { type Spread, spread } from '../statistics.js';
import { type ActivityTimes, activityTimes } from './activity-times.js';

/** What was measured, in milliseconds. */
export interface SoundTimes {
  /** From the activity of a prompt to its first packet. */
  prompt: Spread;
  /** From the activity of a webhook to the first packet of the hold tune, and from its answer to the last one. */
  holdBegins: Spread;
  holdEnds: Spread;
}

const ACCOUNT = 163;
/** Calls before those that count: the prompt is rendered, and every process is warm. */
const WARM_UP = 5;
/** Milliseconds that the target takes for an answer. */
const SLOW_MS = 800;
const NUMBERS = { prompt: '912200000002', hold: '912200000003' };

const answer = { type: 'answerCall', lines: { next: 'it' } };
const bye = { type: 'hangUp' };
const flowOf = (id: string, it: object) => ({
  ...{ hookline: 1, id, type: 'inbound', start: 'answer', widgets: { answer, it, bye } },
});

/** Makes calls one after the other. */
export async function measureSoundTimes(calls: number, say: (line: string) => void): Promise<SoundTimes> {
  const target = createServer((_, response) => void pause(SLOW_MS).then(() => response.end('{}')));
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
  const telephone = await startTelephone({
    numbers: [
      { number: NUMBERS.prompt, account: ACCOUNT, flow: 'theprmpt' },
      { number: NUMBERS.hold, account: ACCOUNT, flow: 'holdtune' },
    ],
    say,
  });
  try {
    await telephone.api('POST', '/accounts', { id: ACCOUNT, httpEnabled: true, targetAllowList: ['127.0.0.1'] });
    await publish(
      telephone,
      flowOf('theprmpt', { type: 'play', prompt: { text: 'Good day.' }, lines: { next: 'bye' } }),
    );
    const lines = { success: 'bye', failure: 'bye' };
    await publish(telephone, flowOf('holdtune', { type: 'webhook', request: { method: 'GET', url }, lines }));
    await telephone.startBridge();
    const prompts = await heard(telephone, NUMBERS.prompt, calls, 'bridgeCommand play');
    const holds = await heard(telephone, NUMBERS.hold, calls, 'webhook');
    return {
      prompt: spread(prompts.map(({ first, activity }) => first - activity.scheduled)),
      holdBegins: spread(holds.map(({ first, activity }) => first - activity.scheduled)),
      holdEnds: spread(holds.map(({ last, activity }) => last - activity.completed)),
    };
  } finally {
    await telephone.stop();
    target.close();
  }
}

async function publish(telephone: TelephoneStack, flow: { id: string }): Promise<void> {
  await telephone.api('POST', `/accounts/${ACCOUNT}/flows`, flow);
  await telephone.api('POST', `/accounts/${ACCOUNT}/flows/${flow.id}/publish`, { version: 1 });
}

/** A call: its first and last packet, and an activity, in milliseconds since 1970. */
interface Heard {
  first: number;
  last: number;
  activity: ActivityTimes;
}

async function heard(telephone: TelephoneStack, number: string, calls: number, activity: string): Promise<Heard[]> {
  const connection = await Connection.connect({ address: telephone.temporal });
  const { workflow } = new Client({ connection });
  const phone = await Phone.open({ server: telephone.asterisk.sipPort });
  const made: Heard[] = [];
  let before = await lastCall(telephone);
  for (let n = 0; n < calls + WARM_UP; n++) {
    const call = await phone.dial(number);
    await call.over.done;
    before = await nextCall(telephone, before);
    const { events } = await workflow.getHandle(before).fetchHistory();
    const at = (packet: { at: number } | undefined) => (packet?.at ?? NaN) + performance.timeOrigin;
    const packets = call.line.heard;
    if (n >= WARM_UP)
      made.push({ first: at(packets[0]), last: at(packets.at(-1)), activity: activityTimes(events ?? [], activity) });
  }
  phone.close();
  await connection.close();
  return made;
}

/** The workflow id of the call whose report was written last; empty before the first. */
async function lastCall(telephone: TelephoneStack): Promise<string> {
  const { items } = (await telephone.api('GET', `/accounts/${ACCOUNT}/calls?limit=1`)) as { items: { call: string }[] };
  return items[0]?.call ?? '';
}

/** The report of a call is written soon after its end. */
async function nextCall(telephone: TelephoneStack, before: string): Promise<string> {
  for (;;) {
    const call = await lastCall(telephone);
    if (call !== before) return call;
    await pause(20);
  }
}
