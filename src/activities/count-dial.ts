/**
 * Counts what calls of an account dial in a day, for accounts that limit it. Contract D3.
 * @module
 */
import { DateTime } from 'luxon';
import type { Store } from '../store/store.js';

/** A call wants to dial a number. */
export interface DialTask {
  account: number;
  /** The account's: its day begins and ends by it. */
  timeZone: string;
  perDay: number;
  /** A UUID of this dial, the same however often the activity is tried. */
  dial: string;
}

/** Makes the activity that counts a dial; false when the day's are used up. A worker without a store counts its own until it ends. */
export function createCountDial(store: (() => Promise<Store>) | undefined) {
  const own = new Map<number, { day: string; dials: Set<string> }>();
  return async function countDial({ account, timeZone, perDay, dial }: DialTask): Promise<boolean> {
    const day = DateTime.now().setZone(timeZone).toISODate();
    if (day === null) throw new Error(`There is no time zone ${timeZone}.`);
    if (store) return (await store()).dials.count({ account, day, dial, perDay });
    const known = own.get(account);
    const today = known?.day === day ? known : { day, dials: new Set<string>() };
    own.set(account, today);
    if (!today.dials.has(dial) && today.dials.size >= perDay) return false;
    today.dials.add(dial);
    return true;
  };
}
