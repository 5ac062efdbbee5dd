/**
 * Bridge nodes that are watched as a whole, as processes, and calls that wait at them.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { startCall } from '../../src/calls/start-call.js';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { startWatch } from '../../src/calls/watched-node.js';
import { CALL_TASK_QUEUE } from '../../src/telephony/start.js';
import { caller } from '../../src/flow/documents/caller.js';
import { type ChaosBridge, startBridge } from '../durability/chaos/bridge.js';

/** A node of a bridge. */
export interface WatchedNode {
  bridge: { id: string; taskQueue: string; watched: string };
  process: Pick<ChaosBridge, 'addCall' | 'arrivals'>;
}

/** One that may be killed. */
export type NodeProcess = WatchedNode & { process: ChaosBridge };

/** Boots a node; `again`: the same one, which has lost its calls. */
export async function bootNode(
  client: Client,
  where: { address: string; namespace: string },
  again?: WatchedNode,
): Promise<NodeProcess> {
  const node = again?.bridge ?? { id: `node-${randomUUID()}`, taskQueue: `bridge-${randomUUID()}` };
  const process = await startBridge(where.address, where.namespace, node.taskQueue);
  const bridge = { id: node.id, taskQueue: node.taskQueue, watched: process.epoch };
  await startWatch(client, bridge, CALL_TASK_QUEUE);
  return { bridge, process };
}

/** A call that has been answered and hears a prompt of so many words, 0.3 s each. */
export async function callAt(
  client: Client,
  { bridge, process }: WatchedNode,
  { words, flow = {}, account = {} }: { words: number; flow?: object; account?: object },
): Promise<WorkflowHandle> {
  const callId = randomUUID();
  const workflowId = callWorkflowId(1, bridge.id, callId);
  process.addCall({ callId, workflowId, caller: caller.parse({ realTime: true }) });
  const widgets = {
    answer: { type: 'answerCall', lines: { next: 'say' } },
    say: { type: 'play', prompt: { text: 'one '.repeat(words) }, lines: { next: 'bye' } },
    bye: { type: 'hangUp' },
    left: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.left', value: 'yes' }] },
    done: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.cause', value: '$call.isdn' }] },
  };
  const branches = { onRemoteHangup: 'left', onFlowComplete: 'done' };
  return startCall(
    client,
    {
      account: { id: 1, ...account },
      flow: { hookline: 1, id: 'watching', start: 'answer', widgets, ...branches, ...flow } as { id: string },
      call: { id: callId, direction: 'inbound', from: '919800000001', to: '912200000002', startedAt: new Date().toISOString() }, // prettier-ignore
      bridge,
    },
    { findsBridges: true },
  );
}

/** Resolves when so many prompts play at a node. */
export async function prompts({ process }: WatchedNode, count: number): Promise<void> {
  const playing = () => process.arrivals.filter(({ command }) => command.type === 'play').length;
  while (playing() < count) await new Promise((resolve) => setTimeout(resolve, 50));
}
