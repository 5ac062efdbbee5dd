/**
 * Where lines lead: targets that are missing, widgets that nothing leads to, loops without a way out. Contract D5, C4.
 * @module
 */
import type { Problem } from '../errors.js';
import { lineNames } from '../lines.js';
import type { Widget } from '../widgets/index.js';
import { MAX_SUGGESTIONS, suggestion } from './nearest.js';
import { isObject, pointer } from './pointer.js';

/** Lines that a message lists. */
const MAX_LISTED = 50;
const ENTRY_POINTS = ['start', 'onRemoteHangup', 'onFlowComplete'];

/** Lines and entry points that name no widget of the flow. Works on any document, valid or not. */
export function targetErrors(document: Record<string, unknown>): Problem[] {
  const widgets = widgetsOf(document);
  const known = Object.keys(widgets);
  const problems: Problem[] = [];
  const check = (target: unknown, ...path: string[]) => {
    if (typeof target !== 'string' || Object.hasOwn(widgets, target)) return;
    const hint = problems.length < MAX_SUGGESTIONS ? suggestion(target, known) : '';
    const message = `There is no widget "${target}".${hint}`;
    problems.push({ code: 'UNKNOWN_WIDGET', pointer: pointer(...path), message });
  };
  for (const entry of ENTRY_POINTS) check(document[entry], entry);
  for (const [key, lines] of linesOfAll(widgets)) {
    for (const [line, target] of Object.entries(lines)) check(target, 'widgets', key, 'lines', line);
  }
  return problems;
}

/** Lines of a `decision` or `menu` that are none of its own. */
export function ownLineErrors(key: string, widget: Widget): Problem[] {
  const known = lineNames(widget);
  const names = new Set(known);
  return Object.keys(widget.lines)
    .filter((line) => !names.has(line))
    .map((line, index) => ({
      code: 'UNKNOWN_LINE',
      pointer: pointer('widgets', key, 'lines', line),
      message:
        `There is no line "${line}".${keyHint(widget, line)}` +
        (index < MAX_SUGGESTIONS
          ? `${suggestion(line, known)} Known here: ${known.slice(0, MAX_LISTED).join(', ')}.`
          : ''),
    }));
}

/** In a menu a key of the telephone is easily taken for a line. */
function keyHint(widget: Widget, line: string): string {
  const named = widget.type === 'menu' ? widget.keys[line] : undefined;
  return named === undefined ? '' : ` "keys" maps the key to a line; "lines" maps that line ("${named}") to a widget.`;
}

/** Widgets that no entry point leads to. */
export function unreachableWarnings(document: Record<string, unknown>): Problem[] {
  const widgets = widgetsOf(document);
  const targets = new Map(linesOfAll(widgets).map(([key, lines]) => [key, Object.values(lines)]));
  const reached = new Set<unknown>();
  const queue: unknown[] = ENTRY_POINTS.map((entry) => document[entry]);
  for (let next = queue.pop(); next !== undefined || queue.length > 0; next = queue.pop()) {
    if (reached.has(next) || typeof next !== 'string') continue;
    reached.add(next);
    queue.push(...(targets.get(next) ?? []));
  }
  return Object.keys(widgets)
    .filter((key) => !reached.has(key))
    .map((key) => ({
      code: 'UNREACHABLE_WIDGET',
      pointer: pointer('widgets', key),
      message: `No line leads to "${key}".`,
    }));
}

/**
 * Groups of widgets that lead only to each other, whichever lines are taken. A `failure` line that leads nowhere is no way
 * out: a loop of which each widget does its work never ends by it. Contract D5.
 */
export function endlessLoopWarnings(widgets: Record<string, Widget>): Problem[] {
  const ways = new Map(
    Object.entries(widgets).map(([key, widget]) => {
      const lines: Record<string, string | undefined> = widget.lines;
      const names = lineNames(widget);
      return [key, names.flatMap((line) => (line === 'failure' && !lines[line] ? [] : [{ target: lines[line] }]))];
    }),
  );
  const leadingTo = new Map<string, string[]>();
  const canEnd = new Set<string>();
  for (const [key, targets] of ways) {
    if (targets.length === 0) canEnd.add(key);
    for (const { target } of targets) {
      if (target === undefined || !ways.has(target)) canEnd.add(key);
      else if (leadingTo.get(target)?.push(key) === undefined) leadingTo.set(target, [key]);
    }
  }
  // A set goes on to what is added while it is walked.
  for (const key of canEnd) for (const before of leadingTo.get(key) ?? []) canEnd.add(before);
  return [...ways.keys()]
    .filter((key) => !canEnd.has(key))
    .map((key) => ({
      code: 'ENDLESS_LOOP',
      pointer: pointer('widgets', key),
      message: `From "${key}" every line leads round and round; only a hang-up, a failure or the widget limit ends the call.`,
    }));
}

function widgetsOf(document: Record<string, unknown>): Record<string, unknown> {
  return isObject(document.widgets) ? document.widgets : {};
}

function linesOfAll(widgets: Record<string, unknown>): [key: string, lines: Record<string, unknown>][] {
  return Object.entries(widgets).map(([key, widget]) => [
    key,
    isObject(widget) && isObject(widget.lines) ? widget.lines : {},
  ]);
}
