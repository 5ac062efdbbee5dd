import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { CommandFields } from '../../src/telephony/commands.js';
import { TUNES } from './asterisk/start-asterisk.js';
import { RATE, samplesIn, toneWav } from './asterisk/tone-wav.js';
import { Driver, type DrivenCall } from './driver.js';
import { type HeardTone, tonesOf } from './sip/heard.js';
import { Phone } from './sip/phone.js';
import type { PhoneCall } from './sip/phone-call.js';
import { tcpProxy, type TcpProxy } from './tcp-proxy.js';
import { type TelephoneRig, telephoneRig } from './telephone-rig.js';

const root = inject('asterisk');
const prompts = mkdtempSync(join(tmpdir(), 'hookline-prompts-'));
const HERTZ = [440, 520, 700];
for (const hertz of HERTZ) writeFileSync(join(prompts, `${hertz}.wav`), toneWav(hertz, 0.8));
const PROMPTS = HERTZ.map((hertz) => ({ file: `${hertz}.wav` }));
const KEYS: CommandFields['collect'] = {
  ...{ prompts: [], min: 1, max: 4, terminator: '#', firstDigitTimeout: 5, interDigitTimeout: 5, keepDigits: false },
};

/** Milliseconds for which a bridge is away. */
const AWAY_MS = 300;

