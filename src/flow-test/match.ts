/**
 * Comparing JSON values when only a part of them is expected.
 * @module
 */
import { pointer } from '../flow/validation/pointer.js';

/** One place where two values differ. */
export interface Difference {
  /** A JSON pointer into the value that came. */
  place: string;
  expected: unknown;
  /** undefined where there is nothing. */
  got: unknown;
}

/** How lists are compared: as long, element by element; or `some`, for those listed are found in this order. */
export type Lists = 'all' | 'some';

/** Where `got` does not fit: an object fits when each field expected of it does, everything else when it is equal. */
export function differences(
  expected: unknown,
  got: unknown,
  lists: Lists = 'all',
  path: PropertyKey[] = [],
): Difference[] {
  const differs = [{ place: pointer(...path), expected, got }];
  if (Array.isArray(expected)) {
    if (!Array.isArray(got)) return differs;
    if (lists === 'some') return missing(expected, got, path);
    if (got.length !== expected.length) return differs;
    return expected.flatMap((one, index) => differences(one, got[index], lists, [...path, index]));
  }
  if (isFields(expected)) {
    if (!isFields(got)) return differs;
    return Object.entries(expected).flatMap(([name, one]) =>
      differences(one, Object.hasOwn(got, name) ? got[name] : undefined, lists, [...path, name]),
    );
  }
  return expected === got ? [] : differs;
}

function missing(expected: unknown[], got: unknown[], path: PropertyKey[]): Difference[] {
  let from = 0;
  return expected.flatMap((one) => {
    const found = got.findIndex((other, index) => index >= from && differences(one, other, 'some').length === 0);
    if (found < 0) return [{ place: pointer(...path), expected: one, got: got.slice(from) }];
    from = found + 1;
    return [];
  });
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
