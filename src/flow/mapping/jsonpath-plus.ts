/**
 * The second dialect of JSON paths: jsonpath-plus, for its parent `^` and property-name `~` operators. Contract R4.
 * @module
 */
import type { JSONValue } from 'json-p3';
import { JSONPath } from 'jsonpath-plus';
import { PathSyntaxError, toRoot } from './json-path.js';

/** A step that this dialect surely understands; whatever else is refused, for the library takes any text and finds nothing. */
const STEP =
  /\.\.?(?:\*|[\p{L}_][\p{L}\p{N}_-]*)|(?:\.\.)?\[(?:\*|\d+|-?\d*:(?!-?0+[:\]])-?\d*(?::[1-9]\d*)?|'(?!-?\d*:)[^'"[\]^(),;?#%`~*$@]+'|"(?!-?\d*:)[^'"[\]^(),;?#%`~*$@]+")\]|\^|~$/uy;

const HINTS: readonly [RegExp, string][] = [
  [/^[~^]/, '"~" stands at the end only, and the body itself has neither name nor parent'],
  [/^(\.\.)?\[\s*['"][^\]]*['"]\s*,/, 'this dialect takes one name in brackets, not several'],
  [/^(\.\.)?\[\s*[?(]/, 'script evaluation is off, so this dialect has no filters here'],
  [/^(\.\.)?\[-\d+\]/, 'this dialect finds nothing at a negative index; write a slice, [-1:]'],
];

/** Checks a path of this dialect. @throws {PathSyntaxError} saying what is wrong and where. */
export function checkPlusPath(path: string): void {
  toRoot(path);
  const start = 'data'.length;
  for (let at = start; at < path.length;) {
    STEP.lastIndex = at;
    // At the root the library fails on "^" and "~".
    const step = at === start && /[~^]/.test(path.charAt(at)) ? null : STEP.exec(path);
    if (!step) {
      const rest = path.slice(at);
      const hint = HINTS.find(([form]) => form.test(rest))?.[1] ?? 'a name, an index, a slice, *, ^ or ~ was expected';
      throw new PathSyntaxError(`${hint} (character ${at + 1})`);
    }
    at += step[0].length;
  }
}

/** What one match is: a place in the document, or a property's name. */
export type PlusMatch = { location: string[] } | { name: string };

/** The matches of a path from a value on. Script evaluation is off. */
export function findPlus(path: string, from: JSONValue): PlusMatch[] {
  if (path === 'data') return [{ location: [] }];
  // The library takes no scalar, in which no path finds anything.
  if (typeof from !== 'object' || from === null) return [];
  const options = {
    path: toRoot(path),
    json: from,
    resultType: 'all' as const,
    eval: false as const,
  };
  const matches = JSONPath<{ pointer: string; value: string | number }[] | undefined>(options) ?? [];
  if (path.endsWith('~')) return matches.map(({ value }) => ({ name: `${value}` }));
  return matches.map(({ pointer }) => ({ location: steps(pointer) }));
}

function steps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
