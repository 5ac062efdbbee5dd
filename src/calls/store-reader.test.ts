import { describe, expect, it, vi } from 'vitest';
import { HooklineError } from '../flow/errors.js';
import { StoreReader } from './store-reader.js';

const away = () => Promise.reject(new HooklineError('STORE_UNREACHABLE', 'away'));
const HOUR = 3600_000;

describe('C2: what a start reads while the store is away', () => {
  it('is the last answer to the same question, for a day', async () => {
    let now = 0;
    const reader = new StoreReader(undefined, () => now);
    const ask = (answer: () => Promise<object | undefined>) => reader.lastKnown('flow', answer);
    await expect(ask(away)).rejects.toThrow('away');
    await ask(() => Promise.resolve({ version: 1 }));
    await ask(() => Promise.resolve({ version: 2 }));
    now += 24 * HOUR - 1;
    expect(await ask(away)).toEqual({ version: 2 });
    expect(await reader.lastKnown('other', () => Promise.resolve({ version: 7 }))).toEqual({ version: 7 });
    now += 10_000;
    await expect(ask(away)).rejects.toThrow('away');
  });

  it('is nothing that was deleted since, and a fault of another kind is no outage', async () => {
    const reader = new StoreReader();
    await reader.lastKnown('flow', () => Promise.resolve({ version: 1 }));
    await expect(reader.lastKnown('flow', () => Promise.reject(new Error('unreadable')))).rejects.toThrow('unreadable');
    expect(await reader.lastKnown('flow', () => Promise.resolve(undefined))).toBeUndefined();
    await expect(reader.lastKnown('flow', away)).rejects.toThrow('away');
  });

  it('is not asked for again and again: a silent store costs one wait in two seconds, and is logged once', async () => {
    let now = 0;
    const onAway = vi.fn();
    const reader = new StoreReader(onAway, () => now);
    const silent = vi.fn(() => new Promise<string>(() => undefined));
    const began = performance.now();
    expect(await Promise.all([1, 2, 3].map(() => reader.orElse('without', silent)))).toEqual(Array(3).fill('without'));
    expect(performance.now() - began).toBeLessThan(4000);
    expect(await reader.orElse('without', silent)).toBe('without');
    expect([silent.mock.calls.length, onAway.mock.calls.length]).toEqual([3, 1]);
    now += 2000;
    expect(await reader.orElse('without', () => Promise.resolve('back'))).toBe('back');
  });

  it('is kept within bounds: the one not used for longest is forgotten first', async () => {
    const reader = new StoreReader();
    const large = { text: 'x'.repeat(2 ** 20) };
    for (let n = 0; n < 40; n += 1) {
      await reader.lastKnown(`flow ${n}`, () => Promise.resolve({ ...large, n }));
      await reader.lastKnown('flow 0', () => Promise.resolve({ ...large, n: 0 }));
    }
    expect(await reader.lastKnown('flow 0', away)).toMatchObject({ n: 0 });
    await expect(reader.lastKnown('flow 1', away)).rejects.toThrow('away');
  });
});
