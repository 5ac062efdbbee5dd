/**
 * A line of the log as text, for a person at a terminal.
 * @module
 */
import { plainLine } from './plain-line.js';

/** `TIME [LEVEL] WORDS NAME=VALUE ...`, and what is told of an error below it. */
export function textOf(line: object): string {
  const { time, level, msg, error, ...fields } = line as Record<string, unknown>;
  const told = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  const first = [String(time), `[${String(level).toUpperCase()}]`, String(msg), ...told].join(' ');
  const below = typeof error === 'string' ? error.split('\n') : [];
  return [first, ...below].map(plainLine).join('\n    ');
}
