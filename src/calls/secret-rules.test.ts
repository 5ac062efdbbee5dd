import { describe, expect, it } from 'vitest';
import { asWritten } from '../engine/held-secret.js';
import { validateAccount } from '../flow/validation/validate.js';
import { withSecretRules } from './secret-rules.js';

const document = {
  id: 1,
  secrets: { own: { env: 'HOOKLINE_SECRET_1_A' }, other: { env: 'ORDERS' }, in: { file: 'a/b' } },
};
const judged = (places: 'own' | 'commandLine' | 'anywhere', isStored: boolean) =>
  withSecretRules(validateAccount(document, isStored ? 'stored' : 'incoming'), isStored, { places, secretsDir: null });
const outside = [expect.objectContaining({ code: 'SECRET_OUTSIDE', pointer: '/secrets/other/env' })];

describe('D3, C4: where the secrets of a start may lie', () => {
  it('a document that comes in names places of its own; a stored one warns', () => {
    expect(judged('own', false).errors).toEqual(outside);
    expect(judged('own', true)).toMatchObject({ errors: [], outdated: outside });
  });

  it('a development stack takes what comes in as from its own command line, and a stored one like any other', () => {
    const taken = judged('commandLine', false);
    expect(taken.errors).toEqual([]);
    expect(taken.value?.secrets.other).toEqual({ env: 'ORDERS', local: true });
    expect(taken.value && asWritten(taken.value).secrets).toEqual(document.secrets);
    expect(judged('commandLine', true)).toMatchObject({ errors: [], outdated: outside });
  });

  it('a deployment of one owner takes everything', () => {
    expect(judged('anywhere', false).errors).toEqual([]);
    expect(judged('anywhere', true).outdated ?? []).toEqual([]);
  });

  it('no document can pass for one of the command line', () => {
    const marked = validateAccount({ id: 1, secrets: { a: { env: 'ORDERS', local: true } } });
    expect(marked.errors).toMatchObject([{ code: 'UNKNOWN_FIELD', pointer: '/secrets/a/local' }]);
  });
});
