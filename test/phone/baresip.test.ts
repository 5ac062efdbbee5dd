import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RATE, toneWav } from './asterisk/tone-wav.js';
import { Driver } from './driver.js';
import { type Baresip, startBaresip } from './sip/baresip.js';
import { toneSeconds } from './sip/heard.js';
import { type TelephoneRig, telephoneRig } from './telephone-rig.js';

const root = inject('asterisk');
const prompts = mkdtempSync(join(tmpdir(), 'hookline-prompts-'));
writeFileSync(join(prompts, '440.wav'), toneWav(440, 1));
/** The number by which the phone that has registered is reached. */
const DESK = '600';

describe.skipIf(root === null)('baresip, a phone that nobody here wrote', () => {
  let rig: TelephoneRig;
  let driver: Driver;
  let phone: Baresip;
  beforeAll(async () => {
    rig = await telephoneRig(root ?? '');
    const trunks = [{ name: 'desk', numbers: DESK, endpoint: 'PJSIP/demo' }];
    driver = await Driver.start(rig, { settings: { prompts, trunks } });
    const { sipPort: server, demoPassword: password } = rig.asterisk;
    phone = await startBaresip(root ?? '', { server, user: 'demo', password });
  });
  afterAll(async () => {
    await phone.stop();
    await driver.kill();
    await rig.stop();
  });

  it('registers with digest, is called, hears a prompt, and its keys are heard', { timeout: 30_000 }, async () => {
    await expect.poll(() => phone.said(), { timeout: 10_000 }).toContain('200 OK (Asterisk');
    const call = driver.call();
    expect(await call.dial(DESK)).toMatchObject({ result: 'done' });
    expect(await call.give('play', { prompts: [{ file: '440.wav' }] })).toMatchObject({ result: 'done' });
    const collecting = call.give('collect', {
      ...{
        prompts: [],
        min: 1,
        max: 4,
        terminator: '#',
        firstDigitTimeout: 5,
        interDigitTimeout: 5,
        keepDigits: false,
      },
    });
    await pause(300);
    for (const key of '42#') {
      phone.command('sndcode', key);
      await pause(250);
    }
    expect(await collecting).toMatchObject({ digits: '42', ended: 'complete' });
    await call.hangUp();
    await expect.poll(() => phone.events, { timeout: 5000 }).toContain('CALL_CLOSED');
    expect(toneSeconds(phone.heard(), RATE, 440)).toBeCloseTo(1, 0);
  });

  it('hangs up, and the end of its leg is reported', async () => {
    const call = driver.call();
    await call.dial(DESK);
    phone.command('hangup');
    await expect.poll(() => call.told(), { timeout: 5000 }).toContain('legEnded 16 remote');
  });

  it('is not registered with another password, and cannot be called then', { timeout: 30_000 }, async () => {
    const { sipPort: server } = rig.asterisk;
    const stranger = await startBaresip(root ?? '', { server, user: 'demo', password: 'guessed' });
    await expect.poll(() => stranger.said(), { timeout: 10_000 }).toMatch(/40[13] /);
    expect(stranger.said()).not.toContain('200 OK');
    await stranger.stop();
  });
});