describe.skipIf(root === null)('calls on a real Asterisk outlive', () => {
  let rig: TelephoneRig;
  let proxy: TcpProxy;
  let driver: Driver;
  let caller: Phone;
  let call: DrivenCall;
  const reached = new Map<string, PhoneCall>();
  const answering = (tone: number) => (phone: PhoneCall) => {
    reached.set(phone.dialled, phone);
    phone.line.tone = tone;
    phone.answer();
  };
  const arrived: string[] = [];
  beforeAll(async () => {
    rig = await telephoneRig(root ?? '', {
      '100': answering(0),
      '200': answering(500),
      async '300'(phone) {
        phone.ring();
        await pause(AWAY_MS + 600);
        answering(0)(phone);
      },
    });
    proxy = await tcpProxy(Number(new URL(rig.asterisk.url).port));
    caller = await Phone.open({ server: rig.asterisk.sipPort, user: '919800000001' });
  });
  afterAll(async () => {
    caller.close();
    proxy.close();
    await rig.stop();
  });
  beforeEach(async () => {
    const ari = { url: `http://127.0.0.1:${proxy.port}` };
    driver = await Driver.start(rig, {
      settings: { prompts, ari },
      starter: {
        route: async () => ({ account: 1, flow: { id: 'f' } }),
        workflowId: (_, callId) => `call-${callId}`,
        start: async ({ id }) => {
          if (!arrived.includes(id)) arrived.push(id);
          return null;
        },
      },
    });
    call = driver.call();
  });
  afterEach(async () => {
    await call.hangUp();
    driver.kill();
  });

  /** The process is killed and another one takes over; or only the connection is lost. */
  const faults: Record<string, () => Promise<void>> = {
    async 'the kill of the bridge'() {
      driver.kill();
      await pause(AWAY_MS);
      await driver.startAgain();
    },
    async 'the loss of the socket'() {
      proxy.drop();
      await pause(AWAY_MS);
    },
  };

  describe.each(Object.keys(faults))('%s', (name) => {
    const strike = () => faults[name]?.();

    it('B3: during a play: each prompt is heard once, and the result is that of the command', async () => {
      await call.dial('100');
      const command = call.command('play', { prompts: PROMPTS });
      void driver.command(command);
      await pause(1000);
      await strike();
      expect(await driver.command(command)).toMatchObject({ result: 'done' });
      const heard = tonesOf(reached.get('100')?.line.heard ?? [], HERTZ);
      expect([...new Set(heard.map(({ what }) => what).filter((what) => what !== 'other'))]).toEqual(HERTZ);
      // Each lasts 800 ms.
      for (const hertz of HERTZ) expect(Math.abs(lasting(heard, hertz) - 800)).toBeLessThan(150);
    });

    it('B3: during a collect: keys from before and after count', async () => {
      await call.dial('100');
      const command = call.command('collect', KEYS);
      void driver.command(command);
      await pause(100);
      reached.get('100')?.line.press('1');
      await pause(300);
      await strike();
      reached.get('100')?.line.press('2#');
      expect(await driver.command(command)).toMatchObject({ digits: '12', ended: 'complete' });
    });

    it('B3: during a recording: it has what was said in all the time', async () => {
      await call.dial('200');
      const said = { name: 'r', maxSeconds: 2, silenceSeconds: 5, terminator: '', beep: false };
      const command = call.command('record', said);
      void driver.command(command);
      await pause(700);
      await strike();
      expect(await driver.command(command)).toMatchObject({ result: 'done' });
      const ready = call.events.filter((event) => event.type === 'recordingReady');
      expect(ready).toHaveLength(1);
      const sound = samplesIn(readFileSync(fileURLToPath(ready[0]?.url ?? '')));
      expect(sound.length / RATE).toBeGreaterThan(1.7);
    });

    it('B3: during a dial: the party rings once, and is connected', async () => {
      const command = call.command('dial', { to: '300', from: '1', ringSeconds: 20, whileRinging: 'ring' });
      void driver.command(command);
      await expect.poll(() => call.told()).toContain('legRinging');
      const before = rig.phones.calls.size;
      await strike();
      expect(await driver.command(command)).toMatchObject({ result: 'done' });
      expect(call.told()).toEqual(['legRinging', 'legAnswered']);
      expect(rig.phones.calls.size).toBe(before);
    });

    it('B3: during a conversation: it goes on, and its end is reported', async () => {
      await call.dial('100');
      await call.dial('200', {}, '2');
      await call.give('join', { with: '2', record: { name: 'talk' } });
      await pause(200);
      await strike();
      await pause(300);
      reached.get('200')?.hangUp();
      await expect.poll(() => call.told('2')).toContain('legEnded 16 remote');
      await expect.poll(() => call.told()).toContain('recordingReady');
      expect(await call.give('status', {})).toMatchObject({ result: 'done' });
      expect(lasting(tonesOf(reached.get('100')?.line.heard ?? [], [500]), 500)).toBeGreaterThan(AWAY_MS + 300);
    });

    it('B3: a hold tune does not stop, and the next command ends it', async () => {
      await call.dial('100');
      await call.give('hold', {});
      await strike();
      await call.give('stop', {});
      await pause(200);
      const heard = tonesOf(reached.get('100')?.line.heard ?? [], [TUNES.default]);
      expect(lasting(heard, TUNES.default)).toBeGreaterThan(AWAY_MS - 100);
      expect(heard.at(-1)?.to).toBeLessThan(performance.now() - 100);
    });
  });

  it('B3: a party that hangs up while the bridge is away: its end is reported, and a repeated command has its first result', async () => {
    const dial = call.command('dial', { to: '100', from: '1', ringSeconds: 20, whileRinging: 'ring' });
    const first = await driver.command(dial);
    driver.kill();
    reached.get('100')?.hangUp();
    await pause(AWAY_MS);
    await driver.startAgain();
    await expect.poll(() => call.told()).toEqual(['legAnswered', 'legEnded 31 remote']);
    expect(await driver.command(dial)).toEqual(first);
    expect(await call.give('play', { prompts: PROMPTS })).toEqual({ result: 'legGone' });
  });

  it('B1: a caller who arrives while the bridge is away waits, and is served once it is back', async () => {
    driver.kill();
    const waiting = await caller.dial('700001');
    await pause(AWAY_MS);
    expect(waiting.over.isSet).toBe(false);
    await driver.startAgain();
    await expect.poll(() => waiting.log).toContain('180');
    const flow = driver.call(arrived.at(-1));
    await flow.give('answer', {});
    await waiting.answered.done;
    waiting.hangUp();
    await expect.poll(() => flow.told()).toContain('legEnded 16 remote');
  });

  it('B2: Asterisk is killed: each leg ends with cause 38, and calls are made again as soon as it is back', async () => {
    await call.dial('100');
    const playing = call.give('play', { prompts: PROMPTS });
    await pause(200);
    await rig.asterisk.killAndStart();
    expect(await playing).toEqual({ result: 'legGone' });
    expect(call.told()).toEqual(['legAnswered', 'legEnded 38 remote']);
    const next = driver.call();
    expect(await next.dial('100')).toMatchObject({ result: 'done' });
    await next.hangUp();
  });
});

/** Milliseconds of a tone in all. */
function lasting(heard: readonly HeardTone[], hertz: number): number {
  return heard.filter(({ what }) => what === hertz).reduce((sum, { from, to }) => sum + to - from, 0);
}
