import { describe, expect, it } from 'vitest';
import { mayDial } from '../values/allowed-number.js';
import { dialling } from './dialling.js';

describe('D3: the numbers that an account allows', () => {
  it.each([
    ['+4930*', '+49 30 901820'],
    ['+4930*', '4930901820'],
    ['49 (30)*', '+4930'],
    ['100', '100'],
    ['demo', 'demo'],
    ['*', '4930901820'],
  ])('%s allows %s', (entry, number) => expect(mayDial([entry], number)).toBe(true));

  it.each([
    ['+4930*', '+4940901820'],
    ['+4930*', '004930901820'],
    ['+4930*', '030901820'],
    ['+4930*', '4930@premium.example'],
    ['+4930*', '4930901820;phone-context=+1900'],
    ['+4930*', '4930901820,,0900'],
    ['+4930*', '++4930901820'],
    ['+4930*', '４９３０９０１８２０'],
    ['+4930*', '4930\t901820'],
    ['100', '1001'],
    ['100', ''],
    ['*', 'sip:900@premium.example'],
  ])('%s does not allow %s', (entry, number) => expect(mayDial([entry], number)).toBe(false));

  it('without a list every number is allowed, and by an empty one none', () => {
    expect([mayDial(undefined, '0900'), mayDial([], '100')]).toEqual([true, false]);
  });

  it('a list holds numbers, and a day at least one', () => {
    const valid = (given: unknown) => dialling.safeParse(given).success;
    expect([valid({}), valid({ allow: ['+4930*', '*21#', '100'], perDay: 1 })]).toEqual([true, true]);
    for (const faulty of [
      { allow: ['sip:a@b'] },
      { allow: [''] },
      { allow: '49*' },
      { perDay: 0 },
      { perDay: 1.5 },
      { per: 1 },
    ])
      expect({ faulty, valid: valid(faulty) }).toEqual({ faulty, valid: false });
  });
});
