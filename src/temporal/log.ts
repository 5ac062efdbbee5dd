/**
 * The log of the SDK, which would print failures in full: their messages and details may hold numbers and bodies. Contract C6.
 * @module
 */
import { type ApplicationFailure, type LogMetadata } from '@temporalio/common';
import type { LogEntry } from '@temporalio/worker';
import { HooklineError } from '../flow/errors.js';
import { plainLine } from '../plain-line.js';

/** What may be said of an entry beside its message: where it happened, and no value. */
const LABELS = [
  ...['workflowType', 'workflowId', 'runId', 'workflowRunId', 'activityType', 'activityId', 'attempt', 'isLocal'],
  ...['taskQueue', 'namespace', 'durationMs'],
];
/** Lines of a stack trace that are shown. */
const MAX_FRAMES = 8;

/**
 * One entry as text: an error by its name, type and place, without its message, which is told of our own ones alone, for
 * they hold no value of a call. With `HOOKLINE_DEBUG` set, of all.
 */
export function logLine({ level, timestampNanos, message, meta = {} }: LogEntry, env = process.env): string {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const labels = LABELS.flatMap((name) => (isLabel(meta, name) ? [`${name}=${String(meta[name])}`] : []));
  const told = [`${time} [${level}] ${message}`, ...labels].join(' ');
  const lines = [told, ...errorLines((meta as { error?: unknown }).error, Boolean(env.HOOKLINE_DEBUG))];
  return lines.map(plainLine).join('\n    ');
}

function isLabel(meta: LogMetadata, name: string): boolean {
  return ['string', 'number', 'boolean'].includes(typeof meta[name]);
}

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
