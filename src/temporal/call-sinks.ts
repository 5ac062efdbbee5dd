/**
 * What a worker does with what its calls tell beside their histories.
 * @module
 */
import type { InjectedSinks } from '@temporalio/worker';
import { callSpans } from '../observability/call-spans.js';
import type { RecordSpan } from '../observability/span.js';
import type { CallSinks } from '../workflows/telling/call-trace.js';

/** Makes spans of calls that ended. @param record default: nobody wants them */
export function callSinks(record: RecordSpan | undefined): InjectedSinks<CallSinks> {
  return {
    traces: {
      callTold: {
        fn: ({ workflowId }, call) => {
          if (record) for (const span of callSpans(workflowId, call)) record(span);
        },
        callDuringReplay: false,
      },
    },
  };
}
