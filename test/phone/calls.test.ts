import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { CallStarter } from '../../src/telephony/asterisk/incoming-call.js';
import { TUNES } from './asterisk/start-asterisk.js';
import { RATE, samplesIn, toneWav } from './asterisk/tone-wav.js';
import { Driver } from './driver.js';
import { type HeardPacket, tonesOf } from './sip/heard.js';
import { Phone } from './sip/phone.js';
import type { PhoneCall } from './sip/phone-call.js';
import { type TelephoneRig, telephoneRig } from './telephone-rig.js';

const root = inject('asterisk');
const prompts = mkdtempSync(join(tmpdir(), 'hookline-prompts-'));
/** Prompts that are tones of one second; 44.1 kHz of another program in the last one is not needed to tell them apart. */
const file = (hertz: number) => ({ file: `${hertz}.wav` });
for (const hertz of [440, 520]) writeFileSync(join(prompts, `${hertz}.wav`), toneWav(hertz, 1));

/** Calls that reached a phone, by the number that was dialled. */
const reached = new Map<string, PhoneCall>();
const answering = (tone: number) => (call: PhoneCall) => {
  reached.set(call.dialled, call);
  call.line.tone = tone;
  call.answer();
};

/** Milliseconds for which a machine greets, and for which it beeps. */
const GREETING_MS = 3000;
const BEEP_MS = 400;

const machine = async (call: PhoneCall) => {
  answering(500)(call);
  await pause(GREETING_MS);
  call.line.tone = 1000;
  await pause(BEEP_MS);
  call.line.tone = 0;
};

/** The tones of a call as `[hertz, milliseconds]`; 20 ms are what a packet lasts. */
const toned = (heard: readonly HeardPacket[], hertz: number[]) =>
  tonesOf(heard, hertz).map(({ what, from, to }) => [what, Math.round((to - from) / 100) * 100] as const);

