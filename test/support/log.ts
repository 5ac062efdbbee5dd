/**
 * A log whose lines a test reads.
 * @module
 */
import { type Log, openLog } from '../../src/observability/log.js';

/** A line of a log. */
export type LogLine = Record<string, unknown>;

/** A log as processes have it; each of its lines is told. */
export function testLog(told: (line: LogLine) => unknown = () => undefined): Log {
  return openLog('api', {}, 'info', { write: (line) => told(JSON.parse(line) as LogLine) });
}
