import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { Latch } from '../../src/telephony/asterisk/latch.js';
import type { CommandFields } from '../../src/telephony/commands.js';
import { TUNES } from './asterisk/start-asterisk.js';
import { RATE, samplesIn, toneWav } from './asterisk/tone-wav.js';
import { BridgeProcess } from './bridge-process.js';
import { type CommandedNode, type DrivenCall, Driver } from './driver.js';
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

/** Milliseconds for which a socket is away, or a call goes on without its bridge, at least. */
const AWAY_MS = 300;
/** The account and the flow of a number that may call in. */
const ROUTE = { account: 1, flow: 'survives' };

/** What is under way on a leg when Asterisk dies. */
const UNDER_WAY: Record<string, (call: DrivenCall) => Promise<unknown>> = {
  play: (call) => call.give('play', { prompts: PROMPTS }),
  collect: (call) => call.give('collect', KEYS),
  record: (call) => call.give('record', { name: 'r', maxSeconds: 9, silenceSeconds: 9, terminator: '', beep: false }),
};

describe.skipIf(root === null)('calls on a real Asterisk outlive', () => {
  let rig: TelephoneRig;
  let proxy: TcpProxy;
  let node: CommandedNode;
  let call: DrivenCall;
  /** Set when the phone 300 may answer. */
  let answers = new Latch();
  const reached = new Map<string, PhoneCall>();
  const answering = (tone: number) => (phone: PhoneCall) => {
    reached.set(phone.dialled, phone);
    phone.line.tone = tone;
    phone.answer();
  };
  beforeAll(async () => {
    rig = await telephoneRig(root ?? '', {
      '100': answering(0),
      '200': answering(500),
      async '300'(phone) {
        phone.ring();
        await answers.done;
        answering(0)(phone);
      },
    });
    proxy = await tcpProxy(Number(new URL(rig.asterisk.url).port));
  });
  afterAll(async () => {
    proxy.close();
    await rig.stop();
  });
  const inProcess = () => Driver.start(rig, { settings: { prompts, ari: { url: `http://127.0.0.1:${proxy.port}` } } });
  const numbers = [{ number: '700001', ...ROUTE }];
  const ofItsOwn = () => BridgeProcess.start(rig, { prompts, numbers });
  const newCall = () => {
    answers = new Latch();
    call = node.call();
  };

  const faults: Record<string, { start: () => Promise<CommandedNode>; strike: () => Promise<void> }> = {
    'the kill of the bridge (kill -9 of its process)': {
      start: ofItsOwn,
      async strike() {
        await node.kill();
        await node.startAgain();
      },
    },
    'the loss of the socket': {
      start: inProcess,
      async strike() {
        proxy.drop();
        await pause(AWAY_MS);
      },
    },
  };

  describe.each(Object.keys(faults))('%s', (name) => {
    const strike = () => faults[name]?.strike();
    beforeAll(async () => {
      node = (await faults[name]?.start()) as CommandedNode;
    });
    afterAll(() => ended(node));
    beforeEach(newCall);
    afterEach(() => call.hangUp());

    it('B3: during a play: each prompt is heard once, and the result is that of the command', async () => {
      await call.dial('100');
      const command = call.command('play', { prompts: PROMPTS });
      void node.command(command);
      await pause(1000);
      await strike();
      expect(await node.command(command)).toMatchObject({ result: 'done' });
      const heard = tonesOf(reached.get('100')?.line.heard ?? [], HERTZ);
      expect([...new Set(heard.map(({ what }) => what).filter((what) => what !== 'other'))]).toEqual(HERTZ);
      // Each lasts 800 ms.
      for (const hertz of HERTZ) expect(Math.abs(lasting(heard, hertz) - 800)).toBeLessThan(150);
    });

    it('B3: during a collect: keys from before and after count', async () => {
      await call.dial('100');
      const command = call.command('collect', KEYS);
      void node.command(command);
      await pause(100);
      reached.get('100')?.line.press('1');
      await pause(300);
      await strike();
      reached.get('100')?.line.press('2#');
      expect(await node.command(command)).toMatchObject({ digits: '12', ended: 'complete' });
    });

    it('B3: during a recording: it has what was said in all the time', async () => {
      await call.dial('200');
      const said = { name: 'r', maxSeconds: 2, silenceSeconds: 5, terminator: '', beep: false };
      const command = call.command('record', said);
      void node.command(command);
      await pause(700);
      await strike();
      expect(await node.command(command)).toMatchObject({ result: 'done' });
      const ready = call.events.filter((event) => event.type === 'recordingReady');
      expect(ready).toHaveLength(1);
      const sound = samplesIn(readFileSync(fileURLToPath(ready[0]?.url ?? '')));
      expect(sound.length / RATE).toBeGreaterThan(1.7);
    });

    it('B3: during a dial: the party rings once, and is connected', async () => {
      const command = call.command('dial', { to: '300', from: '1', ringSeconds: 20, whileRinging: 'ring' });
      void node.command(command);
      await expect.poll(() => call.told()).toContain('legRinging');
      const before = rig.phones.calls.size;
      await strike();
      answers.set();
      expect(await node.command(command)).toMatchObject({ result: 'done' });
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

    it('B7: in the middle of a sequence: each prompt is heard once, each key counts, and every command has its result', async () => {
      await call.dial('100');
      const [first, second, third] = PROMPTS as [{ file: string }, { file: string }, { file: string }];
      const command = call.inOrder(
        ['answer', {}],
        ['play', { prompts: [first, second] }],
        ['play', { prompts: [third] }],
        ['collect', { ...KEYS, keepDigits: true }],
      );
      void node.command(command);
      await pause(1000);
      await strike();
      reached.get('100')?.line.press('4#');
      const outcome = await node.command(command);
      const results = 'results' in outcome ? (outcome.results ?? []) : [];
      expect(results.map((one) => ('result' in one ? one.result : one.error.type))).toEqual(Array(4).fill('done'));
      expect(results[3]).toMatchObject({ digits: '4', ended: 'complete' });
      const heard = tonesOf(reached.get('100')?.line.heard ?? [], HERTZ);
      for (const hertz of HERTZ) expect(Math.abs(lasting(heard, hertz) - 800)).toBeLessThan(150);
    });
  });

  describe('a bridge that is away', () => {
    let bridge: BridgeProcess;
    let caller: Phone;
    beforeAll(async () => {
      node = bridge = await ofItsOwn();
      caller = await Phone.open({ server: rig.asterisk.sipPort, user: '919800000001' });
    });
    afterAll(async () => {
      caller.close();
      await bridge.stop();
    });
    beforeEach(newCall);
    afterEach(() => call.hangUp());

    it('B3: a party that hangs up meanwhile: its end is reported, and a repeated command has its first result', async () => {
      const dial = call.command('dial', { to: '100', from: '1', ringSeconds: 20, whileRinging: 'ring' });
      const first = await node.command(dial);
      await node.kill();
      reached.get('100')?.hangUp();
      await pause(AWAY_MS);
      await node.startAgain();
      await expect.poll(() => call.told()).toEqual(['legAnswered', 'legEnded 31 remote']);
      expect(await node.command(dial)).toEqual(first);
      expect(await call.give('play', { prompts: PROMPTS })).toEqual({ result: 'legGone' });
    });

    it('B1: a caller who arrives meanwhile waits, and is served once it is back', async () => {
      await node.kill();
      const waiting = await caller.dial('700001');
      await pause(AWAY_MS);
      expect(waiting.over.isSet).toBe(false);
      await node.startAgain();
      await expect.poll(() => waiting.log, { timeout: 5000 }).toContain('180');
      const { id } = bridge.starts.at(-1)?.call ?? { id: '' };
      const flow = node.call(id, callWorkflowId(ROUTE.account, 'node', id));
      await flow.give('answer', {});
      await waiting.answered.done;
      waiting.hangUp();
      await expect.poll(() => flow.told()).toContain('legEnded 16 remote');
    });

    it('one that takes its application ends it, with the reason: two bridges of one name', async () => {
      const home = mkdtempSync(join(tmpdir(), 'hookline-other-'));
      const other = await Driver.start(rig, { settings: { home } });
      expect(await bridge.ended()).toMatchObject({ code: 1, said: expect.stringContaining('BRIDGE_REPLACED') });
      await other.kill();
      rmSync(home, { recursive: true });
      await node.startAgain();
      expect(await call.dial('100')).toMatchObject({ result: 'done' });
    });

    it.each(Object.keys(UNDER_WAY))(
      'B2: Asterisk is killed during a %s: legEnded 38, and calls are made again as soon as it is back',
      async (what) => {
        await call.dial('100');
        const outcome = UNDER_WAY[what]?.(call);
        await pause(200);
        await rig.asterisk.killAndStart();
        expect(await outcome).toEqual({ result: 'legGone' });
        expect(call.told()).toEqual(['legAnswered', 'legEnded 38 remote']);
        newCall();
        expect(await call.dial('100')).toMatchObject({ result: 'done' });
      },
    );

    it('B2: Asterisk is killed during a dial and a conversation: every leg ends with cause 38', async () => {
      await call.dial('100');
      await call.dial('200', {}, '2');
      await call.give('join', { with: '2' });
      const ringing = call.dial('300', {}, '3');
      await expect.poll(() => call.told('3')).toContain('legRinging');
      await rig.asterisk.killAndStart();
      expect(await ringing).toMatchObject({ error: { type: 'UNREACHABLE' } });
      for (const leg of ['1', '2', '3']) expect(call.told(leg).at(-1)).toBe('legEnded 38 remote');
    });
  });

  it('B5: an Asterisk that hangs: the bridge gives no sign of life after 12 s, and calls go on when it answers again', async () => {
    const driver = await inProcess();
    node = driver;
    newCall();
    await call.dial('100');
    process.kill(rig.asterisk.pid, 'SIGSTOP');
    try {
      await expect.poll(() => driver.alive, { timeout: 20_000, interval: 200 }).toBe(false);
    } finally {
      process.kill(rig.asterisk.pid, 'SIGCONT');
    }
    await expect.poll(() => driver.alive, { timeout: 10_000 }).toBe(true);
    expect(await call.give('play', { prompts: PROMPTS.slice(0, 1) })).toMatchObject({ result: 'done' });
    await call.hangUp();
    await driver.kill();
  });
});

async function ended(node: CommandedNode): Promise<void> {
  await (node instanceof BridgeProcess ? node.stop() : node.kill());
}

/** Milliseconds of a tone in all. */
function lasting(heard: readonly HeardTone[], hertz: number): number {
  return heard.filter(({ what }) => what === hertz).reduce((sum, { from, to }) => sum + to - from, 0);
}
