/**
 * The stored flows that a document's `subflow` widgets name. Contract C2, D2c.
 * @module
 */
import type { Flow } from '../documents/flow.js';

/** A stored flow: `version` left out means the one that is published. */
export interface StoredReference {
  id: string;
  version?: number | undefined;
}

/** Each stored flow that a document names, once. */
export function storedReferences({ widgets, subflows }: Pick<Flow, 'widgets' | 'subflows'>): StoredReference[] {
  const all = [widgets, ...subflows.map((one) => one.widgets)].flatMap((some) => Object.values(some));
  const references = all.flatMap((widget) =>
    widget.type === 'subflow' && typeof widget.flow === 'object' ? [widget.flow] : [],
  );
  return [...new Map(references.map((one) => [referenceKey(one), one])).values()];
}

/** Tells two references apart. */
export function referenceKey({ id, version }: StoredReference): string {
  return `${id}/${version ?? 'published'}`;
}
