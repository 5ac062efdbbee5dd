import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/** Hangs up and ends the flow; with the leg gone already it only ends the branch. Contract D2. */
export const hangUp: WidgetRun<WidgetOf<'hangUp'>> = async (widget, call) => {
  await call.state.bridge.release(widget.cause);
  return null;
};
