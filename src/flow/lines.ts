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
  agentConnect: (widget) => ['next', 'overflow', ...left(widget), 'failure'],
  makeCall: (widget) => [
    ...['next', 'busy', 'noAnswer', 'rejected', 'unreachable'],
    ...(widget.detectMachine ? ['machine'] : []),
    ...left(widget),
    'failure',
  ],
  transfer: () => ['next', 'busy', 'noAnswer', 'rejected', 'unreachable', 'failure'],
  counter: () => ['next', 'exceeded'],
  forEach: () => ['item', 'done'],
  subflow: (widget) => distinct(['next', 'failure', ...Object.keys(widget.lines)]),
  return: () => [],
  webhook: (widget) => ['success', 'failure', ...left(widget.wait)],
  function: (widget) => ['success', 'failure', ...left(widget.wait)],
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

/** The line of a caller who leaves a wait, where a key allows that. */
function left({ leaveKey }: { leaveKey?: string | undefined }): string[] {
  return leaveKey === undefined ? [] : ['left'];
}

function distinct(names: string[]): string[] {
  return [...new Set(names)];
}
