/**
 * Regular expressions of flow authors, within limits. RE2 takes a time that is linear in the text, but also in the size of
 * the pattern: both can be large, and a workflow that computes for seconds holds up every call beside it.
 * @module
 */
import { RE2JS } from 're2js';

/** The largest pattern: its characters, with what `{n}` repeats counted as often. */
export const MAX_PATTERN_SIZE = 5000;
/**
 * Steps of all patterns of a call, each being one character at one part of a pattern: about a third of a second. All may be
 * taken in one workflow task, and one that is longer than its time-out of 2 seconds would begin again for ever.
 */
export const MAX_PATTERN_STEPS = 10_000_000;
/** Steps for which compiling one part of a pattern counts. */
const COMPILING = 100;

/** The patterns of one call, or of one document, which share a limit. */
export class Patterns {
  readonly #compiled = new Map<string, RE2JS>();
  #left = MAX_PATTERN_STEPS;

  /** Whether a pattern is found anywhere in a text. @throws what {@link fault} would say, and a RangeError at the limit */
  find(pattern: string, text: string): boolean {
    return this.#compile(pattern, text.length).matcher(text).find();
  }

  /** Whether a pattern matches the whole of a text. @throws as {@link find} */
  fits(pattern: string, text: string): boolean {
    return this.#compile(pattern, text.length).matcher(text).matches();
  }

  /** What a group of a pattern found in a text, 0 for all of it; undefined where there is none. @throws as {@link find} */
  group(pattern: string, text: string, group: number): string | undefined {
    const matcher = this.#compile(pattern, text.length).matcher(text);
    if (group > matcher.groupCount() || !matcher.find()) return undefined;
    return matcher.group(group) ?? undefined;
  }

  /** Why a pattern cannot be used; undefined when it can. */
  fault(pattern: string): string | undefined {
    try {
      this.#compile(pattern, 0);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #compile(pattern: string, characters: number): RE2JS {
    const size = pattern.length > MAX_PATTERN_SIZE ? pattern.length : sizeOf(pattern);
    if (size > MAX_PATTERN_SIZE)
      throw new RangeError(`A pattern has at most ${MAX_PATTERN_SIZE} parts, {n} counted n times; this has ${size}.`);
    const known = this.#compiled.get(pattern);
    this.#left -= size * (characters + (known ? 1 : COMPILING));
    if (this.#left < 0) throw new RangeError('The patterns are too many, or too large for texts of this length.');
    const program = known ?? RE2JS.compile(pattern);
    this.#compiled.set(pattern, program);
    return program;
  }
}

/** How large a pattern is, at a glance: characters, and what `{n}` repeats as often as that. */
function sizeOf(pattern: string): number {
  const open = [0];
  let last = 0;
  const add = (size: number) => open.push((open.pop() ?? 0) + size);
  for (const [token, least, most] of pattern.matchAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|./gs)) {
    if (token === '(') open.push(0);
    else if (token === ')' && open.length > 1) add((last = (open.pop() ?? 0) + 1));
    else if (least !== undefined) {
      const times = Math.max(1, Number(most) || Number(least) + 1);
      add(last * (times - 1));
      last *= times;
    } else add((last = token.startsWith('[') ? 1 + Math.ceil(token.length / 10) : token.length));
  }
  return open.reduce((sum, size) => sum + size, 0);
}
