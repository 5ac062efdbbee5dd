import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_VALUE_BYTES, MAX_VARIABLES, VariableLimitError, Variables } from './variables.js';

describe('V: variables', () => {
  it('V3: an absent variable is not the empty string', () => {
    const variables = new Variables();
    variables.set('$flow.key.a', '');
    expect(variables.get('$flow.key.a')).toBe('');
    expect(variables.get('$flow.key.b')).toBeUndefined();
  });

  it('E4: entries come in the order first set, also when one was cleared and set again', () => {
    const variables = new Variables();
    variables.set('$flow.key.a', '1');
    variables.set('$flow.key.b', '2');
    variables.clear('$flow.key.a');
    expect(variables.entries()).toEqual([['$flow.key.b', '2']]);
    variables.set('$flow.key.a', '3');
    expect(variables.entries()).toEqual([
      ['$flow.key.a', '3'],
      ['$flow.key.b', '2'],
    ]);
  });

  it('V7: each write decides the mark anew, a failed write leaves it, and it goes along', () => {
    const variables = new Variables(new Set(['$flow.key.error_detail']));
    variables.write([
      ['$flow.key.pin', '4711', true],
      ['$flow.key.order', '12'],
      ['$flow.key.error_detail', 'words', true],
    ]);
    expect(variables.shown()).toEqual([
      ['$flow.key.pin', '***'],
      ['$flow.key.order', '12'],
      ['$flow.key.error_detail', '***'],
    ]);
    const tooLarge = 'x'.repeat(MAX_VALUE_BYTES + 1);
    const failing = () => variables.write([['$flow.key.pin', 'open'], ['$flow.key.order', tooLarge]]); // prettier-ignore
    expect(failing).toThrow(VariableLimitError);
    expect(variables.isSensitive('$flow.key.pin')).toBe(true);
    const next = new Variables(new Set(), variables.carried());
    expect([next.get('$flow.key.pin'), next.isSensitive('$flow.key.pin')]).toEqual(['4711', true]);
    next.set('$flow.key.pin', 'open');
    next.clear('$flow.key.order');
    expect(next.shown()[0]).toEqual(['$flow.key.pin', 'open']);
    variables.clear('$flow.key.pin');
    variables.set('$flow.key.pin', 'new');
    expect(variables.isSensitive('$flow.key.pin')).toBe(false);
  });

  it('V6: a value of 64 KiB fits, one byte more does not and leaves the variable unchanged', () => {
    const variables = new Variables();
    variables.set('$flow.key.a', 'x'.repeat(MAX_VALUE_BYTES));
    expect(() => variables.set('$flow.key.a', 'é'.repeat(MAX_VALUE_BYTES / 2) + 'x')).toThrow(VariableLimitError);
    expect(variables.get('$flow.key.a')).toHaveLength(MAX_VALUE_BYTES);
  });

  it('V6: a call holds 1,000 variables and no more; one that is there may change', () => {
    const variables = new Variables();
    for (let n = 0; n < MAX_VARIABLES; n++) variables.set(`$flow.key.n${n}`, '');
    expect(() => variables.set('$flow.key.more', '')).toThrow(VariableLimitError);
    variables.set('$flow.key.n0', 'changed');
    variables.clear('$flow.key.n1');
    variables.set('$flow.key.more', '');
    expect(variables.entries()).toHaveLength(MAX_VARIABLES);
  });

  it('V6: all values of a call together hold 1 MiB', () => {
    const variables = new Variables();
    for (let n = 0; n < 16; n++) variables.set(`$flow.key.n${n}`, 'x'.repeat(MAX_VALUE_BYTES));
    expect(() => variables.set('$flow.key.more', 'x')).toThrow(/1 MiB/);
    variables.set('$flow.key.n0', 'x');
    variables.set('$flow.key.more', 'x');
  });

  it('V6: what the engine notes finds room when the limits are reached', () => {
    const variables = new Variables(new Set(['$flow.key.error_reason']));
    for (let n = 0; n < MAX_VARIABLES; n++) variables.set(`$flow.key.n${n}`, '');
    variables.set('$flow.key.error_reason', 'VARIABLE_LIMIT');
    variables.clear('$flow.key.error_reason');
    expect(() => variables.set('$flow.key.more', '')).toThrow(VariableLimitError);
  });

  it('R6: several writes are all or nothing, and what was there comes back', () => {
    const variables = new Variables();
    variables.set('$flow.key.a', 'old');
    const tooLarge = 'x'.repeat(MAX_VALUE_BYTES + 1);
    expect(() =>
      variables.write([
        ['$flow.key.new', '1'],
        ['$flow.key.a', null],
        ['$flow.key.b', tooLarge],
      ]),
    ).toThrow(VariableLimitError);
    expect(variables.entries()).toEqual([['$flow.key.a', 'old']]);
  });

  it('V6, R6: any write into any state is all or nothing, and a failed one leaves the limits as they were', () => {
    const names = Array.from({ length: 20 }, (_, n) => `$flow.key.n${n}`);
    const value = fc.oneof(fc.constant(null), fc.constantFrom(0, 1, 40_000, MAX_VALUE_BYTES, MAX_VALUE_BYTES + 1));
    const assignment = fc.tuple(fc.constantFrom(...names.slice(14, 18)), value);
    const written = ([name, size]: [string, number | null]) => [name, size === null ? null : 'x'.repeat(size)] as const;
    fc.assert(
      fc.property(fc.array(assignment, { maxLength: 2 }), fc.array(assignment, { maxLength: 8 }), (first, second) => {
        const variables = new Variables();
        // All the room of a call, so that most writes lead to its limit.
        for (const name of names.slice(0, 16)) variables.set(name, 'x'.repeat(MAX_VALUE_BYTES));
        for (const one of first.map(written)) {
          try {
            variables.write([one]);
          } catch {
            // The state holds what fits.
          }
        }
        const before = variables.carried();
        const twin = new Variables(new Set(), before);
        const assignments = second.map(written);
        try {
          variables.write(assignments);
        } catch (error) {
          expect(error).toBeInstanceOf(VariableLimitError);
          expect(variables.carried()).toEqual(before);
          // Whatever fits into the state of before still fits.
          for (const one of assignments) expect(outcomeOf(variables, one)).toBe(outcomeOf(twin, one));
          return;
        }
        for (const [name, last] of new Map(assignments)) expect(variables.get(name) ?? null).toBe(last);
      }),
      { numRuns: 200 },
    );
  });
});

function outcomeOf(variables: Variables, one: readonly [string, string | null]): string {
  try {
    variables.write([one]);
    return 'written';
  } catch (error) {
    return String(error);
  }
}
