/**
 * This moment of a call, as `$sys` says it: the workflow's own clock in the account's time zone. Contract V1.
 * @module
 */
import type { Moment } from '../flow/values/reference.js';

/**
 * What a call knows of its time zone from its first moment on: time-zone data may differ between two workers, so a replay
 * does not ask it again.
 */
export interface CallClock {
  /** From which moment on, in milliseconds since 1970, the zone is so many minutes ahead of UTC; in order. */
  offsets: readonly (readonly [from: number, minutes: number])[];
  /** Milliseconds added to the workflow's clock, for tests; left out: 0. */
  shiftMs?: number;
}

/**
 * A part of this moment: `datetime` as `2026-12-01T07:15:03+05:30`, `date` as `2026-12-01`, `time` as `07:15:03`, `epoch` in
 * seconds since 1970.
 * @param now the workflow's clock, in milliseconds since 1970
 */
export function momentOf({ offsets, shiftMs = 0 }: CallClock, now: number, part: Moment): string {
  const at = now + shiftMs;
  if (part === 'epoch') return String(Math.floor(at / 1000));
  const minutes = (offsets.findLast(([from]) => from <= at) ?? offsets[0])?.[1] ?? 0;
  const local = new Date(at + minutes * 60_000).toISOString();
  const [date, time] = [local.slice(0, 10), local.slice(11, 19)];
  return part === 'date' ? date : part === 'time' ? time : `${date}T${time}${written(minutes)}`;
}

function written(minutes: number): string {
  if (minutes === 0) return 'Z';
  const two = (value: number) => String(value).padStart(2, '0');
  const ahead = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}
