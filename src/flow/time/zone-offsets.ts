/**
 * How far a time zone is ahead of UTC, and when that changes. Not for workflow code: it needs the runtime's time-zone data.
 * @module
 */
import { IANAZone } from 'luxon';

const DAY_MS = 24 * 3600_000;
/** Longer than any call. */
const DAYS = 400;

/** The offsets of a zone in minutes, each with the moment from which it holds: of the 400 days that begin a day before `at`. */
export function zoneOffsets(timeZone: string, at: number): [from: number, minutes: number][] {
  const zone = IANAZone.create(timeZone);
  const start = at - DAY_MS;
  const offsets: [number, number][] = [[start, zone.offset(start)]];
  for (let day = 0, before = zone.offset(start); day < DAYS; day++) {
    const [from, to] = [start + day * DAY_MS, start + (day + 1) * DAY_MS];
    const after = zone.offset(to);
    if (after !== before) offsets.push([changeBetween(zone, from, to), after]);
    before = after;
  }
  return offsets;
}

/** The moment within a day from which the zone has the offset that it has at the day's end. */
function changeBetween(zone: IANAZone, from: number, to: number): number {
  const after = zone.offset(to);
  let [early, late] = [from, to];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (zone.offset(middle) === after) late = middle;
    else early = middle;
  }
  return late;
}