describe.skipIf(root === null).concurrent('a call on a real Asterisk', () => {
  let rig: TelephoneRig;
  let driver: Driver;
  let phone: Phone;
  const starts = new Map<string, number | null>();
  /** Sounds of sensitive texts. */
  const sensitive: string[] = [];
  beforeAll(async () => {
    rig = await telephoneRig(root ?? '', {
      ...Object.fromEntries(['101', '102', '103', '104', '105', '106', '107', '108'].map((to) => [to, answering(0)])),
      '201': answering(500),
      '202': answering(750),
      async '301'(call) {
        answering(500)(call);
        await pause(600);
        call.line.tone = 0;
      },
      '302': machine,
      '304': machine,
      '305': machine,
      '204': answering(660),
      '303': answering(0),
      async '203'(call) {
        call.line.tone = 660;
        call.early();
        await pause(600);
        call.answer();
      },
    });
    const starter: CallStarter = {
      route: async (to) => (to === '404404' ? null : { account: 1, flow: { id: 'f' } }),
      workflowId: (account, callId) => `call-${account}-${callId}`,
      start: async ({ id, to }) => {
        starts.set(to, null);
        arrived.set(to, id);
        return to === '700041' ? 41 : null;
      },
    };
    const { services } = rig.node({ prompts });
    const made = services.prompts.sensitiveFile.bind(services.prompts);
    services.prompts.sensitiveFile = async (prompt) => {
      sensitive.push(await made(prompt));
      return sensitive.at(-1) ?? '';
    };
    driver = await Driver.start(rig, { services, starter });
    phone = await Phone.open({ server: rig.asterisk.sipPort, user: '919800000001' });
  });
  const arrived = new Map<string, string>();
  afterAll(async () => {
    await driver.kill();
    phone.close();
    await rig.stop();
  });

  it('B3: prompts are heard in their order, each to its end; a text is spoken', async () => {
    const call = driver.call();
    await call.dial('101');
    const spoken = { text: 'Welcome to the shop.' };
    expect(await call.give('play', { prompts: [file(440), file(520), spoken] })).toMatchObject({ result: 'done' });
    await call.hangUp();
    const heard = toned(reached.get('101')?.line.heard ?? [], [440, 520]);
    expect(heard.slice(0, 2)).toEqual([
      [440, 1000],
      [520, 1000],
    ]);
    expect(heard.slice(2).every(([what]) => what === 'other')).toBe(true);
    expect(heard.slice(2).reduce((sum, [, ms]) => sum + ms, 0)).toBeGreaterThan(500);
  });

  it('H2, B3: the hold tune plays until a prompt, and a tune that Asterisk has not gives the default one', async () => {
    const call = driver.call();
    await call.dial('102');
    await call.give('hold', { tune: 'second' });
    await pause(400);
    await call.give('play', { prompts: [file(440)] });
    await call.give('hold', { tune: 'nowhere' });
    await pause(400);
    await call.give('stop', {});
    await pause(300);
    await call.hangUp();
    const heard = tonesOf(reached.get('102')?.line.heard ?? [], [TUNES.default, TUNES.second, 440]);
    expect(heard.map(({ what }) => what)).toEqual([TUNES.second, 440, TUNES.default]);
    for (const tune of [heard[0], heard[2]]) expect((tune?.to ?? 0) - (tune?.from ?? 0)).toBeLessThan(600);
  });

  it('B3: a key ends a play with bargeIn, and the next collect has it', async () => {
    const call = driver.call();
    await call.dial('103');
    const playing = call.give('play', { prompts: [file(440), file(520)], bargeIn: true });
    await pause(400);
    const { line } = reached.get('103') as PhoneCall;
    line.press('7');
    await playing;
    const last = line.heard.at(-1)?.at ?? 0;
    await pause(300);
    expect(line.heard.at(-1)?.at).toBeLessThan(last + 100);
    const keys = { min: 1, max: 1, terminator: '', firstDigitTimeout: 2, interDigitTimeout: 2, keepDigits: true };
    expect(await call.give('collect', { prompts: [file(440)], ...keys })).toMatchObject({
      ...{ digits: '7', ended: 'complete' },
    });
    expect(toned(line.heard, [440, 520])).toHaveLength(1);
    await call.hangUp();
  });

  it('B3: a recording holds what was said', async () => {
    const call = driver.call();
    await call.dial('201');
    const said = { name: 'r1', maxSeconds: 1, silenceSeconds: 5, terminator: '#', beep: true };
    expect(await call.give('record', said)).toMatchObject({ result: 'done' });
    const ready = call.events.find((event) => event.type === 'recordingReady');
    const sound = samplesIn(readFileSync(fileURLToPath(ready?.type === 'recordingReady' ? ready.url : '')));
    expect(sound.length / RATE).toBeGreaterThan(0.7);
    expect(crossings(sound) / (sound.length / RATE)).toBeCloseTo(500, -1.5);
    await call.hangUp();
  });

  it('B3: two legs that are joined hear each other, and the hold tune no more', async () => {
    const call = driver.call();
    await call.dial('104');
    await call.give('hold', {});
    await call.dial('202', { heardBy: '1' }, '2');
    await call.give('join', { with: '2' });
    await pause(500);
    await call.hangUp('2');
    expect(call.told('2')).toEqual(['legAnswered', 'legEnded 16 us']);
    expect(await call.give('status', {})).toMatchObject({ result: 'done' });
    await call.hangUp();
    const heard = tonesOf(reached.get('104')?.line.heard ?? [], [750, TUNES.default]);
    const agent = heard.filter(({ what }) => what === 750);
    expect((agent[0]?.to ?? 0) - (agent[0]?.from ?? 0)).toBeGreaterThan(350);
    expect(heard.some(({ what, to }) => what === TUNES.default && to > (agent[0]?.from ?? 0) + 60)).toBe(false);
  });

  it('B3: early media of the party that is dialled is heard before it answers', async () => {
    const call = driver.call();
    await call.dial('105');
    await call.dial('203', { heardBy: '1', whileRinging: 'earlyMedia' }, '2');
    expect(call.told('2')).toEqual(['legRinging', 'legAnswered']);
    expect(call.events.find(({ type }) => type === 'legRinging')).toMatchObject({ earlyMedia: true });
    const early = toned(reached.get('105')?.line.heard ?? [], [660]).find(([what]) => what === 660);
    expect(early?.[1]).toBeGreaterThanOrEqual(400);
    await call.hangUp('2');
    await call.hangUp();
  });

  it.each([
    ['a person, who says a word and waits', '301', 'human'],
    ['a machine, whose greeting is long', '302', 'machine'],
    ['nobody knows: nothing is said', '303', 'unknown'],
  ])('B2, B3: who answers is found out: %s', async (_who, to, by) => {
    const call = driver.call();
    const begun = Date.now();
    expect(await call.dial(to, { detectMachine: true })).toMatchObject({ result: 'done' });
    const answered = call.events.filter(({ type }) => type === 'legAnswered');
    expect(answered).toMatchObject([{ by }]);
    // It was connected before that was known.
    expect(Date.parse(answered[0]?.at ?? '') - begun).toBeLessThan(600);
    expect(await call.give('play', { prompts: [file(440)] })).toMatchObject({ result: 'done' });
    await call.hangUp();
    expect(toned(reached.get(to)?.line.heard ?? [], [440])).toEqual([[440, 1000]]);
  });

  it('B3, V7: the recording of a whole call has both sides, from the answer to the end, and not what is sensitive', async ({
    expect,
  }) => {
    const call = driver.call();
    await call.dial('204', { record: { name: 'call' } });
    await call.give('play', { prompts: [file(440)] });
    const secret = call.command('play', { prompts: [file(520)] });
    await driver.command({ ...secret, sensitive: true });
    await call.hangUp();
    await expect.poll(() => call.told(), { timeout: 5000 }).toContain('recordingReady');
    const ready = call.events.find((event) => event.type === 'recordingReady');
    expect(ready).toMatchObject({ name: 'call' });
    const sound = samplesIn(readFileSync(fileURLToPath(ready?.type === 'recordingReady' ? ready.url : '')));
    const seconds = sound.length / RATE;
    expect(seconds).toBeGreaterThan(0.9);
    expect(seconds).toBeLessThan(1.6);
    // Both the prompt and the party are there, each with about half of the strength.
    for (const hertz of [440, 660]) expect(share(sound, hertz)).toBeGreaterThan(0.2);
    expect(share(sound, 520)).toBeLessThan(0.05);
  });

  it('B3: with waitForBeep a message begins after the greeting and the beep', async () => {
    const call = driver.call();
    const begun = performance.now();
    await call.dial('304', { detectMachine: true, waitForBeep: true });
    await call.give('play', { prompts: [file(440)] });
    await call.hangUp();
    const [message] = tonesOf(reached.get('304')?.line.heard ?? [], [440]);
    const after = (message?.from ?? 0) - begun - GREETING_MS - BEEP_MS;
    expect(after).toBeGreaterThan(0);
    expect(after).toBeLessThan(3500);
  });

  it('B2: a machine that is hung up on while it greets was answered, and its leg ends', async () => {
    const call = driver.call();
    const dialling = call.dial('305', { detectMachine: true });
    await pause(700);
    reached.get('305')?.hangUp();
    expect(await dialling).toEqual({ result: 'legGone' });
    expect(call.told()).toEqual(['legAnswered', 'legEnded 16 remote']);
  });

  it('B1: a call that arrives rings until the flow answers, and is heard', async ({ expect }) => {
    const call = await phone.dial('700001');
    await expect.poll(() => call.log).toContain('180');
    const flow = driver.call(arrived.get('700001'), `call-1-${arrived.get('700001')}`);
    await flow.give('answer', {});
    await call.answered.done;
    await flow.give('play', { prompts: [file(440)] });
    call.hangUp();
    await expect.poll(() => flow.told()).toEqual(['legAnswered', 'legEnded 16 remote']);
    expect(toned(call.line.heard, [440])).toEqual([[440, 1000]]);
  });

  it('B2: a caller who gives up before the answer is an end by remote', async ({ expect }) => {
    const call = await phone.dial('700002');
    await expect.poll(() => call.log).toContain('180');
    call.cancel();
    const flow = driver.call(arrived.get('700002'), `call-1-${arrived.get('700002')}`);
    await expect.poll(() => flow.told()).toEqual(['legEnded 16 remote']);
  });

  it('B1: a number that nobody has is refused as unknown, and a start that is refused with cause 41', async () => {
    const [nobody, busy] = [await phone.dial('404404'), await phone.dial('700041')];
    expect(await nobody.over.done).toMatchObject({ how: 'refused', code: 404 });
    expect(await busy.over.done).toMatchObject({ how: 'refused', reason: expect.stringContaining('cause=41') });
    expect(starts.has('404404')).toBe(false);
  });

  it('V7: the sound of a sensitive text is not kept', async ({ expect }) => {
    const call = driver.call();
    await call.dial('107');
    const command = call.command('play', { prompts: [{ text: 'Your code is 4711.' }] });
    expect(await driver.command({ ...command, sensitive: true })).toMatchObject({ result: 'done' });
    expect(reached.get('107')?.line.heard.length).toBeGreaterThan(30);
    expect(sensitive).toHaveLength(1);
    await expect.poll(() => existsSync(sensitive[0] ?? '')).toBe(false);
    await call.hangUp();
  });

  it.each(['12x', 'PJSIP/a', '1&SIP/2', '', '+', '1'.repeat(60)])(
    '"%s" is no number: UNREACHABLE, cause 28',
    async (to) => {
      const call = driver.call();
      expect(await call.dial(to)).toMatchObject({ error: { type: 'UNREACHABLE' } });
      expect(call.told()).toEqual(['legEnded 28 remote']);
    },
  );

  it.each(['nowhere.wav', '../../../../etc/passwd', '/etc/passwd', ''])(
    'no file "%s" is played: MEDIA_FAILED',
    async (name) => {
      const call = driver.call();
      await call.dial('106');
      expect(await call.give('play', { prompts: [{ file: name }] })).toMatchObject({ error: { type: 'MEDIA_FAILED' } });
      await call.hangUp();
    },
  );
});

/** The share of a sound's energy that a tone has, by Goertzel over windows of 100 ms. */
function share(sound: Int16Array, hertz: number): number {
  const [size, factor] = [RATE / 10, 2 * Math.cos((2 * Math.PI * hertz) / RATE)];
  let [tone, all] = [0, 1];
  for (let start = 0; start + size <= sound.length; start += size) {
    let [one, two, energy] = [0, 0, 0];
    for (const sample of sound.subarray(start, start + size)) {
      [one, two] = [sample + factor * one - two, one];
      energy += sample * sample;
    }
    tone += (one * one + two * two - factor * one * two) / (size / 2);
    all += energy;
  }
  return tone / all;
}

/** How often a sound crosses zero upwards. */
function crossings(sound: Int16Array): number {
  return sound.reduce((sum, sample, index) => sum + (sample >= 0 && (sound[index - 1] ?? 0) < 0 ? 1 : 0), 0);
}
