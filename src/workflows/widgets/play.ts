import type { WidgetOf } from '../../flow/widgets/index.js';
import type { CommandFields } from '../../telephony/commands.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

/** Its command. */
export function playing(widget: WidgetOf<'play'>, call: WidgetContext): CommandFields['play'] {
  return { prompts: call.prompts(widget.prompt), ...(widget.bargeIn && { bargeIn: true }) };
}

/** Plays prompts to their end, or until a key cuts them when the widget allows that. Contract D2, C1: a hang-up ends them at once. */
export const play: WidgetRun<WidgetOf<'play'>> = async (widget, call) => {
  await call.command('play', playing(widget, call));
  return 'next';
};
