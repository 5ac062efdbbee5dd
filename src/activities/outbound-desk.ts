/**
 * Placing an account's outbound calls at its pace. Contract F1.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Context, activityInfo, getClient } from '@temporalio/activity';
import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { startCall } from '../calls/start-call.js';
import { callWorkflowId } from '../calls/call-id.js';
import type { Account } from '../flow/documents/account.js';
import type { Outcome } from '../engine/call-report.js';
import type { OutboundStanding } from '../engine/outbound-desk.js';
import { hoursState } from '../flow/time/hours.js';
import { count } from '../observability/record-metric.js';
import type { DueCall } from '../store/outbound.js';
import type { Store } from '../store/store.js';
import type { CallInput } from '../telephony/start.js';
import { keepBeating } from './heartbeat.js';
import { storedAccount } from '../calls/stored-account.js';

/** Milliseconds until a look at hours, or at calls that may have ended without a word. */
const LOOK_AGAIN_MS = 60_000;
/** Calls that are looked at, at most, for an end that nobody reported. */
const MAX_LOOKED_AT = 50;
/** What the end of a workflow says of a call that did not say it. */
const OUTCOMES: Readonly<Record<string, Outcome>> = {
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'cancelled',
  TIMED_OUT: 'timedOut',
};
/** The most calls that one look places. */
const MAX_BATCH = 100;

/** Makes the activity that places what is due. It is safe to repeat: a call has one workflow id. Contract C5. */
export function createPlaceOutbound(source: (() => Promise<Store>) | undefined, searchAttributes: boolean) {
  return async function placeOutbound(accountId: number): Promise<OutboundStanding> {
    if (!source) throw new Error('This worker has no store: set DATABASE_URL.');
    const context = Context.current();
    const stopBeating = keepBeating(context, () => context.heartbeat());
    try {
      return await placeDue(await source(), accountId, searchAttributes);
    } finally {
      stopBeating();
    }
  };
}

async function placeDue(store: Store, accountId: number, searchAttributes: boolean): Promise<OutboundStanding> {
  const client = getClient();
  const account = await storedAccount(store, accountId);
  const placed = account?.outbound && isOpen(account) ? await placeBatch(store, client, account, searchAttributes) : 0;
  // While calls are being placed this can wait: it asks the server about each call.
  if (placed === 0) await noticeEnds(store, client, accountId);
  return standing(store, accountId, placed, 1000 / (account?.outbound?.callsPerSecond ?? 1));
}

/** Places as many calls as a second takes, at the account's pace; gives how many. */
async function placeBatch(store: Store, client: Client, account: Account, searchAttributes: boolean): Promise<number> {
  const settings = account.outbound;
  if (!settings) return 0;
  const { underWay } = await store.outbound.standing(account.id);
  const gapMs = 1000 / settings.callsPerSecond;
  const batch = Math.min(Math.max(1, Math.floor(settings.callsPerSecond)), MAX_BATCH, settings.atOnce - underWay);
  const taken = batch > 0 ? await store.outbound.take(account.id, batch, new Date()) : { due: [], unreadable: 0 };
  const { due, unreadable } = taken;
  if (unreadable > 0) Context.current().log.warn('outbound calls cannot be read', { account: account.id, unreadable });
  for (const [index, call] of due.entries()) {
    if (index > 0) await pause(gapMs);
    await place(store, client, account, call, searchAttributes);
  }
  return due.length;
}

/** Starts one call, once, however often this is repeated. */
async function place(store: Store, client: Client, account: Account, due: DueCall, searchAttributes: boolean) {
  const { bridge, from, ringSeconds, detectMachine, waitForBeep } = account.outbound ?? {};
  const [to = ''] = due.numbers;
  if (!bridge || from === undefined) return;
  const version = due.flowVersion ?? (await store.flows.get(account.id, due.flowId))?.published;
  const { metricMeter } = Context.current();
  if (version === undefined || version === null) {
    await store.outbound.refused(due.id, 'The flow is not published.');
    return count(metricMeter, 'hookline_outbound_placed_total', { result: 'refused' });
  }
  const input = {
    account: account.id,
    flow: { id: due.flowId, version },
    call: {
      ...{ id: due.id, uuid: due.id, direction: 'outbound' as const, from, to },
      startedAt: new Date().toISOString(),
    },
    variables: due.variables,
    ...(due.sensitive?.length && { sensitive: due.sensitive }),
    bridge: bridge as CallInput['bridge'],
    dial: {
      numbers: due.numbers,
      ...(ringSeconds !== undefined && { ringSeconds }),
      ...(detectMachine && { detectMachine, ...(waitForBeep && { waitForBeep }) }),
    },
  };
  try {
    await startCall(client, input, { taskQueue: activityInfo().taskQueue, searchAttributes });
  } catch (error) {
    // Placed before, by an attempt that was cut off, and over already.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  await store.outbound.placed(due.id, callWorkflowId(account.id, bridge.id, due.id));
  count(metricMeter, 'hookline_outbound_placed_total', { result: 'placed' });
}

function isOpen({ outbound, hours, timeZone }: Account): boolean {
  return !outbound?.onlyInHours || !hours || hoursState(hours, Date.now(), timeZone) === 'open';
}

/** Calls that were terminated, or refused before their first widget, do not report their end. */
async function noticeEnds(store: Store, client: Client, accountId: number): Promise<void> {
  const old = Date.now() - LOOK_AGAIN_MS;
  const open = await store.outbound.underWay(accountId, MAX_LOOKED_AT);
  for (const { id, call, placedAt } of open) {
    if (call === null || (placedAt?.getTime() ?? 0) > old) continue;
    const status = await statusOf(client, call);
    if (status !== 'RUNNING') await store.outbound.ended(id, call, OUTCOMES[status ?? ''] ?? null);
  }
}

async function statusOf(client: Client, call: string): Promise<string | undefined> {
  try {
    return (await client.workflow.getHandle(call).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** What is left to do, and when. */
async function standing(store: Store, accountId: number, placed: number, gapMs: number): Promise<OutboundStanding> {
  const { underWay, waiting, nextAt } = await store.outbound.standing(accountId);
  const untilNext = nextAt === null ? LOOK_AGAIN_MS : nextAt.getTime() - Date.now();
  // What is due and was not placed waits for the end of another call, or for the hours.
  const next = placed > 0 ? Math.max(gapMs, untilNext) : untilNext > 0 ? untilNext : LOOK_AGAIN_MS;
  const again = underWay > 0 ? Math.min(next, LOOK_AGAIN_MS) : next;
  return { placed, underWay, waiting, againInMs: waiting === 0 && underWay === 0 ? null : Math.ceil(again) };
}
