import '../support/runtime.js';
import type { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SIMULATED_FAR_ENDS, SIMULATED_NUMBERS } from '../../src/telephony/check/far-ends.js';
import type { BridgeReport } from '../../src/telephony/check/check-report.js';
import { RULE_IDS } from '../../src/telephony/check/rules/index.js';
import { checkBridge } from '../../src/telephony/check/run-check.js';
import { temporalBridge } from '../../src/telephony/check/temporal-transport.js';
import type { BridgeCommand } from '../../src/telephony/commands.js';
import type { BridgeEvent } from '../../src/telephony/events.js';
import { bridgeActivities, startSimulator } from '../../src/telephony/simulator/simulator-worker.js';
import { temporalHooks } from '../../src/telephony/temporal-hooks.js';
import { SimulatedBridge } from '../../src/telephony/simulator/simulated-bridge.js';
import { connected } from '../support/connected.js';
import { type DevServer, startDevServer } from '../../src/temporal/servers/dev-server.js';

let server: DevServer;
let connection: Connection;
let client: Client;
let native: NativeConnection;
beforeAll(async () => {
  server = await startDevServer({ say: () => undefined });
  ({ connection, client } = await connected(server));
  native = await NativeConnection.connect({ address: server.address });
});
afterAll(async () => {
  await native.close();
  await connection.close();
  await server.stop();
});

async function check(taskQueue: string, only?: string[]): Promise<BridgeReport> {
  const bundle = { codePath: inject('workflowBundle') };
  const { namespace } = server;
  const bridge = await temporalBridge({ client, connection: native, namespace, taskQueue, bundle });
  try {
    return await checkBridge(bridge, { numbers: SIMULATED_NUMBERS, only, calls: 12 });
  } finally {
    await bridge.close();
  }
}

/** Checks a bridge whose activity is `bridgeCommand`. */
async function checkActivity(
  bridgeCommand: (command: BridgeCommand) => Promise<unknown>,
  only: string[],
): Promise<BridgeReport> {
  const { namespace } = server;
  const taskQueue = `bridge-${randomUUID()}`;
  const worker = await Worker.create({ connection: native, namespace, taskQueue, activities: { bridgeCommand } });
  return worker.runUntil(check(taskQueue, only));
}

describe.concurrent('the kit over a real Temporal server', () => {
  it('B2, B3, B4: the simulator keeps every rule', { timeout: 120_000 }, async () => {
    const { namespace } = server;
    const simulator = await startSimulator({ client, connection: native, namespace, outbound: SIMULATED_FAR_ENDS });
    const report = await check(simulator.taskQueue);
    await simulator.shutdown();
    const others = report.rules.filter(({ verdict }) => verdict !== 'kept');
    // Temporal's own connection is what keeps strangers out there.
    expect(others).toMatchObject([{ id: 'unsigned-refused', verdict: 'notChecked' }]);
    expect(report.kept).toBe(RULE_IDS.length - 1);
  });

  it('B3: a bridge without heartbeats is found out, and one whose events come after the results', async () => {
    const late = (workflowId: string, event: BridgeEvent) => {
      if (event.type !== 'legEnded') return temporalHooks(client).sendEvent(workflowId, event);
      setTimeout(() => void temporalHooks(client).sendEvent(workflowId, event), 300);
      return Promise.resolve();
    };
    const bridge = new SimulatedBridge('late', { sendEvent: late, entered: async () => [] }, SIMULATED_FAR_ENDS);
    const silent = bridgeActivities(bridge, 60_000);
    const report = await checkActivity(
      (command) => silent.bridgeCommand(command),
      ['heartbeat', 'ended-before-result'],
    );
    expect(report.rules.map(({ id, verdict, came }) => ({ id, verdict, came }))).toEqual([
      { id: 'heartbeat', verdict: 'broken', came: expect.stringContaining('no heartbeat') as unknown },
      { id: 'ended-before-result', verdict: 'broken', came: 'it afterwards' },
    ]);
  });

  it('B5: a bridge that takes no commands keeps no rule', async () => {
    const { rules } = await check(`nobody-${randomUUID()}`, ['dial-answers', 'stop', 'unknown-call']);
    expect(rules.map(({ verdict }) => verdict)).toEqual(['broken', 'broken', 'broken']);
    expect(rules[0]?.came).toContain('not taken within 5 s');
  });
});
