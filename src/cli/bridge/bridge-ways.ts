/**
 * Checks a bridge over Temporal, or over HTTP, which needs no Temporal.
 * @module
 */
import { requireBridge, requireHttpBridge } from '../../stack/bridge-server.js';
import { knownServer } from '../../stack/home.js';
import { portTaken } from '../../stack/port-taken.js';
import { httpBridge } from '../../telephony/check/http-transport.js';
import type { BridgeReport } from '../../telephony/check/check-report.js';
import { checkBridge, type CheckOptions } from '../../telephony/check/run-check.js';
import { temporalBridge } from '../../telephony/check/temporal-transport.js';
import { workflowBundle } from '../../temporal/bundle.js';
import { connectNative } from '../../temporal/connect-native.js';
import { connectClient } from '../../temporal/connect.js';
import { quietRuntime } from '../../temporal/runtime.js';
import type { HttpWhere, Where } from './bridge-where.js';

/** Checks a bridge. @throws {HooklineError} NO_BRIDGE when none is there */
export function checkThere(where: Where, options: CheckOptions): Promise<BridgeReport> {
  return 'url' in where ? overHttp(where, options) : onTemporal(where.taskQueue, options);
}

async function overHttp(where: HttpWhere, options: CheckOptions): Promise<BridgeReport> {
  await requireHttpBridge(where.url);
  const bridge = await httpBridge(where).catch(portTaken(where.eventsAddress?.port ?? '', '--events-url'));
  try {
    return await checkBridge(bridge, options);
  } finally {
    await bridge.close();
  }
}

async function onTemporal(taskQueue: string, options: CheckOptions): Promise<BridgeReport> {
  quietRuntime();
  const { address, namespace } = knownServer();
  const { connection, client } = await connectClient(address, namespace);
  try {
    await requireBridge(client, namespace, taskQueue, address);
    const native = await connectNative(address);
    const bundle = await workflowBundle(client.options.dataConverter);
    const bridge = await temporalBridge({ client, connection: native, namespace, taskQueue, bundle });
    try {
      return await checkBridge(bridge, options);
    } finally {
      await bridge.close();
      await native.close();
    }
  } finally {
    await connection.close();
  }
}
