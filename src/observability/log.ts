/**
 * The log of a process: JSON lines on stderr, or text where a person looks on. Contract C6.
 * @module
 */
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { textOf } from './log-line.js';

/** Levels that `HOOKLINE_LOG_LEVEL` may name: lines of that level and of those behind it are written. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** One of them. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What is written to: fields, then words. A field is never a number of a person, a body or a secret. */
export type Log = Pick<Logger, LogLevel | 'isLevelEnabled'>;

/** Where lines go. */
export interface LogStream {
  isTTY?: boolean;
  write(line: string): unknown;
}

// A log that nobody takes any more, for the reader of the pipe has gone, must not end the calls with it.
process.stderr.on('error', () => undefined);

/**
 * The log of a process, each line written before the call returns, so that the last words of one that dies are there.
 * @param name what stands in the field `process` of each line.
 * @param usual the level when `HOOKLINE_LOG_LEVEL` is not set.
 * @throws {RangeError} when that is no level.
 */
export function openLog(
  name: 'worker' | 'api',
  env: NodeJS.ProcessEnv,
  usual: LogLevel = 'info',
  stream: LogStream = process.stderr,
): Log {
  const lines: LogStream = {
    write: (line) => stream.write(stream.isTTY ? `${textOf(JSON.parse(line) as object)}\n` : line),
  };
  return pino(
    {
      level: levelIn(env) ?? usual,
      base: { process: name },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    lines,
  );
}

function levelIn({ HOOKLINE_LOG_LEVEL: given }: NodeJS.ProcessEnv): LogLevel | undefined {
  if (!given) return undefined;
  const level = LOG_LEVELS.find((one) => one === given);
  if (!level) throw new RangeError(`HOOKLINE_LOG_LEVEL: not one of ${LOG_LEVELS.join(', ')}`);
  return level;
}
