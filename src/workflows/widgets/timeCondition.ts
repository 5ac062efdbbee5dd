import { proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { HoursOutcome } from '../../activities/time.js';
import { DeclaredFailure } from '../../flow/declared-failure.js';
import { fill, orAbsent } from '../../flow/values/fill.js';
import { masked } from '../../flow/values/mask.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

type TimeCondition = WidgetOf<'timeCondition'>;

const { checkHours } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 3 },
});

/** Takes the line of what the business hours say of this moment. Contract D3. */
export const timeCondition: WidgetRun<TimeCondition> = async (widget, call) => {
  const outcome = await judge(widget, call);
  if ('fault' in outcome) throw new DeclaredFailure(outcome.fault);
  call.note('note', `${call.key}: ${outcome.state} at ${masked(outcome.local, call.sensitive)}`);
  return outcome.state;
};

/** Judged outside of the workflow: time-zone data may not be alike on two workers. The moment is the workflow's own. */
async function judge(widget: TimeCondition, call: WidgetContext): Promise<HoursOutcome> {
  const { account, lookup } = call.state;
  const hours = widget.hours ?? account.hours;
  if (!hours) return { fault: 'neither the widget nor the account has business hours.' };
  const timeZone = widget.timeZone === undefined ? account.timeZone : fill(widget.timeZone, lookup, orAbsent);
  if (timeZone === undefined) return { fault: '"timeZone" has no value: a variable of it is absent.' };
  return checkHours({ at: Date.now(), hours, timeZone });
}
