import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/** Plays prompts to their end, or until a key cuts them when the widget allows that. Contract D2, C1: a hang-up ends them at once. */
export const play: WidgetRun<WidgetOf<'play'>> = async (widget, call) => {
  const prompts = call.prompts(widget.prompt);
  await call.command('play', { prompts, ...(widget.bargeIn && { bargeIn: true }) });
  return 'next';
};
