/**
 * Looks after one call that was ended from outside: hangs up its legs, keeps its report, and starts the delivery of its
 * flow end. Contract E2, B3, B5.
 * @module
 */
import {
  CancellationScope,
  ParentClosePolicy,
  proxyActivities,
  proxyLocalActivities,
  startChild,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Activities } from '../../activities/index.js';
import { flowEndId } from '../../engine/flow-end-target.js';
import type { UnfinishedCall, UnfinishedFlowEnd } from '../../engine/unfinished.js';
import type { FlowEndFacts, LegFacts } from '../../engine/call-report.js';
import { RAW, flowEndKeys } from '../../engine/flow-end-keys.js';
import type { EndedCall } from '../../engine/reconciler.js';
import { flowEndDelivery } from '../flow-end/long-delivery.js';
import { startUndo } from '../requests/undo.js';
import { hangUpAfterwards } from '../bridge/hang-up-afterwards.js';
import { type TakenUp, takeUpSequence, withHangUp } from './take-up-sequence.js';
import { unfinishedOfStart } from './unfinished.js';

const { readRemains } = proxyActivities<Activities>({
  startToCloseTimeout: '12 seconds',
  // What cannot be read by then is not waited for: the flow end has to be on its way two minutes after the end.
  scheduleToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '4 seconds' },
});
const { readStart } = proxyActivities<Activities>({
  startToCloseTimeout: '12 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});
const { recordEnded } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});
const { composeFlowEnd } = proxyLocalActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** What was done for a call. */
export interface Reconciled {
  /** `start`: the call itself could not be asked. `newerRun`: it was reset, and there was nothing to do. */
  readFrom: 'call' | 'start' | 'newerRun';
  /** Names of the legs that were hung up. */
  hungUp: string[];
  flowEnd: boolean;
}

/** Does it once for each run of a call; a cancellation changes nothing. */
export async function reconcileCall(ended: EndedCall): Promise<Reconciled> {
  return CancellationScope.nonCancellable(async () => {
    const read = await readRemains(ended).catch(() => ({ state: 'unreadable' as const }));
    if (read.state === 'superseded') return { readFrom: 'newerRun', hungUp: [], flowEnd: false };
    const unfinished = read.state === 'read' ? read.remains : unfinishedOfStart(await readStart(ended), ended);
    const { sequence } = unfinished;
    const early = sequence ? null : keepReport(unfinished, ended);
    let legs = await Promise.all(
      unfinished.legs.map((leg, index) =>
        leg.live ? hangUpAfterwards(unfinished, ended.call, leg, index) : Promise.resolve(leg.facts),
      ),
    );
    const taken = sequence && (await takeUpSequence(unfinished, sequence));
    if (taken) legs = withHangUp(legs, taken);
    const recorded = early ?? keepReport(unfinished, ended, taken);
    const flowEnd = unfinished.flowEnd !== null && (await deliver(unfinished.flowEnd, legs, ended.call, taken));
    await undo(unfinished, ended);
    await recorded;
    const hungUp = unfinished.legs.filter(({ live }) => live).map(({ name }) => name);
    return { readFrom: read.state === 'read' ? 'call' : 'start', hungUp, flowEnd };
  });
}

/** What a call that was ended from outside leaves to be undone. Contract H10. */
async function undo({ record, undo }: UnfinishedCall, { call, outcome }: EndedCall): Promise<void> {
  const items = undo?.[outcome] ?? [];
  if (items.length === 0) return;
  await startUndo({ undo: items, call, atOnce: true, ...(record && { record: { attempts: 0 } }) });
}

/** A store that is away for a day loses the report, and nothing else. */
async function keepReport({ record }: UnfinishedCall, ended: EndedCall, taken?: TakenUp): Promise<void> {
  if (!record) return;
  const recorded = taken ? recordEnded(ended, record, taken.walked) : recordEnded(ended, record);
  await recorded.catch(() => undefined);
}

/** The delivery continues in its own workflow; false when the call had handed it over already. */
async function deliver(flowEnd: UnfinishedFlowEnd, legs: LegFacts[], call: string, taken?: TakenUp): Promise<boolean> {
  const payload = 'payload' in flowEnd ? flowEnd.payload : await composeFlowEnd(factsWith(flowEnd.facts, legs, taken));
  try {
    await startChild(flowEndDelivery, {
      workflowId: flowEndId(call),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [{ ...flowEnd.delivery, payload, atOnce: true }, flowEnd.searchable],
      staticSummary: 'flow end of a call that was ended from outside',
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** The facts of a flow end, with what the widgets of a sequence wrote that the call did not know of. */
function factsWith(facts: Omit<FlowEndFacts, 'legs'>, legs: LegFacts[], taken?: TakenUp): FlowEndFacts {
  if (!taken || taken.writes.length === 0) return { ...facts, legs };
  const values = new Map<string, string | null>(facts.keys.map(({ name, value }) => [name, value]));
  for (const [name, value] of taken.writes) values.set(name, value);
  const rawPersists = !taken.writes.some(([name]) => name === RAW);
  return { ...facts, legs, keys: flowEndKeys([...values], rawPersists) };
}
