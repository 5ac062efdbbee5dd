/**
 * Lists that answers left in variables, item by item. Contract D2c, R5, R5b, V7.
 * @module
 */
import type { IsSensitive } from './sensitive.js';
import type { Assignment } from './variables.js';

/** The most items of a list. Contract R5b. */
const MAX_ITEMS = 100;
const ITEM = /^([1-9]\d{0,2})(?:_([A-Za-z][A-Za-z0-9]*))?$/;

/** The line that is taken, and what is written before it. */
interface Moved {
  line: 'item' | 'done';
  writes: Assignment[];
}

/**
 * Moves to the item after `saveIn_index`, to the first when that is absent. `saveIn`, or `saveIn_FIELD` for each field that an
 * item of the list has, gets the item's value or becomes absent where it has none. After the last number that has a value all
 * of these are cleared. Contract D2c.
 * @param entries every variable that has a value
 */
export function nextItem(
  { over, saveIn }: { over: string; saveIn: string },
  entries: readonly (readonly [name: string, value: string])[],
  isSensitive: IsSensitive,
): Moved {
  const values = new Map(entries);
  const items = [...values.keys()].flatMap((name) => {
    const [, number = '', field] = name.startsWith(`${over}_`) ? (ITEM.exec(name.slice(over.length + 1)) ?? []) : [];
    return number !== '' && Number(number) <= MAX_ITEMS ? [{ number: Number(number), field }] : [];
  });
  const last = Math.max(0, ...items.map(({ number }) => number));
  const index = placeOf(values.get(`${saveIn}_index`)) + 1;
  const done = index > last;
  const writes = [...new Set(items.map(({ field }) => field))].map((field): Assignment => {
    const ending = field === undefined ? '' : `_${field}`;
    const from = `${over}_${index}${ending}`;
    return [`${saveIn}${ending}`, done ? null : (values.get(from) ?? null), isSensitive(from)];
  });
  return { line: done ? 'done' : 'item', writes: [...writes, [`${saveIn}_index`, done ? null : String(index)]] };
}

/** What is no number of an item counts as no place at all. */
function placeOf(index: string | undefined): number {
  return index !== undefined && /^\d{1,3}$/.test(index) ? Number(index) : 0;
}
