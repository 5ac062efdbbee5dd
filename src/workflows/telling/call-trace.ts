/**
 * What a call tells to traces. It leaves the sandbox as metrics do: no history holds it, and a call that is replayed does not
 * tell it again.
 * @module
 */
import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { TracedCall } from '../../engine/traced-call.js';
import type { CallState } from '../call-state.js';

/** What a worker takes from its calls. */
export interface CallSinks extends Sinks {
  traces: {
    /** When the branches of a call have run, and before it goes on in a new run. */
    callTold(call: TracedCall): void;
  };
}

const { traces } = proxySinks<CallSinks>();

/** Tells where the call was in this run, and when. @param goesOn it has not ended, and so have widgets around the last */
export function traceCall(state: CallState, goesOn = false): void {
  const { account, flow, flowVersion, startedAt, steps } = state;
  const { outcome, error } = state.report();
  const now = Date.now();
  traces.callTold({
    ...{ account: account.id, flow: flow.id, flowVersion, code: error?.code ?? null },
    ...{ outcome: goesOn ? null : outcome, start: startedAt, end: now },
    widgets: steps.map(({ widget, type, visit, within, line, start, end }) => ({
      ...{ widget, type, visit, line, start, end: goesOn && line === null ? null : (end ?? now) },
      within: within && steps.indexOf(within),
    })),
  });
}
