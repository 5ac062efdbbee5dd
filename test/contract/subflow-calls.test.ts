import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateFlow } from '../../src/flow/validation/validate.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await timeSkippingRig({ limits: { renewAfterEvents: 12 } });
});
afterAll(() => rig.close());

const steps = (path: { widget: string; line: string | null; lineNumber: number | null }[]) =>
  path.map(({ widget, line, lineNumber }) => (line === null ? widget : `${widget}:${line}:${lineNumber}`));

describe('D2c: subflows with parameters and exits', () => {
  const inner = {
    id: 'inner001',
    start: 'pause',
    widgets: {
      pause: { type: 'delay', seconds: 1, lines: { next: 'again' } },
      again: { type: 'delay', seconds: 1, lines: { next: 'which' } },
      which: {
        type: 'decision',
        cases: [{ line: 'vip', when: { left: '$flow.key.kind', op: 'equals', right: 'vip' } }],
        lines: { vip: 'out' },
      },
      out: { type: 'return', line: 'vip' },
    },
  };
  const run = (kind: string, lines: object) => ({
    type: 'subflow',
    flow: 'inner001',
    with: { '$flow.key.kind': kind, '$flow.key.before': '${flow.key.kind:-none}', '$flow.key.gone': '$flow.key.none' },
    lines,
  });
  const flow = flowOf(
    {
      first: run('plain$call.id', { next: 'second', vip: 'bye' }),
      second: run('vip', { vip: 'third', next: 'bye' }),
      third: run('vip', {}),
      bye: { type: 'hangUp' },
    },
    { subflows: [inner] },
  );

  it('D2c, C3: parameters are set once, also when the call continues as new inside; a return takes its line', async () => {
    const report = await rig.run({ flow, callId: 'c', variables: { '$flow.key.gone': 'x' } });
    expect(steps(report.path)).toEqual([
      ...['first:next:0', 'first/pause:next:0', 'first/again:next:0', 'first/which:otherwise:1'],
      ...['second:vip:2', 'second/pause:next:0', 'second/again:next:0', 'second/which:vip:0', 'second/out'],
      // A line that is left out ends the flow, and stands after those that are there.
      ...['third:vip:2', 'third/pause:next:0', 'third/again:next:0', 'third/which:vip:0', 'third/out'],
    ]);
    expect(report.variables).toMatchObject({ '$flow.key.kind': 'vip', '$flow.key.before': 'vip' });
    expect(report.variables).not.toHaveProperty('$flow.key.gone');
    expect(report.outcome).toBe('completed');
  });

  it('D2c, C4: a line that no return takes is an error, with those that are there', () => {
    const wrong = flowOf({ first: run('a', { vipp: 'bye' }), bye: { type: 'hangUp' } }, { subflows: [inner] });
    const { errors } = validateFlow(wrong);
    expect(errors).toMatchObject([{ code: 'UNKNOWN_LINE', pointer: '/widgets/first/lines/vipp' }]);
    expect(errors[0]?.message).toContain('Did you mean "vip"?');
    const { errors: names } = validateFlow(flowOf({ first: { ...run('a', {}), with: { kind: 'x' } } }, { subflows: [inner] })); // prettier-ignore
    expect(names).toMatchObject([{ code: 'INVALID_VALUE', pointer: '/widgets/first/with/kind' }]);
  });
});

describe('D2c: forEach', () => {
  const flow = flowOf({
    next: { type: 'forEach', over: '$flow.key.slot', saveIn: '$flow.key.one', lines: { item: 'say', done: 'bye' } },
    say: {
      type: 'play',
      prompt: { text: '$flow.key.one_index: ${flow.key.one_id} with ${flow.key.one_doctor:-any doctor}' },
      lines: { next: 'next' },
    },
    bye: { type: 'hangUp' },
  });

  it('D2c, V7: each item is seen with its own fields and marks, across runs of the call, and the place is forgotten', async () => {
    const variables = {
      ...{ '$flow.key.slot_1_id': 'A', '$flow.key.slot_1_doctor': 'Rao', '$flow.key.slot_2_id': 'B' },
      ...{ '$flow.key.slot_3_id': 'C', '$flow.key.slot_3_doctor': 'Sen', '$flow.key.slot_size': '3' },
    };
    const before = rig.commands.length;
    const { handle, report } = await rig.start({ flow, variables });
    const { variables: left, path } = await report();
    const said = rig.commands.slice(before).flatMap((one) => (one.type === 'play' ? one.prompts : []));
    expect(said).toEqual(['1: A with Rao', '2: B with any doctor', '3: C with Sen'].map((text) => ({ text })));
    expect(path.at(-2)).toMatchObject({ widget: 'next', line: 'done', lineNumber: 1 });
    expect(Object.keys(left).filter((name) => name.startsWith('$flow.key.one'))).toEqual([]);
    expect((await handle.describe()).status.name).toBe('COMPLETED');
  });

  it('D5: a list that nothing sets is a warning, fields of an item are none', () => {
    expect(validateFlow(flow).warnings).toMatchObject([{ code: 'VARIABLE_NEVER_SET', pointer: '/widgets/next/over' }]);
  });
});
