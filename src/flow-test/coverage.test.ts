import { describe, expect, it } from 'vitest';
import { type Flow, flow as flowSchema } from '../flow/documents/flow.js';
import { Coverage, percent } from './coverage.js';

const say = (next?: string) => ({ type: 'play', prompt: { text: 'x' }, lines: next ? { next } : {} });
const flow: Flow = flowSchema.parse({
  ...{ hookline: 1, id: 'testflow', start: 'a' },
  widgets: {
    a: { ...say('one'), lines: { next: 'one', failure: 'two' } },
    one: { type: 'subflow', flow: 'subflow1', lines: { next: 'two' } },
    two: { type: 'subflow', flow: 'subflow1' },
  },
  subflows: [{ id: 'subflow1', start: 'x', widgets: { x: say('y'), y: say() } }],
});
const step = (widget: string, line: string | null = 'next') => ({ widget, type: 'play' as const, line, lineNumber: 0 });

describe('coverage', () => {
  it('counts widgets entered and connected lines taken, and names those that never were', () => {
    const coverage = new Coverage();
    coverage.add('flow.json', flow, [step('a'), step('one', null)]);
    expect(coverage.flows()).toEqual([
      {
        file: 'flow.json',
        widgets: { total: 5, reached: 2, never: ['two', 'subflow1/x', 'subflow1/y'] },
        lines: { total: 4, reached: 1, never: ['a:failure', 'one:next', 'subflow1/x:next'] },
        percent: 25,
      },
    ]);
  });

  it('counts a subflow once, whichever widget runs it, over all tests of the flow', () => {
    const coverage = new Coverage();
    coverage.add('flow.json', flow, [step('a'), step('one'), step('one/x')]);
    coverage.add('flow.json', flow, [step('a', 'failure'), step('two'), step('two/x'), step('two/y')]);
    const [{ widgets, lines, percent: part } = { widgets: null, lines: null, percent: 0 }] = coverage.flows();
    expect([widgets?.never, lines?.never, part]).toEqual([[], [], 100]);
  });

  it('an end of the flow is no connected line, whether a call takes it or not', () => {
    const coverage = new Coverage();
    coverage.add('flow.json', flow, [step('two', 'failure')]);
    expect(coverage.flows()[0]?.lines).toMatchObject({ total: 4, reached: 0 });
  });

  it('is 100 % only when nothing is left out', () => {
    expect(percent([{ total: 3000, reached: 2999 }])).toBe(99.9);
    expect(percent([{ total: 1, reached: 1 }, { total: 3, reached: 0 }])).toBe(25); // prettier-ignore
    expect(percent([])).toBe(100);
  });
});
