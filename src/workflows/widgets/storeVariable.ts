import { orAbsentAlone } from '../../flow/values/fill.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/** Assigns values in order; one over a limit is not written, and the failure line is taken. Contract D2, V3, V6. */
export const storeVariable: WidgetRun<WidgetOf<'storeVariable'>> = async (widget, call) => {
  for (const { saveIn, value } of widget.assign) call.write([[saveIn, call.fill(value, orAbsentAlone) ?? null]]);
  return 'next';
};
