/**
 * The variables of one call, with their limits and marks. Contract V1, V3, V6, V7, E4.
 * @module
 */
import { DeclaredFailure } from '../declared-failure.js';
import { masked } from './mask.js';

/** The most variables a call may hold. Contract V6. */
export const MAX_VARIABLES = 1000;
/** The largest value, in UTF-8 bytes. Contract V6. */
export const MAX_VALUE_BYTES = 64 * 1024;
/** The largest sum of all values of a call, in UTF-8 bytes. Contract V6. */
export const MAX_TOTAL_BYTES = 1024 * 1024;
/** The largest sum of all values as JSON, where a control character takes six bytes: what Temporal can take. Contract V6. */
export const MAX_TOTAL_JSON_BYTES = 1.25 * 1024 * 1024;

/** A write went over a limit of V6; the variable is as it was. */
export class VariableLimitError extends DeclaredFailure {
  override readonly name = 'VariableLimitError';

  override get note(): string {
    return `VARIABLE_LIMIT: ${this.message}`;
  }
}

/** One variable to write: null makes it absent. `sensitive`: the value bears the mark, which the next write decides anew. Contract V7. */
export type Assignment = readonly [name: string, value: string | null, sensitive?: boolean];

/** Variables by full name (`$flow.key.NAME`). A cleared one keeps its place in the order of first setting (E4). */
export class Variables {
  #values = new Map<string, string | null>();
  #sensitive = new Set<string>();
  #present = 0;
  #bytes = 0;
  #jsonBytes = 0;

  /**
   * @param free names that count towards no limit: what the engine itself notes must always find room.
   * @param carried what {@link carried} gave in an earlier run of the call.
   */
  constructor(
    private readonly free: ReadonlySet<string> = new Set(),
    carried: readonly Assignment[] = [],
  ) {
    for (const [name, value, sensitive] of carried) {
      if (value === null) this.#values.set(name, null);
      else this.set(name, value, sensitive);
    }
  }

  /** The value, or undefined where the variable is absent. */
  get(name: string): string | undefined {
    return this.#values.get(name) ?? undefined;
  }

  /** Whether the variable holds a sensitive value. Contract V7. */
  isSensitive(name: string): boolean {
    return this.#sensitive.has(name);
  }

  /** Makes the variable absent. */
  clear(name: string): void {
    const before = this.get(name);
    if (before === undefined) return;
    this.#values.set(name, null);
    this.#sensitive.delete(name);
    if (this.free.has(name)) return;
    this.#present -= 1;
    this.#bytes -= size(before);
    this.#jsonBytes -= jsonSize(before);
  }

  /** Sets one variable, and whether its value is sensitive. @throws {VariableLimitError} over a limit of V6. */
  set(name: string, value: string, sensitive = false): void {
    if (!this.free.has(name)) this.#takeRoom(name, value);
    this.#values.set(name, value);
    if (sensitive) this.#sensitive.add(name);
    else this.#sensitive.delete(name);
  }

  #takeRoom(name: string, value: string): void {
    const before = this.get(name);
    const present = this.#present + (before === undefined ? 1 : 0);
    const added = size(value);
    const bytes = this.#bytes + added - (before === undefined ? 0 : size(before));
    const jsonBytes = this.#jsonBytes + jsonSize(value) - (before === undefined ? 0 : jsonSize(before));
    if (added > MAX_VALUE_BYTES) throw new VariableLimitError(`${name} would hold more than 64 KiB.`);
    if (present > MAX_VARIABLES) throw new VariableLimitError(`${name} would be variable ${present} of at most 1,000.`);
    if (bytes > MAX_TOTAL_BYTES) throw new VariableLimitError(`${name} would bring the call's variables over 1 MiB.`);
    if (jsonBytes > MAX_TOTAL_JSON_BYTES)
      throw new VariableLimitError(`${name} would bring the call's variables over 1.25 MiB as JSON.`);
    this.#present = present;
    this.#bytes = bytes;
    this.#jsonBytes = jsonBytes;
  }

  /** Writes all or none. @throws {VariableLimitError} when one does not fit. */
  write(assignments: readonly Assignment[]): void {
    const [values, sensitive] = [new Map(this.#values), new Set(this.#sensitive)];
    const [present, bytes, jsonBytes] = [this.#present, this.#bytes, this.#jsonBytes];
    try {
      for (const [name, value, isSensitive] of assignments) {
        if (value === null) this.clear(name);
        else this.set(name, value, isSensitive);
      }
    } catch (error) {
      // As a whole: one by one, a value that comes back may not fit beside one that is still to go.
      [this.#values, this.#sensitive] = [values, sensitive];
      [this.#present, this.#bytes, this.#jsonBytes] = [present, bytes, jsonBytes];
      throw error;
    }
  }

  /** The same variables apart, for what is tried out. */
  copy(): Variables {
    const copy = new Variables(this.free);
    [copy.#values, copy.#sensitive] = [new Map(this.#values), new Set(this.#sensitive)];
    [copy.#present, copy.#bytes, copy.#jsonBytes] = [this.#present, this.#bytes, this.#jsonBytes];
    return copy;
  }

  /** All names ever set, in that order, null for those that are absent now: what a call takes along. Contract E4. */
  carried(): Assignment[] {
    return [...this.#values].map(([name, value]) => (this.#sensitive.has(name) ? [name, value, true] : [name, value]));
  }

  /** The variables that have a value, in the order in which they were first set. Contract E4. */
  entries(): [name: string, value: string][] {
    return [...this.#values].flatMap(([name, value]) => (value === null ? [] : [[name, value] as [string, string]]));
  }

  /** The same as they are shown. Contract V7. */
  shown(): [name: string, value: string][] {
    return this.entries().map(([name, value]) => [name, masked(value, this.#sensitive.has(name))]);
  }
}

function size(text: string): number {
  return new TextEncoder().encode(text).length;
}

function jsonSize(text: string): number {
  return size(JSON.stringify(text)) - 2;
}
