import { DeclaredFailure } from '../../flow/declared-failure.js';
import { MAX_SUBFLOW_DEPTH } from '../../flow/documents/limits.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { orAbsentAlone } from '../../flow/values/fill.js';
import type { Assignment } from '../../flow/values/variables.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

/**
 * Runs another flow of the document with the variables of the call, and continues when that has come to an end. A `hangUp`
 * in there ends the whole branch, a `return` takes a line of this widget. Contract C2, D2c.
 */
export const subflow: WidgetRun<WidgetOf<'subflow'>> = async (widget, call) => {
  const flow = call.state.flow.subflows.find(({ id }) => id === widget.flow);
  const depth = call.key.split('/').length;
  if (!flow || depth > MAX_SUBFLOW_DEPTH) {
    const why = flow ? `subflows run at most ${MAX_SUBFLOW_DEPTH} deep` : `there is no subflow "${widget.flow}"`;
    throw new DeclaredFailure(why);
  }
  const ended = await call.runSubflow(flow, () => call.write(parameters(widget, call)));
  if (typeof ended === 'object') return ended.returns;
  return ended === 'branchEnded' ? null : 'next';
};

/** The variables of `with`; each text sees the variables as they were before. Contract D2c, V3, V7. */
function parameters({ with: given = {} }: WidgetOf<'subflow'>, call: WidgetContext): Assignment[] {
  return Object.entries(given).map(([name, text]): Assignment => [
    name,
    call.fill(text, orAbsentAlone) ?? null,
    call.holdsSensitive(text),
  ]);
}

