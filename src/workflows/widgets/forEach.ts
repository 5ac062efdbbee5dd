import { nextItem } from '../../flow/values/list-items.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/** Moves to the next item of a list; after the last the place is forgotten, so that a later visit begins anew. Contract D2c. */
export const forEach: WidgetRun<WidgetOf<'forEach'>> = (widget, call) => {
  const { variables } = call.state;
  const { line, writes } = nextItem(widget, variables.entries(), (name) => variables.isSensitive(name));
  call.write(writes);
  return Promise.resolve(line);
};
