import { describe, expect, it } from 'vitest';
import { FairTurns, TooManyWaiting } from './fair-turns.js';

/** Work that is under way until it is let go. */
function gated() {
  const under: { account: number; end: () => void }[] = [];
  const work = (account: number) => () =>
    new Promise<void>((end) => {
      under.push({ account, end });
    });
  return { under, work };
}
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

describe('turns at what accounts share', () => {
  it('let eight pieces be under way at first, and two of one account', async () => {
    const [turns, { under, work }] = [new FairTurns(), gated()];
    for (let account = 1; account <= 6; account += 1)
      for (let n = 0; n < 10; n += 1) void turns.take(account, work(account));
    await settle();
    expect(under.map(({ account }) => account).sort()).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  });

  it('become fewer while the work takes long, but two are left, and more when it is quick', async () => {
    let now = 0;
    const turns = new FairTurns({ now: () => now, pass: () => settle() });
    const take = (milliseconds: number) =>
      Promise.all(
        Array.from({ length: 40 }, (_, n) => turns.take(n, () => settle().then(() => void (now += milliseconds)))),
      );
    await take(0.01);
    const quick = turns.most;
    expect(quick).toBeGreaterThan(8);
    for (let n = 0; n < 2; n += 1) await take(150);
    expect(turns.most).toBe(2);
    // And rests between them.
    expect(turns.rest).toBeGreaterThan(100);
    for (let n = 0; n < 8; n += 1) await take(0.01);
    expect(turns.rest).toBe(0);
    expect(turns.most).toBeGreaterThan(5);
  });

  it('give the next one at once to an account that had none lately, however many others had to wait before it', async () => {
    const [turns, { under, work }] = [new FairTurns(), gated()];
    for (let n = 0; n < 50; n += 1)
      for (let account = 1; account <= 8; account += 1) void turns.take(account, work(account));
    void turns.take(99, work(99));
    await settle();
    const begun = under.length;
    under[0]?.end();
    await settle();
    expect(under.slice(begun).map(({ account }) => account)).toEqual([99]);
  });

  it('give the next one to the account whose turn is longest ago, however many others wait', async () => {
    const [turns, { under, work }] = [new FairTurns(), gated()];
    for (let account = 1; account <= 12; account += 1)
      for (let n = 0; n < 50; n += 1) void turns.take(account, work(account));
    void turns.take(99, work(99));
    await settle();
    const begun = under.length;
    for (let n = 0; n < 16; n += 1, await settle()) under[n]?.end();
    expect(under.slice(begun).map(({ account }) => account)).toContain(99);
  });

  it('refuse the 51st that waits, and no urgent one', async () => {
    const [turns, { under, work }] = [new FairTurns(), gated()];
    for (let n = 0; n < 52; n += 1) void turns.take(1, work(1));
    await expect(turns.take(1, work(1))).rejects.toThrow(TooManyWaiting);
    void turns.take(1, work(7), true);
    for (let n = 0; n < 52; n += 1, await settle()) under[n]?.end();
    expect(under.map(({ account }) => account)).toEqual([...Array<number>(52).fill(1), 7]);
  });

  it('are given back by work that fails', async () => {
    const turns = new FairTurns();
    for (let n = 0; n < 40; n += 1)
      await expect(turns.take(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await turns.take(1, () => Promise.resolve('yes'))).toBe('yes');
  });
});
