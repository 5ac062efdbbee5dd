import { describe, expect, it } from 'vitest';
import { holdsSensitive, maskedLookup, writtenBySensitive } from './sensitive.js';

const isSensitive = (name: string) => name === '$flow.key.pin';

describe('V7: what is sensitive', () => {
  it('V7: a text that names a sensitive variable, wherever it stands', () => {
    expect(holdsSensitive({ body: { fields: [{ value: 'PIN ${flow.key.pin}.' }] } }, isSensitive)).toBe(true);
    expect(holdsSensitive('$flow.key.pin', isSensitive)).toBe(true);
    expect(holdsSensitive(['$flow.key.pins', '$$flow.key.pin', null, 7], isSensitive)).toBe(false);
  });

  it('V7: what says so itself', () => {
    expect(holdsSensitive({ type: 'collectDigits', sensitive: true }, () => false)).toBe(true);
    expect(holdsSensitive({ sensitive: false, map: [{ sensitive: 'true' }] }, () => false)).toBe(false);
  });

  it('R5, V7: a sensitive row marks its name, its items and their number, and no other row', () => {
    const written = writtenBySensitive([
      { saveIn: '$flow.key.code', sensitive: true },
      { saveIn: '$flow.key.order', sensitive: false },
    ]);
    const names = ['code', 'code_1', 'code_20', 'code_size', 'code_2_text', 'codes', 'order', 'order_1'];
    expect(names.filter((name) => written(`$flow.key.${name}`))).toEqual([
      'code', 'code_1', 'code_20', 'code_size', 'code_2_text',
    ]); // prettier-ignore
  });

  it('V3, V7: an absent variable stays absent where it is shown, and an empty one is masked', () => {
    const known: Record<string, string> = { '$flow.key.pin': '', '$flow.key.order': '12' };
    const lookup = maskedLookup((name) => known[name], isSensitive);
    expect(['$flow.key.pin', '$flow.key.order', '$flow.key.none'].map(lookup)).toEqual(['***', '12', undefined]);
  });
});
