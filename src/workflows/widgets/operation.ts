import { proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { DeclaredFailure } from '../../flow/declared-failure.js';
import { calculate } from '../../flow/operation/calculate.js';
import { type DateOperation, isCallOperation, isDateOperation, type Operation } from '../../flow/operation/fault.js';
import { calculateInCall, type CallValue, itemName, MAX_ITEMS } from '../../flow/operation/in-call.js';
import { arrayLeftovers } from '../../flow/values/array-leftovers.js';
import type { Assignment } from '../../flow/values/variables.js';
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
  const value = await calculated(filled, call);
  const sensitive = call.sensitive || picksSensitive(filled, call);
  call.write(typeof value === 'string' ? [[widget.saveIn, value, sensitive]] : listWrites(widget.saveIn, value, call));
  return 'next';
};

async function calculated(operation: Operation, call: WidgetContext): Promise<CallValue> {
  if (isDateOperation(operation)) return calculatedDate(operation, call);
  if (!isCallOperation(operation)) return calculate(operation);
  const { lookup, patterns } = call.state;
  return calculateInCall(operation, { lookup, patterns, random: Math.random });
}

/** An item has a mark of its own. Contract V7. */
function picksSensitive(operation: Operation, { state }: WidgetContext): boolean {
  if (operation.do !== 'pick') return false;
  return state.isSensitive(itemName(operation.of, operation.number.trim(), operation.field));
}

/** As an array of an answer: the first items, the true number of all, and nothing of an earlier array. Contract R5. */
function listWrites(saveIn: string, items: readonly string[], call: WidgetContext): Assignment[] {
  const values = items.slice(0, MAX_ITEMS).map((item, index): [string, string] => [itemName(saveIn, index + 1), item]);
  const rows: [string, string][] = [...values, [`${saveIn}_size`, String(items.length)]];
  const present = call.state.variables.entries().map(([name]) => name);
  return [
    ...arrayLeftovers([saveIn], rows, present),
    ...rows.map(([name, value]): Assignment => [name, value, call.sensitive]),
  ];
}

/** Dates and written numbers need data which two workers may not have alike: so they are made outside of the workflow. */
async function calculatedDate(operation: DateOperation, call: WidgetContext): Promise<string> {
  const at = operation.do === 'now' ? { at: Date.now() } : {};
  const outcome = await calculateDate({ operation, timeZone: call.state.account.timeZone, ...at });
  if ('fault' in outcome) throw new DeclaredFailure(outcome.fault);
  return outcome.value;
}
