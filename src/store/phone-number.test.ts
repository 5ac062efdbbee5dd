import { describe, expect, it } from 'vitest';
import { isWithheld, normalNumber } from './phone-number.js';

describe('F4: the normal form of a number', () => {
  it.each([
    '9879964805',
    '09879964805',
    '919879964805',
    '+919879964805',
    '+91 98799-64805',
    '00919879964805',
    '0919879964805',
    '0 91 98799 64805',
    '+91 (0)98799 64805',
    '(+91) 98799 64805',
    ' 98799 64805 ',
  ])('%s is one number to an account of country code 91', (written) =>
    expect(normalNumber(written, '91')).toBe('919879964805'),
  );

  it('a national number behind its trunk 0 that begins with the digits of the country code keeps them', () => {
    expect(normalNumber('09198765432', '91')).toBe('919198765432');
  });

  it('a national number that begins with the digits of the country code keeps them', () => {
    expect(normalNumber('9198765432', '91')).toBe('919198765432');
    expect(normalNumber('919198765432', '91')).toBe('919198765432');
  });

  it('a number of another country stays what it is', () => {
    expect(normalNumber('+4930901820', '91')).toBe('4930901820');
  });

  it.each([
    ['1001', '1001', 'an extension'],
    ['912200000002', '912200000002', 'a number with its country code, for an account without one'],
    ['anonymous', 'anonymous', 'no digit at all'],
  ])('%s -> %s: %s', (written, expected) => expect(normalNumber(written)).toBe(expected));
});

describe('F8: a number that is withheld', () => {
  it.each([
    ...['anonymous', 'Anonymous', ' RESTRICTED ', 'unavailable', 'unknown', 'withheld', ''],
    ...['sip:anonymous@anonymous.invalid', 'anonymous@192.0.2.17', 'Unknown 9879964805', '-', 'private', '12', '+1'],
  ])('%j is one', (written) => expect(isWithheld(written)).toBe(true));

  it.each(['100', '+91 98799 64805', '06 12 34 56 78', '(0)98-79-96-48-05', 'sip:9879964805@example.com'])(
    '%j is none',
    (written) => expect(isWithheld(written)).toBe(false),
  );
});
