/**
 * What a call tells to traces. It leaves the sandbox as metrics do: no history holds it, and a call that is replayed does not
 * tell it again.
 * @module
 */
import { proxySinks, type Sinks, workflowInfo } from '@temporalio/workflow';
import type { TracedCall } from '../flow/traced-call.js';
import type { CallState } from './call-state.js';

/** What a worker takes from its calls. */
export interface CallSinks extends Sinks {
  traces: {
    /** Once for a call, when its branches have run. */
    callEnded(call: TracedCall): void;
  };
}

const { traces } = proxySinks<CallSinks>();

/** Tells where the call was, and when. */
export function traceCall(state: CallState): void {
  const { account, flow, flowVersion, path } = state;
  const { outcome, error } = state.report();
  traces.callEnded({
    ...{ account: account.id, flow: flow.id, flowVersion, outcome, code: error?.code ?? null },
    ...{ start: workflowInfo().startTime.getTime(), end: Date.now() },
    widgets: path.map(({ widget, type, visit, within, line, start, end }) => ({
      ...{ widget, type, visit, line, start, end: end ?? Date.now() },
      within: within && path.indexOf(within),
    })),
  });
}
