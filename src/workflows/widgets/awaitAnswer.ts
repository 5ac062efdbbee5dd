import type { WidgetOf } from '../../flow/widgets/index.js';
import { ask } from '../requests/asking.js';
import { failedOutcome } from '../requests/outcome.js';
import type { WidgetRun } from '../widget-context.js';

const NOTHING = 'Nothing was asked there, or its answer is collected already.';

/** Collects the answer of a webhook or function as if that had waited for it. Contract H9. */
export const awaitAnswer: WidgetRun<WidgetOf<'awaitAnswer'>> = (widget, call) => {
  const { askedAhead } = call.state;
  // Widgets of a subflow have the keys of the widgets around them in front of theirs.
  const key = `${call.key.slice(0, call.key.lastIndexOf('/') + 1)}${widget.of}`;
  const asked = askedAhead.of(key);
  const { what = widget.of, persist = false, rows = [] } = asked ?? {};
  const abandon = () => {
    if (!asked) return;
    askedAhead.drop(key, asked);
    asked.cancel();
  };
  return ask(
    { what: `${what} of ${widget.of}`, wait: { enabled: true, ...widget.wait }, persist, rows, abandon },
    call,
    () => {
      if (!asked) return failedOutcome('INVALID_REQUEST', NOTHING);
      if (!asked.outcome) return (seconds) => askedAhead.collect(key, asked, seconds);
      askedAhead.drop(key, asked);
      return asked.outcome;
    },
  );
};
