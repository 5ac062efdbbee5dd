import { DeclaredFailure } from '../../flow/declared-failure.js';
import { MAX_SUBFLOW_DEPTH } from '../../flow/documents/limits.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/**
 * Runs another flow of the document with the variables of the call, and continues when that has come to an end. A `hangUp`
 * in there ends the whole branch. Contract C2.
 */
export const subflow: WidgetRun<WidgetOf<'subflow'>> = async (widget, call) => {
  const flow = call.state.flow.subflows.find(({ id }) => id === widget.flow);
  const depth = call.key.split('/').length;
  if (!flow || depth > MAX_SUBFLOW_DEPTH) {
    const why = flow ? `subflows run at most ${MAX_SUBFLOW_DEPTH} deep` : `there is no subflow "${widget.flow}"`;
    throw new DeclaredFailure(why);
  }
  return (await call.runSubflow(flow)) === 'branchEnded' ? null : 'next';
};
