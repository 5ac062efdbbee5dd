import { describe, expect, it } from 'vitest';
import { callInput } from '../documents/call-input.js';
import { structuralErrors } from './structure.js';

const start = {
  ...{ account: 1, flow: { id: 'testflow' }, bridge: { id: 'b', taskQueue: 'q' } },
  call: { id: 'c', direction: 'inbound', from: '1', to: '2', startedAt: '2026-11-30T10:00:00Z' },
};
const said = (more: object) =>
  structuralErrors(callInput, { ...start, ...more }).map(({ pointer, message }) => `${pointer} ${message}`);

describe('B1, C4: a start with wrong types says what would do', () => {
  it('where one type is taken, and where several are', () => {
    expect(said({})).toEqual([]);
    expect(said({ variables: { '$flow.key.a': {}, '$flow.key.b': ['x'] } })).toEqual([
      '/variables/$flow.key.a Invalid input: expected string, number, boolean or null',
      '/variables/$flow.key.b Invalid input: expected string, number, boolean or null',
    ]);
    expect(said({ account: '5' })).toEqual(['/account Invalid input: expected number or object']);
    expect(said({ flow: 'testflow' })).toEqual(['/flow Invalid input: expected object, received string']);
    expect(said({ call: { ...start.call, from: 1 } })).toEqual([
      '/call/from Invalid input: expected string, received number',
    ]);
  });
});
