/**
 * The timeline of a call as lines for people.
 * @module
 */
import { plainLine } from '../observability/plain-line.js';
import type { TimelineEntry } from '../engine/call-report.js';
import { colour } from './output.js';

const MARKS: Record<TimelineEntry['kind'], string> = {
  widget: '▸',
  line: '└',
  heard: '🔊',
  webhook: '⇄',
  hold: '♪',
  leg: '☎',
  flowEnd: '✉',
  note: '!',
};

/** One entry: seconds since the call began, a mark, and what happened; `paint` colours parts of it. */
export function timelineLine(entry: TimelineEntry, startedAt: number, paint: typeof colour = colour): string {
  const seconds = ((entry.at - startedAt) / 1000).toFixed(2).padStart(7);
  const text = plainLine(entry.text);
  const line = `${paint('dim', `${seconds} s`)}  ${MARKS[entry.kind]} ${entry.kind === 'line' ? paint('dim', text) : text}`;
  return entry.kind === 'note' ? paint('yellow', line) : line;
}

/** The note that a dialled party without steps was simulated by the default. Contract D6. */
export function unscripted(number: string): string {
  return `${number} is not under "legs" of the caller file: its party hangs up 10 s after it was joined`;
}
