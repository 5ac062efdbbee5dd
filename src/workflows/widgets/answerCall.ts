import type { WidgetOf } from '../../flow/widgets/index.js';
import { recorded, wholeCall } from '../bridge/whole-call.js';
import type { WidgetRun } from '../widget-context.js';

/** Answers the first leg; on an outbound call it waits until the callee has answered. Contract D2. */
export const answerCall: WidgetRun<WidgetOf<'answerCall'>> = async (_widget, call) => {
  const fields = wholeCall(call.state.flow);
  const { at } = await recorded(fields, call.state.recordings, () => call.command('answer', fields));
  call.state.legs.first.connect(at ?? new Date().toISOString());
  return 'next';
};
