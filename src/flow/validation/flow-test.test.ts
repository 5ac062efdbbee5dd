import { describe, expect, it } from 'vitest';
import { flow as flowSchema } from '../documents/flow.js';
import { flowTest } from '../documents/flow-test.js';
import { flowTestFaults, validateFlowTest } from './flow-test.js';

const flow = flowSchema.parse({
  ...{ hookline: 1, id: 'testflow', start: 'say' },
  widgets: {
    say: { type: 'play', prompt: { text: 'x' }, lines: { next: 'inner' } },
    inner: { type: 'subflow', flow: 'subflow1' },
  },
  subflows: [{ id: 'subflow1', start: 'ask', widgets: { ask: { type: 'delay', seconds: 1 } } }],
});
const faults = (test: object) => flowTestFaults(flowTest.parse(test), flow).map(({ code, pointer }) => [code, pointer]);
const shape = (test: unknown) => validateFlowTest(test).errors.map(({ code, pointer, message }) => [code, pointer, message] as const); // prettier-ignore

describe('a test file', () => {
  it('may be empty: then the call must not fail', () => {
    expect(validateFlowTest({})).toMatchObject({ errors: [], value: { flow: 'flow.json', answers: {}, expect: {} } });
  });

  it('D1: an unknown field is an error with the nearest known one, at any depth', () => {
    const found = shape({ expct: {}, answers: { a: { stats: 1 }, b: [{ jsn: {} }] }, expect: { hear: [] }, caller: { stps: [] } }); // prettier-ignore
    expect(found.map(([code, pointer, message]) => [code, pointer, /mean "(\w+)"/.exec(message)?.[1]])).toEqual(
      expect.arrayContaining([
        ['UNKNOWN_FIELD', '/expct', 'expect'],
        ['UNKNOWN_FIELD', '/answers/a/stats', 'status'],
        ['UNKNOWN_FIELD', '/answers/b/0/jsn', 'json'],
        ['UNKNOWN_FIELD', '/expect/hear', 'heard'],
        ['UNKNOWN_FIELD', '/caller/stps', 'steps'],
      ]),
    );
  });

  it('an answer has one body, and none beside an error', () => {
    expect(shape({ answers: { a: { json: 1, text: 'x' } } })).toMatchObject([['INVALID_VALUE', '/answers/a/text', expect.stringContaining('not both')]]); // prettier-ignore
    expect(shape({ answers: { a: [{ error: 'timeout', status: 200, headers: {} }] } }).map(([, pointer]) => pointer)).toEqual(['/answers/a/0/status', '/answers/a/0/headers']); // prettier-ignore
  });

  it('a moment has an offset', () => {
    expect(shape({ at: '2026-03-08T09:30:00+05:30' })).toEqual([]);
    expect(shape({ at: '2026-03-08T09:30:00' })).toMatchObject([['INVALID_VALUE', '/at', expect.stringContaining('+05:30')]]); // prettier-ignore
  });

  it('names only widgets and lines that the flow has, those of subflows by their path', () => {
    expect(
      faults({
        answers: { sya: {}, 'inner/ask': {}, flowEnd: {} },
        expect: { path: ['say:next', 'inner/ask', 'inner/akk'], passes: ['say:nxt'], requests: { none: [] } },
      }),
    ).toEqual([
      ['UNKNOWN_WIDGET', '/answers/sya'],
      ['UNKNOWN_WIDGET', '/expect/path/2'],
      ['UNKNOWN_LINE', '/expect/passes/0'],
      ['UNKNOWN_WIDGET', '/expect/requests/none'],
    ]);
    expect(flowTestFaults(flowTest.parse({ expect: { path: ['inner/akk'] } }), flow)[0]?.message).toContain(
      '"inner/ask"',
    );
  });

  it('names only variables that a flow may set', () => {
    expect(faults({ set: { '$call.id': '1' }, expect: { variables: { status: 'x', '$flow.key.a': null } } })).toEqual([
      ['READ_ONLY_VARIABLE', '/set/$call.id'],
      ['UNKNOWN_NAMESPACE', '/expect/variables/status'],
    ]);
  });

  it('D6: a caller inside it is checked with the flow', () => {
    expect(faults({ caller: { steps: [{ until: { widget: 'nobody' } }] } })).toEqual([['UNKNOWN_WIDGET', '/caller/steps/0/until/widget']]); // prettier-ignore
  });
});
