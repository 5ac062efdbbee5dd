/**
 * The log of the SDK, which would print failures in full: their messages and details may hold numbers and bodies. Contract C6.
 * @module
 */
import { type ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, type LogEntry, type Logger } from '@temporalio/worker';
import { HooklineError } from '../flow/errors.js';
import type { Log } from '../observability/log.js';
import { textOf } from '../observability/log-line.js';

/** What may be said of an entry beside its message: where it happened and our own fields, and no value of a call. */
const FIELDS = [
  ['call', 'workflowId'] as const,
  ...same('account', 'flow', 'widget', 'outcome', 'code', 'reason', 'status', 'attempts', 'seconds'),
  ...same('workflowType', 'runId', 'workflowRunId', 'activityType', 'activityId', 'attempt', 'isLocal'),
  ...same('taskQueue', 'namespace', 'durationMs'),
];

/** Fields that are logged under their own names. */
function same(...names: string[]) {
  return names.map((name) => [name, name] as const);
}

/** Lines of a stack trace that are shown. */
const MAX_FRAMES = 8;

/**
 * What is logged of an entry: an error by its name, type and place, without its message, which is logged for our own errors only,
 * for they hold no value of a call. With `HOOKLINE_DEBUG` set, of all.
 */
export function fieldsOf({ meta = {} }: LogEntry, env = process.env): Record<string, string | number | boolean> {
  const logged: Record<string, string | number | boolean> = {};
  for (const [name, key] of FIELDS) {
    const value: unknown = meta[key];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') logged[name] = value;
  }
  const error = errorLines((meta as { error?: unknown }).error, Boolean(env.HOOKLINE_DEBUG)).join('\n');
  return error ? { ...logged, error } : logged;
}

/** One entry as text. */
export function logLine(entry: LogEntry, env = process.env): string {
  const time = new Date(Number(entry.timestampNanos / 1_000_000n)).toISOString();
  return textOf({ time, level: entry.level, msg: entry.message, ...fieldsOf(entry, env) });
}

/** The log of a process as the SDK wants it. Of what the SDK says of itself, only warnings and errors count as news. */
export function sdkLogger(log: Log): Logger {
  return new DefaultLogger('TRACE', (entry) => {
    const own = ['workflow', 'activity'].includes(String(entry.meta?.sdkComponent));
    const given = LEVELS[entry.level];
    const level = given === 'info' && !own ? 'debug' : given;
    if (log.isLevelEnabled(level)) log[level](fieldsOf(entry), entry.message);
  });
}

const LEVELS = { TRACE: 'debug', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

function errorLines(error: unknown, whole: boolean): string[] {
  if (error === undefined) return [];
  if (!(error instanceof Error)) return ['something that is no Error was thrown'];
  const { type, code } = error as Partial<ApplicationFailure> & { code?: unknown };
  const kind = [nameOf(error), type, typeof code === 'string' && code].filter(Boolean).join(' ');
  const said = whole || error instanceof HooklineError ? `: ${error.message}` : '';
  // A message may have many lines, and look like anything; frames stand behind it.
  const behind = error.stack?.split(error.message).at(-1) ?? '';
  const frames = [...behind.matchAll(/^ +(at .+)$/gm)].slice(0, MAX_FRAMES).map(([, frame = '']) => `  ${frame}`);
  const cause = errorLines(error.cause, whole).map((line, index) => (index === 0 ? `caused by ${line}` : line));
  return [`${kind}${said}`, ...frames, ...cause];
}

/** An error that comes out of a workflow has lost its name, which still begins its stack. */
function nameOf({ name, message, stack = '' }: Error): string {
  const begin = stack.slice(0, Math.max(0, stack.indexOf(`: ${message}`)));
  return /^[A-Za-z]\w*$/.test(begin) ? begin : name;
}
