/**
 * Taking back what webhooks did, when a call has ended: first in the call, then in a workflow of its own. Contract H10.
 * @module
 */
import { ParentClosePolicy, condition, startChild, workflowInfo } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Outcome } from '../../engine/call-report.js';
import { type DeclaredUndo, type UndoDelivery, undoId } from '../../engine/undo-task.js';
import type { CallState } from '../call-state.js';
import { itemOf } from './declared-undo.js';
import { undoDelivery } from './undo-delivery.js';
import { ATTEMPT, undoOnce } from './undo-request.js';

/** How long the call itself takes back, in milliseconds. */
const IN_CALL_MS = 30_000;
/** Less is not worth a try, in milliseconds. */
const LEAST_MS = 1000;

/** Undoes what is due after this outcome, the last first; the first that fails takes the rest into a workflow of its own. */
export async function undoAfter(state: CallState, outcome: Outcome): Promise<void> {
  const { undos } = state;
  if (undos.waitsFor(outcome)) await condition(() => !undos.waitsFor(outcome));
  const due = undos.due(outcome);
  const end = Date.now() + IN_CALL_MS;
  for (const [index, one] of due.entries()) {
    const left = end - Date.now();
    const detail =
      left < LEAST_MS ? 'the time of the call is over' : await undoOnce(itemOf(one), Math.min(ATTEMPT, left / 1000));
    if (detail === null) {
      one.state = 'undone';
      state.timeline.add('webhook', `${one.widget}: undone`);
      continue;
    }
    state.timeline.add('webhook', `${one.widget}: not undone yet, ${detail}`);
    await handOver(state, due.slice(index));
    break;
  }
  undos.over = true;
}

async function handOver(state: CallState, rest: readonly DeclaredUndo[]): Promise<void> {
  const call = workflowInfo().workflowId;
  const delivery: UndoDelivery = {
    undo: rest.map(itemOf),
    call,
    ...(state.keepsReport && { record: { attempts: 1 } }),
  };
  await startUndo(delivery);
  for (const one of rest) one.state = 'onItsWay';
}

/** Starts the workflow that goes on with it; one that has been started already goes on as it is. */
export async function startUndo(delivery: UndoDelivery): Promise<void> {
  try {
    await startChild(undoDelivery, {
      workflowId: undoId(delivery.call),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [delivery],
      staticSummary: 'what could not be undone with the call',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
