/**
 * JSON pointers (RFC 6901), the place of every error.
 * @module
 */
import type { Problem } from '../errors.js';

/** The pointer of a path of keys and indexes; the empty string is the whole document. */
export function pointer(...path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The problems of a part, with pointers into the whole. */
export function under(path: readonly PropertyKey[], problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, pointer: `${pointer(...path)}${problem.pointer}` }));
}

/** The value at a path, undefined where there is none. */
export function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  let value = document;
  for (const part of path) {
    if (!isObject(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part as string];
  }
  return value;
}

/** Whether a value is a JSON object or array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
