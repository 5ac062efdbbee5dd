/**
 * What validation knows of answers that are collected: whose they are, and whether they were asked for. Contract H9.
 * @module
 */
import type { Problem } from '../../errors.js';
import { lineNames, lineTarget } from '../../lines.js';
import type { Widget, WidgetOf } from '../../widgets/index.js';
import { suggestion } from '../nearest.js';
import { isObject, pointer } from '../pointer.js';

type Widgets = Readonly<Record<string, Widget>>;

/** Widgets that collect an answer which nobody can collect. @param written all widgets, also those with faults of shape */
export function awaitAnswerErrors(widgets: Widgets, written: unknown): Problem[] {
  const known = isObject(written) ? Object.keys(written) : [];
  return collecting(widgets).flatMap(([key, { of }]): Problem[] => {
    const place = pointer('widgets', key, 'of');
    if (!known.includes(of)) {
      return [
        { code: 'UNKNOWN_WIDGET', pointer: place, message: `There is no widget "${of}".${suggestion(of, known)}` },
      ];
    }
    const asked = Object.hasOwn(widgets, of) ? widgets[of] : undefined;
    const fault = asked && whyNever(asked);
    return fault === undefined ? [] : [{ code: 'INVALID_VALUE', pointer: place, message: `"${of}" ${fault}` }];
  });
}

/** Widgets that collect an answer which was never asked for when they run, or which is collected before. */
export function awaitAnswerWarnings(widgets: Widgets, document: Record<string, unknown>): Problem[] {
  // A hang-up may come right after the request, and a subflow may be run again.
  const entries = [document.onRemoteHangup, document.onFlowComplete, 'hookline' in document ? null : document.start];
  return collecting(widgets).flatMap(([key, { of }]): Problem[] => {
    const asked = Object.hasOwn(widgets, of) ? widgets[of] : undefined;
    if (!asked || whyNever(asked) !== undefined || reachedUncollected(widgets, of, entries).has(key)) return [];
    const message = `When this runs, "${of}" was not asked, or its answer is collected already: the line will be "failure".`;
    return [{ code: 'ANSWER_NOT_ASKED', pointer: pointer('widgets', key, 'of'), message }];
  });
}

function collecting(widgets: Widgets): [key: string, widget: WidgetOf<'awaitAnswer'>][] {
  return Object.entries(widgets).flatMap(([key, widget]) => (widget.type === 'awaitAnswer' ? [[key, widget]] : []));
}

/** Why no answer of a widget can ever be collected; undefined when one can. */
function whyNever(asked: Widget): string | undefined {
  if (asked.type !== 'webhook' && asked.type !== 'function') return 'is neither a webhook nor a function.';
  const { enabled, onLeave } = asked.wait;
  if (!enabled || onLeave === 'finish') return undefined;
  return 'waits for its answer itself. Give it "wait": { "enabled": false }, or "onLeave": "finish" with a key that leaves.';
}

/** The widgets that a call may reach after a request while its answer is not collected. */
function reachedUncollected(widgets: Widgets, of: string, entries: readonly unknown[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const queue = [...entries, ...targetsOf(widgets[of], () => true)];
  for (let key = queue.pop(); key !== undefined || queue.length > 0; key = queue.pop()) {
    if (typeof key !== 'string' || reached.has(key) || !Object.hasOwn(widgets, key)) continue;
    reached.add(key);
    const widget = widgets[key];
    const collects = widget?.type === 'awaitAnswer' && widget.of === of;
    queue.push(...targetsOf(widget, (line) => !collects || line !== 'success'));
  }
  return reached;
}

function targetsOf(widget: Widget | undefined, follows: (line: string) => boolean): (string | undefined)[] {
  return widget
    ? lineNames(widget)
        .filter(follows)
        .map((line) => lineTarget(widget, line))
    : [];
}
