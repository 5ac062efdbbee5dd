import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { KeyRing } from './key-ring.js';

const secret = () => randomBytes(32).toString('base64');
const refusal = (text: string): Error & { code?: string } => {
  try {
    KeyRing.parse(text, 'THERE');
  } catch (error) {
    return error as Error;
  }
  throw new Error('It was taken.');
};

describe('the keys of the codec', () => {
  it('are a list of id=base64; the first one encrypts, and each is found by its id', () => {
    const ring = KeyRing.parse(`new=${secret()}, old.2025-01=${secret()}`, 'THERE');
    expect(ring.current.id).toBe('new');
    expect(ring.get('old.2025-01')?.symmetricKeySize).toBe(32);
    expect(ring.get('other')).toBeUndefined();
  });

  it('may stand one a line, as in a file', () => {
    const ring = KeyRing.parse(`\r\na=${secret()}\r\nb=${secret()}\n\n`, 'THERE');
    expect([ring.current.id, ring.get('b') !== undefined]).toEqual(['a', true]);
  });

  it('are refused with the place of every wrong entry, and without a word of any key', () => {
    const key = secret();
    const wrong = ['a', `b=${key.slice(1)}`, `c=${randomBytes(16).toString('base64')}`, `${key}`, `d d=${key}`];
    const { code, message } = refusal([`good=${key}`, ...wrong].join(','));
    expect(code).toBe('CODEC_KEYS_INVALID');
    expect(message).toMatch(/^THERE: entry 2 .* entry 3 .* entry 4 .* entry 5 .* entry 6 /);
    expect(message).not.toContain(key.slice(1, 10));
  });

  it('are refused when there is none, and when an id is there twice', () => {
    expect(refusal(' , \n').message).toBe('THERE: there is no key.');
    expect(refusal(`a=${secret()},a=${secret()}`).message).toBe('THERE: the id a is there more than once.');
  });

  it('are shown by no print', () => {
    const key = secret();
    const ring = KeyRing.parse(`a=${key}`, 'THERE');
    const shown = inspect(ring, { depth: 9, showHidden: true }) + JSON.stringify(ring);
    expect(shown).not.toContain(key);
    expect(shown).not.toContain(Buffer.from(key, 'base64').toString('hex').slice(0, 8));
  });
});
