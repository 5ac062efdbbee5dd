/**
 * What the fuzz suites share: how long they go on, what strangers like to send, and what may never happen.
 * @module
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { cpuSeconds } from '../support/cpu-time.js';

/** Seconds that each property is tried for. `HOOKLINE_FUZZ_SECONDS` makes it longer. */
const SECONDS = Number(process.env.HOOKLINE_FUZZ_SECONDS ?? 3);
/** Seconds within which every single input is dealt with. */
const LIMIT = 2;

/** How a property runs: until its time is over. A failure tells its seed, which `HOOKLINE_FUZZ_SEED` repeats. */
export function bounded() {
  const seed = process.env.HOOKLINE_FUZZ_SEED;
  return {
    ...(seed !== undefined && { seed: Number(seed) }),
    numRuns: 1_000_000,
    interruptAfterTimeLimit: SECONDS * 1000,
    // On a machine that is busy the time may be over before anything was tried: one input always is.
    markInterruptAsFailure: false,
    endOnFailure: true,
  };
}

/** The time of vitest for one property: its own, and room for a machine that is busy. */
export const PATIENCE = SECONDS * 1000 + 60_000;

/** Does work that computes; of processor time, for what else the machine does is not our fault. */
export function computed<T>(work: () => T): T {
  let result!: T;
  const seconds = cpuSeconds(() => {
    result = work();
  });
  expect(seconds, 'seconds of processor time').toBeLessThan(LIMIT);
  return result;
}

/** Does work that waits for others; what is slow once is tried again, for the machine may have been busy. */
export async function answered<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 3; ; tries--) {
    const start = performance.now();
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    if (seconds < LIMIT) return result;
    if (tries === 1) expect(seconds, 'seconds until it was answered').toBeLessThan(LIMIT);
  }
}

/** Nothing that was sent has changed what every object is. */
export function expectNoPollution(): void {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.keys(Array.prototype)).toEqual([]);
}

/** A value nested so deep. */
export function nested(depth: number, kind: 'array' | 'object' = 'array'): unknown {
  const text =
    kind === 'array' ? '['.repeat(depth) + ']'.repeat(depth) : '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
  return JSON.parse(text) as unknown;
}

/** Texts that have broken something somewhere. */
export const hostileTexts = [
  ...['', ' ', '\0', '\r\nX-Evil: 1', '\u001b[31m', '\u2028', '\ud800', '\ufeff', '٣', '①', '💥'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'NaN', '-0', '1e999', 'null'],
  ...['../../etc/passwd', '..%2f', 'file:///etc/passwd', 'javascript:alert(1)', "' OR 1=1 --", '<script>', '%s%n'],
  ...[
    '$flow.key.a',
    '$user.key.__proto__',
    '${flow.key.a',
    '$call',
    '$call.a.a.a.a',
    '$$',
    '$flow.key.' + 'a'.repeat(200),
  ],
  ...['(a+)+$', '('.repeat(300), '//*[//*[//*]]', 'data[?@.a==@.b]', 'data' + '..*'.repeat(50)],
  ...['9'.repeat(400), 'x'.repeat(70_000), '$'.repeat(20_000), '.'.repeat(20_000)],
] as const;

/** Values that nobody expects, at any place. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...hostileTexts) },
  { weight: 3, arbitrary: fc.jsonValue() },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(null, true, 0, -1, 1e21, 1.5, 2 ** 53, 1e308, [], {}, [[]], [null], [{}]),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      ...[JSON.parse('{"__proto__":{"polluted":1}}'), JSON.parse('{"constructor":{"prototype":{"polluted":1}}}')],
      ...[nested(150), nested(400), nested(3000), nested(300, 'object'), Array.from({ length: 3000 }, () => 0)],
      Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`k${n}`, 'x'])),
    ),
  },
);

/** A document with some places changed: another value, another key, or nothing at all. */
export function mutated(document: unknown): fc.Arbitrary<unknown> {
  const text = JSON.stringify(document);
  const change = fc.record({
    at: fc.nat(),
    how: fc.constantFrom('value', 'value', 'key', 'drop', 'double'),
    value: hostileValue,
    key: fc.oneof(fc.constantFrom(...hostileTexts), fc.string()),
  });
  return fc.array(change, { minLength: 1, maxLength: 5 }).map((changes) => {
    const copy: unknown = JSON.parse(text);
    for (const { at, how, value: shared, key } of changes) {
      // Later changes may go into it.
      const value = copyOf(shared);
      const places = placesIn(copy);
      const place = places[at % Math.max(1, places.length)];
      if (!place) continue;
      const [owner, name] = place;
      if (how === 'value') define(owner, name, value);
      else if (how === 'drop') delete owner[name];
      else if (how === 'key') define(owner, key, owner[name]);
      else define(owner, `${name}2`, copyOf(owner[name]));
    }
    return copy;
  });
}

/** Of JSON; `structuredClone` is lost in what is nested thousands deep. */
function copyOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** As JSON.parse does: `__proto__` becomes a key like any other. */
function define(owner: Record<string, unknown>, name: string, value: unknown): void {
  if (Array.isArray(owner) && !/^\d{1,4}$/.test(name)) return;
  Object.defineProperty(owner, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Every place of a document, not deeper than its author would go. */
function placesIn(value: unknown, depth = 0): [owner: Record<string, unknown>, name: string][] {
  if (typeof value !== 'object' || value === null || depth > 12) return [];
  const owner = value as Record<string, unknown>;
  return Object.keys(owner)
    .slice(0, 50)
    .flatMap((name): [Record<string, unknown>, string][] => [[owner, name], ...placesIn(owner[name], depth + 1)]);
}
