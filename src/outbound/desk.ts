/**
 * The way to the workflow that places an account's outbound calls: one an account, so that its pace is kept by all workers.
 * @module
 */
import type { Client } from '@temporalio/client';
import { shareOf } from '../calls/call-gate.js';
import { OUTBOUND_DESK } from '../engine/outbound-desk.js';
import type { Store } from '../store/store.js';

/** Signals the desk that there is something to do; it is started when it is not there. */
export async function signalDesk(client: Client, account: number, taskQueue: string): Promise<void> {
  await client.workflow.signalWithStart(OUTBOUND_DESK.workflow, {
    workflowId: `outbound-${account}`,
    taskQueue,
    args: [account],
    signal: OUTBOUND_DESK.wake,
    signalArgs: [],
    workflowTaskTimeout: '2 seconds',
    ...shareOf(account),
    staticSummary: 'outbound calls at the pace of the account',
  });
}

/** Signals the desk of every account that has calls to place: what was asked for outlives any process. */
export async function signalDesks(client: Client, store: Store, taskQueue: string): Promise<void> {
  for (const account of await store.outbound.accountsWaiting()) await signalDesk(client, account, taskQueue);
}
