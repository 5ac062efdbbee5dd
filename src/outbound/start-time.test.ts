import { describe, expect, it } from 'vitest';
import { parsedStart } from './start-time.js';

const now = new Date('2026-03-10T06:00:00Z');
const at = (written?: string, zone = 'Asia/Kolkata') => parsedStart(written, zone, now)?.toISOString();

describe('F1: the start time of an outbound call', () => {
  it.each([
    ['2026-03-11T10:00:00+05:30', '2026-03-11T04:30:00.000Z', 'ISO 8601'],
    ['2026-03-11T10:00:00.111Z+05:30', '2026-03-11T04:30:00.111Z', 'with Z and an offset, the offset counts'],
    ['2026-03-11T10:00:00', '2026-03-11T04:30:00.000Z', 'without an offset it is the account’s time'],
    ['2026-03-11T10:00:00Z', '2026-03-11T10:00:00.000Z', 'UTC'],
    ['2026-03-10T00:30:00+05:30', now.toISOString(), 'a time of today that is past means now'],
    ['', now.toISOString(), 'empty means now'],
    [undefined, now.toISOString(), 'left out means now'],
    ['2026-03-09T23:59:00+05:30', undefined, 'a day that is past is refused'],
    ['tomorrow', undefined, 'what is no time is refused'],
  ] as [string | undefined, string | undefined, string][])('%s -> %s: %s', (written, expected) => {
    expect(at(written)).toBe(expected);
  });

  it('today is the day of the time’s own offset', () => {
    // It is still the 9th there.
    expect(at('2026-03-09T20:00:00-10:00')).toBeDefined();
  });
});
