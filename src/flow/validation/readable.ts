/**
 * What can still be read of a value that has faults of shape, so that these hide no error of meaning. Contract C4.
 * @module
 */
import type * as z from 'zod';
import type { Problem } from '../errors.js';
import { isObject, pointer, valueAt } from './pointer.js';
import { likeliest } from './structure.js';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Times that a value is mended before it counts as unreadable. */
const MAX_ROUNDS = 10;
/** Faults beyond which a value counts as unreadable: a document written to keep us busy has thousands. */
const MAX_FAULTS = 50;

/**
 * What `judge` finds in a value. Where parts of it do not fit the schema, others that fit stand in for them, twice and of
 * two kinds: what is found both times, and not in a part that was replaced, does not depend on them.
 * @returns undefined when nothing can be read.
 */
export function judgeReadable<T, F extends Record<keyof F, Problem[]>>(
  schema: z.ZodType<T>,
  given: unknown,
  path: Path,
  judge: (value: T) => F,
): F | undefined {
  const parsed = schema.safeParse(given);
  if (parsed.success) return judge(parsed.data);
  const [one, other] = [new Mending(schema, given, 'first').read(), new Mending(schema, given, 'last').read()];
  if (!one || !other) return undefined;
  const [found, again] = [judge(one.value), judge(other.value)];
  const replaced = [...one.replaced, ...other.replaced].map((place) => pointer(...path) + place);
  const isReplaced = ({ pointer: at }: Problem) => replaced.some((place) => at === place || at.startsWith(`${place}/`));
  const inBoth = (name: keyof F) => {
    const twins = new Set(again[name].map(({ code, pointer }) => `${code} ${pointer}`));
    return found[name].filter((problem) => twins.has(`${problem.code} ${problem.pointer}`) && !isReplaced(problem));
  };
  return Object.fromEntries((Object.keys(found) as (keyof F)[]).map((name) => [name, inBoth(name)])) as F;
}

/** What can be read of a value with faults of shape; undefined when nothing can. */
export function readableValue<T>(schema: z.ZodType<T>, given: unknown): T | undefined {
  return new Mending(schema, given, 'first').read()?.value;
}

class Mending<T> {
  readonly #copy: unknown;
  readonly #tries = new Map<string, number>();

  constructor(
    private readonly schema: z.ZodType<T>,
    given: unknown,
    /** Which of the values that fit stands in for one that does not. */
    private readonly choice: 'first' | 'last',
  ) {
    this.#copy = structuredClone(given);
  }

  read(): { value: T; replaced: string[] } | undefined {
    if (!isObject(this.#copy)) return undefined;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const parsed = this.schema.safeParse(this.#copy);
      if (parsed.success) return { value: parsed.data, replaced: [...this.#tries.keys()] };
      if (parsed.error.issues.length > MAX_FAULTS) return undefined;
      for (const issue of parsed.error.issues) if (!this.#mend(issue, [])) return undefined;
    }
    return undefined;
  }

  /** Mends one fault; false when the value as a whole would have to be replaced. */
  #mend(issue: Issue, base: Path): boolean {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) this.#remove([...path, key]);
      return true;
    }
    if (issue.code === 'invalid_union' && issue.discriminator === undefined) {
      const branch = likeliest(issue.errors);
      if (branch && !this.#tries.has(pointer(...path))) return branch.every((inner) => this.#mend(inner, path));
    }
    return this.#replace(path, issue);
  }

  /** First another value, then none, then the same with what is around it. */
  #replace(path: Path, issue: Issue | undefined): boolean {
    if (path.length === 0) return false;
    const place = pointer(...path);
    const tries = this.#tries.get(place) ?? 0;
    this.#tries.set(place, tries + 1);
    const fitting = tries === 0 && issue ? this.#fitting(issue, valueAt(this.#copy, path)) : undefined;
    if (fitting !== undefined) this.#set(path, fitting);
    else if (tries <= 1) this.#remove(path);
    else return this.#replace(path.slice(0, -1), undefined);
    return true;
  }

  #fitting(issue: Issue, value: unknown): unknown {
    const pick = <V>(first: V, last: V) => (this.choice === 'first' ? first : last);
    switch (issue.code) {
      case 'invalid_type':
        return new Map<string, unknown>([
          ...[['string', pick('x', 'y')] as const, ['number', 1] as const, ['int', 1] as const],
          ...[['boolean', pick(true, false)] as const, ['array', []] as const],
          ...[['object', {}] as const, ['record', {}] as const],
        ]).get(issue.expected);
      case 'invalid_value':
        return pick(issue.values[0], issue.values.at(-1));
      case 'too_small':
        if (typeof value === 'number') return Number(issue.minimum);
        return typeof value === 'string' ? value.padEnd(Number(issue.minimum), 'x') : undefined;
      case 'too_big':
        if (typeof value === 'number') return Number(issue.maximum);
        return typeof value === 'string' || Array.isArray(value) ? value.slice(0, Number(issue.maximum)) : undefined;
      default:
        return undefined;
    }
  }

  /** The object or list that holds a place. */
  #owner(path: Path): Record<PropertyKey, unknown> | undefined {
    const owner = valueAt(this.#copy, path.slice(0, -1));
    return isObject(owner) ? owner : undefined;
  }

  #set(path: Path, value: unknown): void {
    const owner = this.#owner(path);
    const key = path.at(-1) as PropertyKey;
    if (owner && key !== '__proto__') owner[key] = value;
  }

  /** An entry of a list gives way to another one, so that the others keep their numbers. */
  #remove(path: Path): void {
    const owner = this.#owner(path);
    const key = path.at(-1) as PropertyKey;
    if (!Array.isArray(owner)) {
      if (owner) delete owner[key];
      return;
    }
    const list = owner as unknown[];
    const sound = list.findIndex((_, index) => !this.#hasFault([...path.slice(0, -1), index]));
    if (sound < 0) list.length = 0;
    else list[Number(key)] = structuredClone(list[sound]);
  }

  #hasFault(path: Path): boolean {
    const place = pointer(...path);
    return [...this.#tries.keys()].some((one) => one === place || one.startsWith(`${place}/`));
  }
}
