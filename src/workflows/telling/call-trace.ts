/**
 * What a call reports to traces. It leaves the sandbox as metrics do: no history holds it, and a call that is replayed does
 * not report it again.
 * @module
 */
import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { TracedCall } from '../../engine/traced-call.js';
import type { CallState } from '../call-state.js';

/** What a worker takes from its calls. */
export interface CallSinks extends Sinks {
  traces: {
    /** When the branches of a call have run, and before it continues as new. */
    callTold(call: TracedCall): void;
  };
}

const { traces } = proxySinks<CallSinks>();

/** Reports where the call was in this run, and when. @param continues the call, and widgets around the last, have not ended */
export function traceCall(state: CallState, continues = false): void {
  const { account, flow, flowVersion, startedAt, steps } = state;
  const { outcome, error } = state.report();
  const now = Date.now();
  traces.callTold({
    ...{ account: account.id, flow: flow.id, flowVersion, code: error?.code ?? null },
    ...{ outcome: continues ? null : outcome, start: startedAt, end: now },
    widgets: steps.map(({ widget, type, visit, within, line, start, end }) => ({
      ...{ widget, type, visit, line, start, end: continues && line === null ? null : (end ?? now) },
      within: within && steps.indexOf(within),
    })),
  });
}
