/**
 * Where two paths part.
 * @module
 */
import type { RecordedCall } from '../../flow/documents/recorded-call.js';
import type { Stop } from './recorded-world.js';

type Path = RecordedCall['report']['path'];
type Ended = Pick<RecordedCall['report'], 'path' | 'outcome'>;

/** What a replay showed of one call. */
export interface Comparison {
  verdict: 'same' | 'differs' | 'unknown';
  /** The step in question, counted from 1; null where the verdict is of none. */
  step: number | null;
  /** That step as it was recorded and as it is now, `WIDGET:LINE`; null where there is none. */
  recorded: string | null;
  now: string | null;
  /** Why the record cannot tell. */
  why: string | null;
}

/** Compares a replay with its record, as far as the record goes. */
export function comparePaths(recorded: Ended, now: Ended, stop: Stop | null): Comparison {
  const longest = Math.max(recorded.path.length, now.path.length);
  for (let index = 0; index < longest; index++) {
    const [then, here] = [recorded.path[index], now.path[index]];
    const stops = stop !== null && index >= stop.step;
    if (then?.widget === here?.widget && (stops || then?.line === here?.line)) {
      if (!stops) continue;
      return { verdict: 'unknown', step: index + 1, recorded: shown(then), now: here?.widget ?? null, why: stop.why };
    }
    return { verdict: 'differs', step: index + 1, recorded: shown(then), now: shown(here), why: null };
  }
  if (recorded.outcome === now.outcome) return { verdict: 'same', step: null, recorded: null, now: null, why: null };
  return { verdict: 'differs', step: null, recorded: recorded.outcome, now: now.outcome, why: null };
}

function shown(entry: Path[number] | undefined): string | null {
  if (!entry) return null;
  return entry.line === null ? entry.widget : `${entry.widget}:${entry.line}`;
}
