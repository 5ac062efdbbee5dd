import { orEmpty } from '../../flow/values/fill.js';
import { masked } from '../../flow/values/mask.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/** Pauses the flow. Contract C1: a hang-up ends the pause at once. */
export const delay: WidgetRun<WidgetOf<'delay'>> = async (widget, call) => {
  const seconds = typeof widget.seconds === 'number' ? widget.seconds : Number(call.fill(widget.seconds, orEmpty));
  if (!(seconds >= 1 && seconds <= 3600))
    throw new RangeError('a delay is 1 to 3,600 seconds, and its variables gave another value');
  await call.pause(seconds * 1000, `delay ${call.key}: ${masked(String(seconds), call.sensitive)} s`);
  return 'next';
};
