import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '../../src/temporal/servers/ports.js';
import { BridgeProcess } from './bridge-process.js';
import { Phone } from './sip/phone.js';
import { type TelephoneRig, telephoneRig } from './telephone-rig.js';

const root = inject('asterisk');
const page = readFileSync(new URL('../../docs/reference/metrics.md', import.meta.url), 'utf8');
const [CALLER, NOBODYS, DOWN] = ['919812345678', '912299887766', '915551234567'];

describe.skipIf(root === null)('what an operator sees of a bridge on Asterisk', () => {
  let rig: TelephoneRig;
  let node: BridgeProcess;
  let phone: Phone;
  let metricsAt = '';
  beforeAll(async () => {
    rig = await telephoneRig(root ?? '');
    metricsAt = `127.0.0.1:${await freePort()}`;
    const trunks = [{ name: 'carrier', endpoint: 'PJSIP/{number}@carrier' }];
    node = await BridgeProcess.start(rig, { trunks }, { HOOKLINE_METRICS_ADDRESS: metricsAt });
    phone = await Phone.open({ server: rig.asterisk.sipPort, user: CALLER });
  });
  afterAll(async () => {
    phone.close();
    await node.stop();
    await rig.stop();
  });

  it('B4: a trunk that is down, or that Asterisk does not know: UNREACHABLE, cause 3', async () => {
    const call = node.call();
    expect(await call.dial(DOWN)).toMatchObject({ error: { type: 'UNREACHABLE' } });
    expect(call.told()).toEqual(['legEnded 3 remote']);
  });

  it('a password of ARI that is wrong: ARI_REFUSED, and the process ends', async () => {
    await expect(BridgeProcess.start(rig, {}, { HOOKLINE_ARI_PASSWORD: 'wrong' })).rejects.toThrow('ARI_REFUSED');
  });

  it('C6: a call to a number that nobody has is refused, and no number stands in the log', async () => {
    const call = await phone.dial(NOBODYS);
    expect(await call.over.done).toMatchObject({ how: 'refused', code: 404 });
    await expect.poll(() => node.said).toContain('a call to a number that nobody has was refused');
    for (const number of [CALLER, NOBODYS, DOWN]) expect(node.said).not.toContain(number);
  });

  it('its metrics count commands and calls, and say whether Asterisk answers', async () => {
    const metrics = await (await fetch(`http://${metricsAt}/metrics`)).text();
    expect(metrics).toMatch(/^hookline_bridge_asterisk_up(\{.*\})? 1$/m);
    expect(metrics).toMatch(/^hookline_bridge_commands_total\{.*outcome="UNREACHABLE".*type="dial".*\} 1$/m);
    expect(metrics).toMatch(/^hookline_bridge_arrivals_total\{.*result="unknownNumber".*\} 1$/m);
    for (const number of [CALLER, NOBODYS, DOWN]) expect(metrics).not.toContain(number);
  });

  it('Asterisk has the metrics that docs/reference/metrics.md names', async () => {
    const metrics = await (await fetch(`${rig.asterisk.url}/metrics`)).text();
    const named = [...page.matchAll(/^\| `(asterisk_\w+)`/gm)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(2);
    for (const name of named) expect(metrics).toContain(`# TYPE ${name} `);
  });
});
