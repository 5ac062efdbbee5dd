import { orAbsentAlone } from '../../flow/values/fill.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/**
 * Assigns values in order; one over a limit is not written, and the failure line is taken. What is made of a sensitive value
 * is sensitive. Contract D2, V3, V6, V7.
 */
export const storeVariable: WidgetRun<WidgetOf<'storeVariable'>> = async (widget, call) => {
  for (const { saveIn, value, sensitive } of widget.assign) {
    const text = value === null ? undefined : call.fill(value, orAbsentAlone);
    call.write([[saveIn, text ?? null, sensitive || call.holdsSensitive(value)]]);
  }
  return 'next';
};
