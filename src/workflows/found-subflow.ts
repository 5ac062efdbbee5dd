/**
 * The flow that a `subflow` widget runs: one of its document, or a stored one that travels with the call. Contract C2, D2c.
 * @module
 */
import type { StoredSubflow } from '../engine/stored-subflow.js';
import type { Flow, Subflow } from '../flow/documents/flow.js';
import type { WidgetOf } from '../flow/widgets/index.js';

/** A flow to be run, and the subflows that its own widgets find. */
export interface FoundSubflow {
  start: string;
  widgets: Subflow['widgets'];
  subflows: readonly Subflow[];
  /** What a stored one says of the values that it begins with. Contract D2b. */
  inputs?: Flow['inputs'];
}

/** The flow by the widget's reference; undefined when there is none. @param here the subflows of the widget's own document */
export function foundSubflow(
  reference: WidgetOf<'subflow'>['flow'],
  here: readonly Subflow[],
  stored: readonly StoredSubflow[],
): FoundSubflow | undefined {
  if (typeof reference === 'string') {
    const own = here.find(({ id }) => id === reference);
    return own && { start: own.start, widgets: own.widgets, subflows: here };
  }
  const { id, version = null } = reference;
  return stored.find((one) => one.id === id && one.asked === version)?.flow;
}
