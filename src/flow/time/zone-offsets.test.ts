import { expect, it } from 'vitest';
import { momentOf } from '../../engine/call-clock.js';
import { zoneOffsets } from './zone-offsets.js';

it('V1: the changes of a zone are found to the millisecond, and a zone without any has one offset', () => {
  const at = Date.parse('2026-12-01T00:00:00Z');
  expect(zoneOffsets('Europe/Berlin', at)).toEqual([
    [at - 24 * 3600_000, 60],
    [Date.parse('2027-03-28T01:00:00Z'), 120],
    [Date.parse('2027-10-31T01:00:00Z'), 60],
  ]);
  expect(zoneOffsets('Asia/Kolkata', at)).toEqual([[at - 24 * 3600_000, 330]]);
});

it('V1: parts of a moment are written as ISO 8601, with the offset that holds then', () => {
  const clock = { offsets: zoneOffsets('America/New_York', Date.parse('2026-03-01T00:00:00Z')) };
  const now = Date.parse('2026-03-08T06:59:59.999Z');
  expect(momentOf(clock, now, 'datetime')).toBe('2026-03-08T01:59:59-05:00');
  expect(momentOf(clock, now + 1, 'datetime')).toBe('2026-03-08T03:00:00-04:00');
  expect(momentOf({ ...clock, shiftMs: 1 }, now, 'time')).toBe('03:00:00');
  expect(momentOf({ offsets: [[0, 330]] }, Date.parse('2026-12-31T18:30:00Z'), 'date')).toBe('2027-01-01');
  expect(momentOf({ offsets: [[0, 0]] }, 1500, 'epoch')).toBe('1');
  expect(momentOf({ offsets: [[0, 0]] }, 0, 'datetime')).toBe('1970-01-01T00:00:00Z');
});
