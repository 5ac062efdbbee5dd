/**
 * The lines of each widget in order: a line's place is its number. Contract D2.
 * Free of zod, for the workflow numbers the lines it takes.
 * @module
 */
import type { Widget, WidgetOf, WidgetType } from './widgets/index.js';

const LINES: { [T in WidgetType]: (widget: WidgetOf<T>) => readonly string[] } = {
  answerCall: () => ['next', 'failure'],
  play: () => ['next', 'failure'],
  storeVariable: () => ['next', 'failure'],
  operation: () => ['next', 'failure'],
  decision: (widget) => distinct([...widget.cases.map((one) => one.line), 'otherwise']),
  timeCondition: () => ['open', 'closed', 'holiday', 'failure'],
  delay: () => ['next'],
  collectDigits: () => ['next', 'noInput', 'invalid', 'failure'],
  menu: (widget) => distinct([...Object.values(widget.keys), 'noInput', 'invalid', 'failure']),
  record: () => ['next', 'noInput', 'failure'],
  agentConnect: (widget) => ['next', 'overflow', ...leaving(widget), 'failure'],
  makeCall: (widget) => [
    ...['next', 'busy', 'noAnswer', 'rejected', 'unreachable'],
    ...(widget.detectMachine ? ['machine'] : []),
    ...leaving(widget),
    'failure',
  ],
  transfer: () => ['next', 'busy', 'noAnswer', 'rejected', 'unreachable', 'failure'],
  counter: () => ['next', 'exceeded'],
  forEach: () => ['item', 'done'],
  subflow: (widget) => distinct(['next', 'failure', ...Object.keys(widget.lines)]),
  return: () => [],
  webhook: (widget) => ['success', 'failure', ...leaving(widget.wait)],
  function: (widget) => ['success', 'failure', ...leaving(widget.wait)],
  awaitAnswer: (widget) => ['success', 'failure', ...leaving(widget.wait)],
  keep: () => ['next'],
  sms: () => ['success', 'failure'],
  email: () => ['success', 'failure'],
  hangUp: () => [],
};

/** The names of a widget's lines, in order. */
export function lineNames(widget: Widget): readonly string[] {
  return (LINES[widget.type] as (widget: Widget) => readonly string[])(widget);
}

/** The widget that a line leads to; undefined where the line is left out, and the flow ends there. */
export function lineTarget(widget: Widget, line: string): string | undefined {
  const lines: Readonly<Record<string, string | undefined>> = widget.lines;
  return Object.hasOwn(lines, line) ? lines[line] : undefined;
}

/** A wait that keys may leave. */
interface Leavable {
  leaveKey?: string | undefined;
  timeline?: readonly { keys?: Readonly<Record<string, string>> | undefined }[] | undefined;
}

/** Keys of a telephone in the order of their lines. Contract H6. */
const KEYS = [...'0123456789*#'];

/** The lines of a caller who leaves a wait: by `leaveKey`, then by the keys of each entry of its timeline. Contract H6. */
function leaving({ leaveKey, timeline = [] }: Leavable): string[] {
  const byEntry = timeline.flatMap(({ keys = {} }) => KEYS.flatMap((key) => keys[key] ?? []));
  return distinct([...(leaveKey === undefined ? [] : ['left']), ...byEntry]);
}

function distinct(names: string[]): string[] {
  return [...new Set(names)];
}
