import '../support/runtime.js';
import { randomBytes } from 'node:crypto';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SIMULATED_NUMBERS } from '../../src/telephony/check/far-ends.js';
import { httpBridge } from '../../src/telephony/check/http-transport.js';
import { RULE_IDS } from '../../src/telephony/check/rules/index.js';
import { checkBridge } from '../../src/telephony/check/run-check.js';
import { temporalBridge } from '../../src/telephony/check/temporal-transport.js';
import { startAsteriskWorker } from '../../src/telephony/asterisk/asterisk-worker.js';
import { startHttpBridge } from '../../src/telephony/asterisk/http-bridge.js';
import { Signature } from '../../src/telephony/http/signature.js';
import { startDevServer } from '../../src/temporal/servers/dev-server.js';
import { connected } from '../support/connected.js';
import { type TelephoneRig, telephoneRig } from './telephone-rig.js';

const root = inject('asterisk');
/** Calls at once: more of them, and a busy machine is too late for what is to happen at once. */
const CALLS = 8;
const notKept = ({ rules }: { rules: { id: string; verdict: string; came?: string }[] }) =>
  rules
    .filter(({ verdict }) => verdict !== 'kept')
    .map(({ id, verdict, came }) => `${verdict} ${id}${came === undefined ? '' : `: ${came}`}`);

describe.skipIf(root === null)('the kit on a real Asterisk, called by real SIP and RTP', () => {
  let rig: TelephoneRig;
  beforeAll(async () => {
    rig = await telephoneRig(root ?? '');
  });
  afterAll(() => rig.stop());

  it('B2, B3, B4, B6, B7, B8: over HTTP the bridge keeps every rule', { timeout: 120_000 }, async () => {
    const signature = Signature.parse(`whsec_${randomBytes(32).toString('base64')}`);
    const running = await startHttpBridge({ ...rig.node(), signature, apiUrl: null });
    const kit = await httpBridge({ url: running.url, signature, eventsAddress: null });
    const report = await checkBridge(kit, { numbers: SIMULATED_NUMBERS, calls: CALLS });
    await kit.close();
    await running.stop();
    expect(notKept(report)).toEqual([]);
    expect(report.kept).toBe(RULE_IDS.length);
  });

  it('B2, B3, B4, B7, B8: over Temporal it does, too', { timeout: 120_000 }, async () => {
    const server = await startDevServer({ say: () => undefined });
    const { connection, client } = await connected(server);
    const native = await NativeConnection.connect({ address: server.address });
    const { namespace } = server;
    const [taskQueue, bundle] = ['bridge-asterisk', { codePath: inject('workflowBundle') }];
    const running = await startAsteriskWorker({ ...rig.node(), connection: native, client, namespace, taskQueue });
    const kit = await temporalBridge({ client, connection: native, namespace, taskQueue, bundle });
    const report = await checkBridge(kit, { numbers: SIMULATED_NUMBERS, calls: CALLS });
    await kit.close();
    await running.stop();
    await native.close();
    await connection.close();
    await server.stop();
    expect(notKept(report)).toEqual(['notChecked unsigned-refused']);
    expect(report.kept).toBe(RULE_IDS.length - 1);
  });
});
