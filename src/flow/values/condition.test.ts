import { describe, expect, it } from 'vitest';
import { holds as holdsWith } from './condition.js';
import { Patterns } from './pattern.js';
import type { Condition } from '../widgets/decision.js';

const holds = (condition: Condition, lookup: (name: string) => string | undefined) =>
  holdsWith(condition, lookup, new Patterns());
const known: Record<string, string> = {
  '$flow.key.status': 'shipped',
  '$flow.key.empty': '',
  '$flow.key.count': '12',
  '$flow.key.big': '90071992547409931',
};
const when = (left: string, op: string, right?: string) =>
  holds({ left, op, ...(right === undefined ? {} : { right }) } as Condition, (name) => known[name]);

describe('D2: the operators of a decision', () => {
  it.each([
    ['$flow.key.status', 'equals', 'shipped', true],
    ['$flow.key.status', 'equals', 'Shipped', false],
    ['$flow.key.status', 'notEquals', 'lost', true],
    ['$flow.key.status', 'contains', 'ship', true],
    ['$flow.key.status', 'startsWith', 'hip', false],
    ['$flow.key.status', 'notContains', 'ship', false],
    ['$flow.key.status', 'notContains', 'lost', true],
    ['$flow.key.status', 'endsWith', 'ped', true],
    ['$flow.key.status', 'endsWith', 'ship', false],
    ['$flow.key.status', 'matches', '^s.*d$', true],
    ['$flow.key.status', 'matches', '^\\d+$', false],
    ['$flow.key.count', 'less', '100', true],
    ['$flow.key.count', 'greater', '9', true],
    ['$flow.key.count', 'greater', '12.0', false],
    ['$flow.key.big', 'greater', '90071992547409930', true],
    ['$flow.key.status', 'less', '5', false],
    ['$flow.key.status', 'greater', '5', false],
  ])('%s %s %s: %s', (left, op, right, expected) => expect(when(left, op, right)).toBe(expected));

  it('exists holds for an empty value and not for an absent one', () => {
    expect(when('$flow.key.empty', 'exists')).toBe(true);
    expect(when('$flow.key.none', 'exists')).toBe(false);
  });

  it('V3: an absent variable equals nothing, not even the empty string', () => {
    expect(when('$flow.key.none', 'equals', '')).toBe(false);
    expect(when('$flow.key.none', 'notEquals', '')).toBe(true);
    expect(when('$flow.key.none', 'contains', '')).toBe(false);
  });

  it('D2c: notContains holds for an absent variable, as notEquals; endsWith does not', () => {
    expect(when('$flow.key.none', 'notContains', 'x')).toBe(true);
    expect(when('$flow.key.status', 'notContains', '$flow.key.none')).toBe(true);
    expect(when('$flow.key.none', 'endsWith', '')).toBe(false);
  });

  it('D2c: isEmpty holds for an absent and for an empty value', () => {
    expect(when('$flow.key.none', 'isEmpty')).toBe(true);
    expect(when('$flow.key.empty', 'isEmpty')).toBe(true);
    expect(when('$flow.key.status', 'isEmpty')).toBe(false);
    expect(when(' ', 'isEmpty')).toBe(false);
  });

  it('D2c: in holds when the text is one of a list; an absent one is none of them', () => {
    const within = (left: string, right: string[]) => holds({ left, op: 'in', right }, (name) => known[name]);
    expect(within('$flow.key.status', ['lost', '$flow.key.status'])).toBe(true);
    expect(within('$flow.key.status', ['lost', 'Shipped'])).toBe(false);
    expect(within('$flow.key.none', ['', '$flow.key.none'])).toBe(false);
    expect(within('$flow.key.empty', [''])).toBe(true);
  });

  it('D2c: not is the contrary of a condition, at any depth', () => {
    const yes: Condition = { left: 'a', op: 'equals', right: 'a' };
    const lookup = () => undefined;
    expect(holds({ not: yes }, lookup)).toBe(false);
    expect(holds({ not: { all: [yes, { not: yes }] } }, lookup)).toBe(true);
    expect(holds({ not: { left: '$flow.key.none', op: 'equals', right: '' } }, lookup)).toBe(true);
  });

  it('all and any combine conditions', () => {
    const yes: Condition = { left: 'a', op: 'equals', right: 'a' };
    const no: Condition = { left: 'a', op: 'equals', right: 'b' };
    const lookup = () => undefined;
    expect(holds({ all: [yes, { any: [no, yes] }] }, lookup)).toBe(true);
    expect(holds({ all: [yes, no] }, lookup)).toBe(false);
    expect(holds({ any: [no, no] }, lookup)).toBe(false);
  });
});
