import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { httpBridge } from '../../src/telephony/check/http-transport.js';
import { SIMULATED_FAR_ENDS, SIMULATED_NUMBERS } from '../../src/telephony/check/far-ends.js';
import type { BridgeReport } from '../../src/telephony/check/check-report.js';
import { RULE_IDS } from '../../src/telephony/check/rules/index.js';
import { checkBridge } from '../../src/telephony/check/run-check.js';
import { Signature } from '../../src/telephony/http/signature.js';
import { type HttpSimulatorOptions, startHttpSimulator } from '../../src/telephony/simulator/http-simulator.js';

const secret = `whsec_${randomBytes(32).toString('base64')}`;

async function check(url: string, key: string | null, only?: string[]): Promise<BridgeReport> {
  const bridge = await httpBridge({ url, signature: key === null ? null : Signature.parse(key), eventsAddress: null });
  try {
    return await checkBridge(bridge, { numbers: SIMULATED_NUMBERS, only, calls: 12 });
  } finally {
    await bridge.close();
  }
}

/** Checks the simulator; `key` is the secret of the kit. */
async function checkSimulator(options: HttpSimulatorOptions, key: string | null, only?: string[]) {
  const simulator = await startHttpSimulator({ outbound: SIMULATED_FAR_ENDS, ...options });
  const report = await check(simulator.url, key, only);
  await simulator.shutdown();
  return report;
}

/** Checks a bridge that answers each command so. */
async function checkServer(answer: RequestListener, only: string[]): Promise<BridgeReport> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const report = await check(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, null, only);
  server.closeAllConnections();
  server.close();
  return report;
}

describe.concurrent('the kit over HTTP', () => {
  it('B2, B3, B4, B6: the simulator keeps every rule', { timeout: 120_000 }, async () => {
    const report = await checkSimulator({ secret }, secret);
    expect(report.rules.filter(({ verdict }) => verdict !== 'kept')).toEqual([]);
    expect(report.kept).toBe(RULE_IDS.length);
  });

  it('B3: `running` is the heartbeat: often is as good, never is found out', async () => {
    const [often, never] = await Promise.all([
      checkSimulator({ answerWithinMs: 100 }, null, ['heartbeat', 'repeated-while-running', 'digit-cuts-prompt']),
      checkSimulator({ answerWithinMs: 60_000 }, null, ['heartbeat']),
    ]);
    expect(often).toMatchObject({ kept: 3 });
    expect(never.rules).toMatchObject([
      { id: 'heartbeat', verdict: 'broken', came: expect.stringContaining('no heartbeat') as unknown },
    ]);
  });

  it('B6: a bridge that obeys unsigned commands is found out; without a secret that is not checked', async () => {
    const [open, unsigned] = await Promise.all([
      checkSimulator({}, secret, ['unsigned-refused']),
      checkSimulator({}, null, ['unsigned-refused', 'stop']),
    ]);
    expect(open.rules).toMatchObject([{ verdict: 'broken', came: 'the status 200' }]);
    expect(unsigned.rules).toMatchObject([
      { id: 'stop', verdict: 'kept' },
      { id: 'unsigned-refused', verdict: 'notChecked' },
    ]);
  });

  it('B6: events that are not signed with the secret do not count', async () => {
    const { rules } = await checkSimulator({}, secret, ['dial-answers']);
    expect(rules).toMatchObject([{ verdict: 'broken' }]);
  });

  it('B5: a bridge that is not there, says nothing, is always too busy, or talks nonsense keeps no rule', async () => {
    const only = ['dial-answers', 'unknown-call'];
    const reports = await Promise.all([
      check('http://127.0.0.1:9/', null, only),
      checkServer(() => undefined, only),
      checkServer((_, response) => response.writeHead(503).end(), only),
      checkServer((_, response) => response.writeHead(404).end('<html>'), only),
    ]);
    expect(reports.map(({ broken }) => broken)).toEqual([2, 2, 2, 2]);
    const [absent, silent, busy, other] = reports.map(({ rules }) => rules[0]?.came);
    expect(absent).toMatch(/not taken within 5 s.*ECONNREFUSED/);
    expect(silent).toMatch(/no heartbeat.*after 15\.\d s: The bridge gave no answer in time/);
    expect(busy).toMatch(/not taken within 5 s.*503/);
    expect(other).toMatch(/no answer that counts.*404/);
  });
});
