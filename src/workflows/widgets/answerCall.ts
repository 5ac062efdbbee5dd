import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/** Answers the first leg; on an outbound call it waits until the callee has answered. Contract D2. */
export const answerCall: WidgetRun<WidgetOf<'answerCall'>> = async (_widget, call) => {
  const { at } = await call.command('answer', {});
  call.state.legs.first.connect(at ?? new Date().toISOString());
  return 'next';
};
