/**
 * What validation knows of waits: timelines whose moments cannot come, keys and lines that mean two things. Contract H6.
 * @module
 */
import type { Problem } from '../../errors.js';
import type { TimelineEntry } from '../../widgets/timeline.js';
import type { Widget } from '../../widgets/index.js';
import { lineNames } from '../../lines.js';
import { pointer } from '../pointer.js';

type Path = readonly PropertyKey[];

/** A wait as a widget has it. */
interface Wait {
  enabled?: boolean;
  timeout?: number;
  leaveKey?: string | undefined;
  timeline?: readonly TimelineEntry[] | undefined;
}

/** Faults of a widget's timeline. */
export function widgetTimelineErrors(widget: Widget, path: Path): Problem[] {
  const found = waitOf(widget);
  if (!found) return [];
  const { wait, place } = found;
  const entries = wait.timeline ?? [];
  const at = [...path, ...place, 'timeline'];
  if (entries.length > 0 && wait.enabled === false) {
    const message = 'Nobody waits here, so nothing is heard: leave out the timeline, or "enabled": false.';
    return [invalid(at, message)];
  }
  return [...timelineErrors(entries, at, wait.timeout), ...keyErrors(widget, wait, entries, at)];
}

/** Faults of a timeline that it has by itself. @param timeout seconds after which the wait is over */
export function timelineErrors(entries: readonly TimelineEntry[], path: Path, timeout = Infinity): Problem[] {
  return entries.flatMap((entry, index): Problem[] => {
    const before = entries[index - 1];
    const problems: Problem[] = [];
    if (before && entry.at <= before.at) {
      problems.push(invalid([...path, index, 'at'], `This is no later than the entry before it, at ${before.at} s.`));
    }
    if (entry.at >= timeout) {
      const message = `The wait is over after ${timeout} s, so nobody hears this.`;
      problems.push(invalid([...path, index, 'at'], message));
    }
    if (entry.every !== undefined && index < entries.length - 1) {
      problems.push(invalid([...path, index, 'every'], 'Only the last entry of a timeline can come again.'));
    }
    return problems;
  });
}

function keyErrors(widget: Widget, { leaveKey }: Wait, entries: readonly TimelineEntry[], path: Path): Problem[] {
  const own = new Set(lineNames(withoutWait(widget)));
  if (leaveKey !== undefined) own.add('left');
  return entries.flatMap(({ keys = {} }, index) =>
    Object.entries(keys).flatMap(([key, line]): Problem[] => {
      const place = [...path, index, 'keys', key];
      if (key === leaveKey) return [invalid(place, `The key "${key}" leaves the wait from its start, by line "left".`)];
      return own.has(line) ? [invalid(place, `"${line}" is another line of this widget. Choose another name.`)] : [];
    }),
  );
}

/** The widget as it would be without keys: its other lines. */
function withoutWait(widget: Widget): Widget {
  const none = { leaveKey: undefined, timeline: undefined };
  return { ...widget, ...none, ...('wait' in widget && { wait: { ...widget.wait, ...none } }) } as Widget;
}

/** The wait of a widget and its place below it; undefined where it has none. */
function waitOf(widget: Widget): { wait: Wait; place: string[] } | undefined {
  if ('wait' in widget) return { wait: widget.wait, place: ['wait'] };
  return 'timeline' in widget ? { wait: widget, place: [] } : undefined;
}

function invalid(path: Path, message: string): Problem {
  return { code: 'INVALID_VALUE', pointer: pointer(...path), message };
}
