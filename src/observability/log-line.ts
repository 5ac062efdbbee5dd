/**
 * A line of the log as text, for a person at a terminal.
 * @module
 */
import { plainLine } from './plain-line.js';

/** `TIME [LEVEL] WORDS NAME=VALUE ...`, and what is logged of an error below it. */
export function textOf(line: object): string {
  const { time, level, msg, error, ...fields } = line as Record<string, unknown>;
  const named = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  const first = [String(time), `[${String(level).toUpperCase()}]`, String(msg), ...named].join(' ');
  const below = typeof error === 'string' ? error.split('\n') : [];
  return [first, ...below].map(plainLine).join('\n    ');
}
