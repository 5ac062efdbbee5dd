import { orAbsentAlone, orEmpty } from '../../flow/values/fill.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { CallersWait } from '../bridge/callers-wait.js';
import { converse, ring, type Unreached } from '../bridge/dialling.js';
import type { WidgetRun } from '../widget-context.js';

/**
 * Dials the numbers in turn until one answers, and joins it to the caller. The line of the last one says why none did.
 * Contract B3, B4.
 */
export const makeCall: WidgetRun<WidgetOf<'makeCall'>> = async (widget, call) => {
  const { ringSeconds, whileRinging, leaveKey, timeline, detectMachine } = widget;
  const from = widget.from === undefined ? undefined : call.fill(widget.from, orAbsentAlone);
  const numbers = [widget.to].flat().map((to) => call.fill(to, orEmpty).trim());
  const written = { to: widget.to, from: widget.from };
  const waiting = new CallersWait(call, { leaveKey, timeline, tune: true });
  let line: Unreached = 'failure';
  try {
    for (const to of numbers.filter((number) => number !== '')) {
      const attempt = await ring(call, { to, from, written, ringSeconds, whileRinging, detectMachine }, waiting);
      if ('reached' in attempt) {
        await converse(call, attempt.reached, widget.record);
        return 'next';
      }
      if ('leftBy' in attempt) return attempt.leftBy;
      line = attempt.line;
    }
    return line;
  } finally {
    await waiting.end(false);
  }
};
