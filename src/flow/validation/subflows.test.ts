import { describe, expect, it } from 'vitest';
import { validateFlow } from './validate.js';

describe('C4, D5: subflows are looked at as the flow itself is', () => {
  const run = (flow: string) => ({ type: 'subflow', flow });
  const sub = (id: string, widgets: object) => ({ id, start: 'a', widgets });
  const document = (...subflows: object[]) => ({
    hookline: 1,
    id: 'mainflow',
    start: 'run',
    widgets: { run: run('sub00001') },
    subflows,
  });
  const found = (value: object) => {
    const { errors, warnings } = validateFlow(value);
    return { errors: errors.map((one) => [one.code, one.pointer]), warnings: warnings.map((one) => [one.code, one.pointer]) }; // prettier-ignore
  };

  it('C4: what is wrong in a subflow has a pointer into the whole', () => {
    const inner = {
      a: { type: 'play', prompt: { text: 'x' }, lines: { next: 'b' } },
      c: { type: 'storeVariable', assign: [{ saveIn: '$call.id', value: '1' }], oops: 1 },
    };
    const { errors, warnings } = found(document(sub('sub00001', inner)));
    expect(errors).toEqual(
      expect.arrayContaining([
        ['UNKNOWN_FIELD', '/subflows/0/widgets/c/oops'],
        ['UNKNOWN_WIDGET', '/subflows/0/widgets/a/lines/next'],
        ['READ_ONLY_VARIABLE', '/subflows/0/widgets/c/assign/0/saveIn'],
      ]),
    );
    expect(warnings).toContainEqual(['UNREACHABLE_WIDGET', '/subflows/0/widgets/c']);
  });

  it('C4: a subflow that is not there, or there twice, is an error; one that nobody runs a warning', () => {
    const hang = { a: { type: 'hangUp' } };
    expect(found(document(sub('sub00002', hang), sub('sub00002', hang)))).toEqual({
      errors: [
        ['INVALID_VALUE', '/subflows/1/id'],
        ['UNKNOWN_SUBFLOW', '/widgets/run/flow'],
      ],
      warnings: [
        ['UNREACHABLE_WIDGET', '/subflows/0'],
        ['UNREACHABLE_WIDGET', '/subflows/1'],
      ],
    });
  });

  it('D5: what a subflow sets counts as set for the whole flow', () => {
    const widgets = { a: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.x', value: '1' }] } };
    const main = { run: { ...run('sub00001'), lines: { next: 'say' } }, say: { type: 'play', prompt: { text: '$flow.key.x' } } }; // prettier-ignore
    expect(found({ ...document(sub('sub00001', widgets)), widgets: main })).toEqual({ errors: [], warnings: [] });
  });

  it('D2: a line "left" needs a key that leaves the wait', () => {
    const widgets = (more: object) => ({
      run: { type: 'makeCall', to: '1', lines: { left: 'bye' }, ...more },
      bye: { type: 'hangUp' },
    });
    const flow = { hookline: 1, id: 'mainflow', start: 'run' };
    expect(found({ ...flow, widgets: widgets({}) }).errors).toEqual([['UNKNOWN_LINE', '/widgets/run/lines/left']]);
    expect(found({ ...flow, widgets: widgets({ leaveKey: '*' }) }).errors).toEqual([]);
  });

  it('D6: a pattern that is no RE2 is an error', () => {
    const ask = { type: 'collectDigits', saveIn: '$flow.key.x', pattern: '(?=a)' };
    const { errors } = found({ hookline: 1, id: 'mainflow', start: 'ask', widgets: { ask } });
    expect(errors).toEqual([['INVALID_PATTERN', '/widgets/ask/pattern']]);
  });
});
