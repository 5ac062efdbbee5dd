/**
 * Which fields differ between two documents: their places, never their values.
 * @module
 */
import { isObject, pointer } from './pointer.js';

/** Places that are listed; the last one then stands for all that follow. */
const MAX_FIELDS = 100;
/** Levels that are compared one by one; below them an object or list differs as a whole. */
const MAX_LEVELS = 3;

/**
 * JSON pointers of the fields that were added, removed or changed, in the order of the documents.
 * @returns at most 100; the last is then the empty pointer, the whole document
 */
export function changedFields(before: unknown, after: unknown): string[] {
  const found = differing(before, after, []);
  return found.length > MAX_FIELDS ? [...found.slice(0, MAX_FIELDS - 1), ''] : found;
}

function differing(before: unknown, after: unknown, path: readonly string[]): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isObject(before) || !isObject(after) || path.length === MAX_LEVELS) return [pointer(...path)];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const below = [...keys].flatMap((key) => differing(before[key], after[key], [...path, key]));
  // Only the order of its fields differs.
  return below.length === 0 && path.length > 0 ? [pointer(...path)] : below;
}
