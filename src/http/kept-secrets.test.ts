import { describe, expect, it } from 'vitest';
import type { Store } from '../store/store.js';
import { KeptSecrets } from './kept-secrets.js';

/** A store with one secret, which counts how often it is asked, and its clock. */
function storeOf(first: string | undefined) {
  const seen = { asked: 0, away: false, value: first, now: 0 };
  const secrets = {
    value: async () => {
      seen.asked += 1;
      if (seen.away) throw new Error('away');
      return seen.value;
    },
  };
  const accounts = { formerSecrets: async () => ({ api: { env: 'ORDERS' } }) };
  const store = { secrets, accounts } as unknown as Pick<Store, 'accounts' | 'secrets'>;
  return { seen, kept: new KeptSecrets(async () => store, () => seen.now) }; // prettier-ignore
}

describe('D3: what is kept of stored secrets', () => {
  it('is asked for once in 5 seconds, by however many requests, and a rotated secret is seen then', async () => {
    const { seen, kept } = storeOf('one');
    const many = await Promise.all(Array.from({ length: 50 }, () => kept.value(1, 'api')));
    expect([new Set(many), seen.asked]).toEqual([new Set(['one']), 1]);
    seen.value = 'two';
    seen.now = 4999;
    expect(await kept.value(1, 'api')).toBe('one');
    seen.now = 5000;
    expect([await kept.value(1, 'api'), seen.asked]).toEqual(['two', 2]);
    seen.value = undefined;
    seen.now = 10_000;
    expect(await kept.value(1, 'api')).toBeUndefined();
  });

  it('serves for 10 minutes while the store is away, and the store is asked each time', async () => {
    const { seen, kept } = storeOf('one');
    await kept.value(1, 'api');
    seen.away = true;
    seen.now = 500_000;
    expect([await kept.value(1, 'api'), await kept.value(1, 'api'), seen.asked]).toEqual(['one', 'one', 3]);
    await expect(kept.value(1, 'other')).rejects.toThrow('away');
    seen.now = 600_000;
    await expect(kept.value(1, 'api')).rejects.toThrow('away');
    seen.away = false;
    expect(await kept.value(1, 'api')).toBe('one');
  });

  it('C4: a reference counts as of before only when it is the same', async () => {
    const { kept } = storeOf(undefined);
    expect(await kept.hadBefore(1, 'api', { env: 'ORDERS' })).toBe(true);
    expect(await kept.hadBefore(1, 'api', { file: 'ORDERS' })).toBe(false);
    expect(await kept.hadBefore(1, 'api', { env: 'PATH' })).toBe(false);
    expect(await kept.hadBefore(1, 'toString', { env: 'ORDERS' })).toBe(false);
  });
});
