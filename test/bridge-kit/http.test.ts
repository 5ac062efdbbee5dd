import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { httpBridge } from '../../src/telephony/check/http.js';
import { SIMULATED_FAR_ENDS, SIMULATED_NUMBERS } from '../../src/telephony/check/numbers.js';
import { RULE_IDS } from '../../src/telephony/check/rules/index.js';
import { checkBridge } from '../../src/telephony/check/run.js';
import { Signature } from '../../src/telephony/http/signature.js';
import { startHttpSimulator } from '../../src/telephony/simulator/http.js';

const SECRET = `whsec_${Buffer.from('a secret of the tests, 32 bytes!').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another secret that is not shared').toString('base64')}`;

async function check(url: string, secret: string, only?: string[]) {
  const bridge = await httpBridge({ url, signature: Signature.parse(secret) });
  try {
    return await checkBridge(bridge, { numbers: SIMULATED_NUMBERS, only, calls: 12 });
  } finally {
    await bridge.close();
  }
}

describe.concurrent('the kit over HTTP', () => {
  it('B6: the simulator keeps every rule, with signed commands and events', { timeout: 120_000 }, async () => {
    const simulator = await startHttpSimulator({ secret: SECRET, outbound: SIMULATED_FAR_ENDS });
    const report = await check(simulator.url, SECRET);
    await simulator.shutdown();
    expect(report.rules.filter(({ verdict }) => verdict !== 'kept')).toEqual([]);
    expect(report.kept).toBe(RULE_IDS.length);
  });

  it('B6: a bridge that does not know the secret keeps no rule', { timeout: 60_000 }, async () => {
    const simulator = await startHttpSimulator({ secret: OTHER, outbound: SIMULATED_FAR_ENDS });
    const report = await check(simulator.url, SECRET, ['status', 'join']);
    await simulator.shutdown();
    expect(report).toMatchObject({ kept: 0, broken: 2 });
  });

  it('B3: a bridge that does not say "running" in time is found out', { timeout: 120_000 }, async () => {
    const simulator = await startHttpSimulator({
      outbound: SIMULATED_FAR_ENDS,
      answerWithinMs: 60_000,
      secret: SECRET,
    });
    const report = await check(simulator.url, SECRET, ['heartbeat']);
    await simulator.shutdown();
    expect(report).toMatchObject({ kept: 0, broken: 1 });
  });

  it('B5: a server that is no bridge keeps no rule', { timeout: 60_000 }, async () => {
    const server = createServer((_request, response) => response.writeHead(404).end('nothing here')).listen(0);
    await once(server, 'listening');
    const report = await check(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, SECRET, ['status']);
    server.close();
    expect(report).toMatchObject({ kept: 0, broken: 1 });
  });
});
