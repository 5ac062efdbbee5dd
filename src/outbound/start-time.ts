/**
 * When an outbound call is to start.
 * @module
 */
import { DateTime } from 'luxon';

/**
 * The moment of a `start-time`: ISO 8601, also with both `Z` and an offset, which then counts; without one, the account's
 * time zone. Left out: now. A time of today that is past means now. Undefined: no time, or of a day that is past.
 */
export function parsedStart(written: string | undefined, timeZone: string, now: Date): Date | undefined {
  if (written === undefined || written === '') return now;
  const text = written.trim().replace(/Z(?=[+-]\d\d:?\d\d$)/, '');
  const at = DateTime.fromISO(text, { zone: timeZone, setZone: true });
  if (!at.isValid) return undefined;
  const start = at.toJSDate();
  if (start >= now) return start;
  const today = DateTime.fromJSDate(now, { zone: at.zone });
  return at.hasSame(today, 'day') ? now : undefined;
}
