/**
 * The widgets of a flow and of its subflows, by the keys under which a call's path names them. Contract C2, D4.
 * @module
 */
import type { Flow } from './documents/flow.js';
import type { Widget } from './widgets/index.js';

/** A widget where it stands in the document. */
export interface Place {
  /** The id of the subflow in which it stands, null in the flow itself. */
  subflow: string | null;
  /** Its key there. */
  key: string;
  widget: Widget;
}

/** Every widget of a document, each subflow once, however many widgets run it. */
export function placesOf(flow: Flow): Place[] {
  const all = [{ id: null, widgets: flow.widgets }, ...flow.subflows];
  return all.flatMap(({ id, widgets }) =>
    Object.entries(widgets).map(([key, widget]) => ({ subflow: id, key, widget })),
  );
}

/** Stored flows that a document's widgets run, by id. */
export type StoredFlows = Readonly<Record<string, Flow>>;

/** The widget that a path names: `KEY`, or `KEY OF A subflow WIDGET/KEY` for one inside. */
export function placeAt(flow: Flow, path: string, stored: StoredFlows = {}): Place | undefined {
  let place: Place | undefined;
  let around = flow;
  for (const key of path.split('/')) {
    const inside: Inside | undefined =
      place === undefined ? { id: null, widgets: flow.widgets } : insideOf(around, place.widget, stored);
    around = inside?.document ?? around;
    if (!inside || !Object.hasOwn(inside.widgets, key)) return undefined;
    const widget = inside.widgets[key];
    if (!widget) return undefined;
    place = { subflow: inside.id, key, widget };
  }
  return place;
}

/** The keys that a path may name below a prefix, for suggestions. */
export function keysBelow(flow: Flow, prefix: string): string[] {
  const place = prefix === '' ? undefined : placeAt(flow, prefix);
  const widgets = prefix === '' ? flow.widgets : place && insideOf(flow, place.widget, {})?.widgets;
  return Object.keys(widgets ?? {}).map((key) => (prefix === '' ? key : `${prefix}/${key}`));
}

/** What a `subflow` widget runs; `document` where that is a document of its own. */
interface Inside {
  id: string | null;
  widgets: Flow['widgets'];
  document?: Flow;
}

function insideOf(flow: Flow, widget: Widget, stored: StoredFlows): Inside | undefined {
  if (widget.type !== 'subflow') return undefined;
  if (typeof widget.flow === 'string') return flow.subflows.find(({ id }) => id === widget.flow);
  const { id } = widget.flow;
  const document = Object.hasOwn(stored, id) ? stored[id] : undefined;
  return document && { id, widgets: document.widgets, document };
}
