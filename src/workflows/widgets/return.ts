import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/** Ends its subflow by a line of the widget that runs it. Contract D2c. */
export const returnWidget: WidgetRun<WidgetOf<'return'>> = (widget, call) => {
  call.returns = widget.line;
  return Promise.resolve(null);
};
