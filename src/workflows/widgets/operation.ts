import { proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { DateOutcome } from '../../activities/time.js';
import { calculate } from '../../flow/operation/calculate.js';
import { type DateOperation, OperationFault, isDateOperation } from '../../flow/operation/fault.js';
import { fillOperation } from '../../flow/operation/fill-operation.js';
import { VariableLimitError } from '../../flow/values/variables.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

const { calculateDate } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 3 },
});

/**
 * Calculates one value and saves it. An operand that is absent or of the wrong kind, or a value over a limit of V6, takes
 * the failure line and leaves the variable as it was.
 */
export const operation: WidgetRun<WidgetOf<'operation'>> = async (widget, call) => {
  try {
    const filled = fillOperation(widget.operation, call.state.lookup);
    const outcome = isDateOperation(filled) ? await dateOutcome(filled, call) : { value: calculate(filled) };
    if ('fault' in outcome) return failed(call, outcome.fault);
    call.write([[widget.saveIn, outcome.value]]);
    return 'next';
  } catch (error) {
    if (error instanceof VariableLimitError) return failed(call, `VARIABLE_LIMIT: ${error.message}`);
    if (error instanceof OperationFault) return failed(call, error.message);
    throw error;
  }
};

/** Dates need time-zone data, which two workers may not have alike: so they are counted outside of the workflow. */
function dateOutcome(operation: DateOperation, call: WidgetContext): Promise<DateOutcome> {
  return calculateDate({ operation, timeZone: call.state.account.timeZone });
}

function failed(call: WidgetContext, why: string): 'failure' {
  call.note('note', `${call.key}: ${why}`);
  return 'failure';
}
