import { proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { DeclaredFailure } from '../../flow/declared-failure.js';
import { calculate } from '../../flow/operation/calculate.js';
import { type DateOperation, isDateOperation } from '../../flow/operation/fault.js';
import { fillOperation } from '../../flow/operation/fill-operation.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

const { calculateDate } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 3 },
});

/**
 * Calculates one value and saves it. An operand that is absent or of the wrong kind, or a value over a limit of V6, takes
 * the failure line and leaves the variable as it was. What is made of a sensitive value is sensitive. Contract V7.
 */
export const operation: WidgetRun<WidgetOf<'operation'>> = async (widget, call) => {
  const filled = fillOperation(widget.operation, call.state.lookup);
  const value = isDateOperation(filled) ? await calculatedDate(filled, call) : calculate(filled);
  call.write([[widget.saveIn, value, call.sensitive]]);
  return 'next';
};

/** Dates need time-zone data, which two workers may not have alike: so they are counted outside of the workflow. */
async function calculatedDate(operation: DateOperation, call: WidgetContext): Promise<string> {
  const outcome = await calculateDate({ operation, timeZone: call.state.account.timeZone });
  if ('fault' in outcome) throw new DeclaredFailure(outcome.fault);
  return outcome.value;
}
