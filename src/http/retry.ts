/**
 * Which attempts are made again, and when. Contract H4.
 * @module
 */
import type { WebhookTask } from '../engine/webhook-task.js';

/** How far a sending has come; enough to go on after a crash of the worker. Contract H4. */
export interface Progress {
  /** The attempt under way or next, from 1. One that a crash cut is made again and uses up nothing. */
  attempt: number;
  /** How many attempts were sent, the one under way included. */
  sent: number;
}

/** Methods that may be sent again without being asked to, for twice is as once. */
const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
const PASSING_STATUSES = new Set([502, 503, 504]);
/** Seconds before the second, third, ... attempt, each shortened at random by up to half. */
const GAPS = [0.3, 1, 2, 4];
/** Seconds that a target may ask to be left alone; a slip of its own (milliseconds, a year) must not hold a request back for days. */
const MOST_ASKED = 3600;

/** How many requests a widget may send in all: `retry.attempts`, else 3 where sending twice is safe, else 1. Contract H4. */
export function attemptsAllowed({ request, retry }: Pick<WebhookTask, 'request' | 'retry'>): number {
  return retry.attempts ?? (REPEATABLE.has(request.method) ? 3 : 1);
}

/** Whether a status may have gone by the next attempt. Contract H4. */
export function isPassing(statusCode: number): boolean {
  return PASSING_STATUSES.has(statusCode);
}

/**
 * Seconds to wait after an attempt, counted from 1; as long as the target asks when it does.
 * @returns undefined when the next attempt would not fit in what remains of the wait.
 */
export function gapAfter(attempt: number, retryAfter: number | undefined, remaining: number): number | undefined {
  const full = GAPS[Math.min(attempt, GAPS.length) - 1] ?? 0;
  const gap = retryAfter ?? full * (0.5 + Math.random() / 2);
  return gap < remaining ? gap : undefined;
}

/** Seconds that a `Retry-After` asks for, given as a number or as a date, at most an hour; undefined when it is neither. Contract H4, E5. */
export function retryAfterSeconds(header: string | undefined, now = Date.now()): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(MOST_ASKED, Number(text));
  // A date of HTTP begins with a day's name; Date.parse takes far more than that.
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(MOST_ASKED, Math.max(0, (date - now) / 1000));
}
