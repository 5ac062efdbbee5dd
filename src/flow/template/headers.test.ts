import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillHeaders } from './headers.js';
import { type Lookup } from '../values/fill.js';

const of =
  (x?: string): Lookup =>
  () =>
    x;
const fill = (key: string, value: string, x?: string, mandatory = false) =>
  fillHeaders([{ key, value, mandatory }], of(x));

it('T2: a value goes in raw, without blanks around it', () => {
  expect(fill('X-Tenant', ' ${flow.key.x}/a ', ' é "b"\tc ')).toEqual([['X-Tenant', 'é "b"\tc /a']]);
});

it.each(['\r', '\n', '\r\nX-Evil: 1', '\0', '\u0001', '\u007f', 'end\n'])(
  'T2: a value with %j is INVALID_REQUEST',
  (x) => {
    expect(() => fill('X-Tenant', '$flow.key.x', x)).toThrow(expect.objectContaining({ reason: 'INVALID_REQUEST' }));
  },
);

it.each(['', 'X Tenant', 'X:', 'é', 'a\r\nb', '(a)'])('T2: a name %j is no token, which is INVALID_REQUEST', (name) => {
  expect(() => fill('$flow.key.x', 'v', name)).toThrow(expect.objectContaining({ reason: 'INVALID_REQUEST' }));
});

it('T2: the message of a refused value does not show it', () => {
  expect(() => fill('X-Key', '$flow.key.x', 'hunter2\n')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  );
});

it('W4: a mandatory header with an absent variable fails, an optional one is dropped', () => {
  expect(fill('X-Tenant', '$flow.key.x')).toEqual([]);
  expect(() => fill('X-Tenant', '$flow.key.x', undefined, true)).toThrow(
    expect.objectContaining({ reason: 'INVALID_FLOW_VAR', message: expect.stringContaining('$flow.key.x') }),
  );
});

it('T2: whatever the value, a header gains no line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (x) => {
      try {
        const headers = fill('X-A', '$flow.key.x', x);
        expect(headers.length).toBe(1);

        expect(headers[0]?.[1]).not.toMatch(/[\r\n\0]/);
      } catch (error) {
        expect(error).toMatchObject({ reason: 'INVALID_REQUEST' });
      }
    }),
    { numRuns: 300 },
  );
});
