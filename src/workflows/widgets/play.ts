import type { WidgetOf } from '../../flow/widgets/index.js';
import type { Prompt } from '../../telephony/commands.js';
import type { WidgetRun } from '../widget-context.js';

/** Plays prompts to their end. Contract D2, C1: a hang-up ends them at once. */
export const play: WidgetRun<WidgetOf<'play'>> = async (widget, call) => {
  const prompts = call.prompts(widget.prompt);
  call.note('heard', spoken(prompts));
  await call.command('play', { prompts });
  return 'next';
};

/** Prompts in one line, for the timeline. */
export function spoken(prompts: Prompt[]): string {
  return prompts.map((prompt) => ('text' in prompt ? `"${prompt.text}"` : `file ${prompt.file}`)).join(', ');
}
