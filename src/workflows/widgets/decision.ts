import { holds } from '../../flow/values/condition.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/** Takes the line of the first case that holds, else `otherwise`. Contract D2. */
export const decision: WidgetRun<WidgetOf<'decision'>> = async (widget, call) => {
  return widget.cases.find((one) => holds(one.when, call.state.lookup, call.state.patterns))?.line ?? 'otherwise';
};
