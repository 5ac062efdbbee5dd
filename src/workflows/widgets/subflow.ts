import { DeclaredFailure } from '../../flow/declared-failure.js';
import { MAX_SUBFLOW_DEPTH } from '../../flow/documents/limits.js';
import { orAbsentAlone } from '../../flow/values/fill.js';
import { inputDefaults, missingInputs, sensitiveInputs } from '../../flow/values/inputs.js';
import type { Assignment } from '../../flow/values/variables.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { FoundSubflow } from '../found-subflow.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

/**
 * Runs another flow with the variables of the call, and continues when that has come to an end. A `hangUp` in there ends the whole
 * branch, a `return` takes a line of this widget. Contract C2, D2c.
 */
export const subflow: WidgetRun<WidgetOf<'subflow'>> = async (widget, call) => {
  const flow = call.subflows.find(widget.flow);
  const depth = call.key.split('/').length;
  if (!flow || depth > MAX_SUBFLOW_DEPTH) {
    const id = typeof widget.flow === 'string' ? widget.flow : widget.flow.id;
    const why = flow ? `subflows run at most ${MAX_SUBFLOW_DEPTH} deep` : `there is no subflow "${id}"`;
    throw new DeclaredFailure(why);
  }
  const ended = await call.subflows.run(flow, () => call.write(parameters(widget, flow, call)));
  if (typeof ended === 'object') return ended.returns;
  return ended === 'branchEnded' ? null : 'next';
};

/** The variables of `with`, each text with the variables of before; then the defaults of a stored flow's inputs. Contract D2b, D2c, V7. */
function parameters(
  { with: given = {} }: WidgetOf<'subflow'>,
  { inputs }: FoundSubflow,
  call: WidgetContext,
): Assignment[] {
  const marked = sensitiveInputs(inputs);
  const set = Object.entries(given).map(([name, text]): Assignment => [
    name,
    call.fill(text, orAbsentAlone) ?? null,
    marked.includes(name) || call.holdsSensitive(text),
  ]);
  const values = Object.fromEntries([
    ...call.state.variables.entries(),
    ...set.map(([name, value]) => [name, value]),
  ]) as Record<string, string | null>;
  const [missing] = missingInputs(inputs, values);
  if (missing) throw new DeclaredFailure(missing.message);
  const defaults = Object.entries(inputDefaults(inputs, values));
  return [...set, ...defaults.map(([name, value]): Assignment => [name, value, marked.includes(name)])];
}
