import { DeclaredFailure } from '../../flow/declared-failure.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { BridgeFailure } from '../bridge/command-failures.js';
import { recordingName } from '../bridge/dialling.js';
import { interruptible } from '../interruption.js';
import type { WidgetRun } from '../widget-context.js';

/** Records the caller until a key, silence or the full length ends it. A hang-up ends it too, and keeps it. Contract B3, E3. */
export const record: WidgetRun<WidgetOf<'record'>> = async (widget, call) => {
  const { maxSeconds, silenceSeconds, terminator, beep, saveIn } = widget;
  const { recordings, interruption, legs } = call.state;
  const name = recordingName(call);
  if (legs.first.live) recordings.expect(name, widget.sensitive);
  try {
    const { ended } = await call.command('record', { name, maxSeconds, silenceSeconds, terminator, beep });
    if (ended === 'noInput') {
      recordings.drop(name);
      return 'noInput';
    }
  } catch (error) {
    if (error instanceof BridgeFailure) recordings.drop(name);
    throw error;
  }
  if (saveIn === undefined) return 'next';
  const url = await interruptible(interruption, () => recordings.urlOf(name));
  if (url === undefined) throw new DeclaredFailure('the bridge did not report where the recording is');
  call.write([[saveIn, url, widget.sensitive]]);
  return 'next';
};
