/**
 * The entries that a call writes to the log of its worker: that it ended, and what failed on the way. The SDK adds the call's
 * id, and writes nothing again when a call is replayed. Contract C6.
 * @module
 */
import { log } from '@temporalio/workflow';
import type { RequestOutcome } from '../../engine/webhook-task.js';
import type { CallState } from '../call-state.js';
import type { WidgetContext } from '../widget-context.js';

/** Logs a request that failed, without its detail. */
export function logOutcome(call: WidgetContext, outcome: RequestOutcome): void {
  const { reason, statusCode: status, attempts, duration: seconds } = outcome;
  if (reason === undefined) return;
  log.warn('a request failed', { ...ofFlow(call.state), widget: call.key, reason, status, attempts, seconds });
}

/** Logs the end of a call. */
export function logEnd(state: CallState): void {
  const { outcome, error } = state.report();
  const failed = error && { code: error.code, ...(error.widget !== null && { widget: error.widget }) };
  const seconds = (Date.now() - state.startedAt) / 1000;
  log.info('the call ended', { ...ofFlow(state), outcome, ...failed, seconds });
}

/** Logs that a start was refused. @param code of its error */
export function logRefusal(code: string): void {
  log.warn('the start was refused', { code });
}

/** Logs that a number was not dialled for the limits of the account; not which one. Contract D3. */
export function logNotDialled(state: CallState, reason: string): void {
  log.warn('a number was not dialled', { ...ofFlow(state), reason });
}

/** Logs that the call could not deliver its flow end, which continues in a workflow of its own. Contract E5. */
export function logUndelivered(state: CallState): void {
  log.warn('the flow end was not delivered yet', { ...ofFlow(state), attempts: state.flowEnd?.attempts });
}

function ofFlow({ account, flow }: CallState) {
  return { account: account.id, flow: flow.id };
}
