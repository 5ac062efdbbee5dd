/**
 * The simulated bridge as a process: takes calls from its parent, and tells it of each command that comes.
 * Arguments: address and namespace of the Temporal server, and where it takes commands (default: a queue of its own).
 * @module
 */
import { startSimulator } from '../../../src/telephony/simulator/simulator-worker.js';
import { connectNative } from '../../../src/temporal/connect-native.js';
import { connectClient } from '../../../src/temporal/connect.js';
import { quietRuntime } from '../../../src/temporal/runtime.js';
import type { BridgeNews, BridgeOrder } from './bridge.js';

quietRuntime();
const [address = '', namespace = '', queue] = process.argv.slice(2);
const { client } = await connectClient(address, namespace, {});
const connection = await connectNative(address);
const tell = (news: BridgeNews) => process.send?.(news);
const simulator = await startSimulator({
  ...{ connection, client, namespace },
  ...(queue !== undefined && { taskQueue: queue }),
  onPartyEvent: ({ kind, callId }) => kind === 'eventLost' && tell({ lostEventOf: callId }),
});
const { bridge, taskQueue } = simulator;
const obey = bridge.bridgeCommand.bind(bridge);
bridge.bridgeCommand = (command) => {
  tell({ command, at: Date.now() });
  return obey(command);
};
process.on('message', (call: BridgeOrder) => bridge.addCall({ ...call, direction: 'inbound' }));
process.once('disconnect', () => process.exit(0));
tell({ ready: { id: bridge.id, taskQueue, epoch: bridge.epoch } });
