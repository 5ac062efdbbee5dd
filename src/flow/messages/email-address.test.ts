import { describe, expect, it } from 'vitest';
import { isEmailAddress, parseSender } from './email-address.js';

describe('isEmailAddress', () => {
  it.each(['a@example.com', "o'hara+x.y@mail.example.co", 'a@bücher.example', 'a_b@1-2.example'])(
    '%s is one',
    (text) => {
      expect(isEmailAddress(text)).toBe(true);
    },
  );

  it.each([
    ...[
      '',
      'a',
      '@example.com',
      'a@',
      'a@localhost',
      'a@.example.com',
      'a@example..com',
      'a@-x.example',
      'a@x-.example',
    ],
    ...['.a@example.com', 'a.@example.com', 'a..b@example.com', ' a@example.com', 'a@example.com ', 'a b@example.com'],
    ...['a@example.com\n', 'a@example.com\r\nx', 'a\0@example.com', 'a@example.com,b@example.com', 'a;b@example.com'],
    ...[
      'A <a@example.com>',
      '<a@example.com>',
      '"a"@example.com',
      'a(x)@example.com',
      'g:a@example.com;',
      'a@b@example.com',
    ],
    ...['ä@example.com', 'a@[127.0.0.1]', 'a@exa\u200bmple.com', `${'a'.repeat(65)}@example.com`],
    ...[`a@${'b'.repeat(64)}.com`, `a@${'b.'.repeat(130)}com`],
  ])('%j is none', (text) => {
    expect(isEmailAddress(text)).toBe(false);
  });
});

describe('parseSender', () => {
  it('reads an address with a name, quoted or not, or without', () => {
    expect(parseSender('a@example.com')).toEqual({ name: '', address: 'a@example.com' });
    expect(parseSender('Größe & Co <a@example.com>')).toEqual({ name: 'Größe & Co', address: 'a@example.com' });
    expect(parseSender('"Shop, Ltd" <a@example.com>')).toEqual({ name: 'Shop, Ltd', address: 'a@example.com' });
  });

  it.each([
    'Shop',
    'a@example.com, b@example.com',
    'A\r\nBcc: b@example.com <a@example.com>',
    'A <a@example.com> <b@example.com>',
    'A <a>',
  ])('%j is none', (text) => {
    expect(parseSender(text)).toBeUndefined();
  });
});
