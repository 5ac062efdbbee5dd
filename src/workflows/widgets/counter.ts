import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/** Counts its visits in the call: a loop that goes through it ends after `limit` rounds. Contract C3. */
export const counter: WidgetRun<WidgetOf<'counter'>> = async ({ limit, saveIn }, call) => {
  if (saveIn !== undefined) call.write([[saveIn, String(call.visit)]]);
  return call.visit <= limit ? 'next' : 'exceeded';
};
