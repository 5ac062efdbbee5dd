import { expect, it } from 'vitest';
import { QuickEndpoints } from './quick-endpoints.js';

const webhook = { url: 'https://example.com/end' };
const at = (accountId: number) => ({ rules: { accountId }, webhook }) as Parameters<QuickEndpoints['begin']>[0];

function watched() {
  let now = 0;
  const quick = new QuickEndpoints(() => now);
  const pass = (ms: number) => (now += ms);
  const attempt = (ms: number, delivered = true) => {
    const end = quick.begin(at(1));
    pass(ms);
    end(delivered);
  };
  return { attempt, begin: () => quick.begin(at(1)), isQuick: (account = 1) => quick.isQuick(at(account)), pass };
}

it('E5: an endpoint is quick once three attempts were, and until one was not', () => {
  const { attempt, isQuick } = watched();
  expect(isQuick()).toBe(false);
  attempt(20);
  attempt(499);
  expect(isQuick()).toBe(false);
  attempt(30);
  expect(isQuick()).toBe(true);
  attempt(500);
  expect(isQuick()).toBe(false);
  for (let n = 0; n < 9; n++) attempt(10);
  expect(isQuick()).toBe(false);
  attempt(10);
  expect(isQuick()).toBe(true);
  attempt(10, false);
  expect(isQuick()).toBe(false);
});

it('E5: it is not while an attempt takes long, or twenty are under way', () => {
  const { attempt, begin, isQuick, pass } = watched();
  for (let n = 0; n < 3; n++) attempt(10);
  const end = begin();
  pass(499);
  expect(isQuick()).toBe(true);
  pass(1);
  expect(isQuick()).toBe(false);
  end(true);
  for (let n = 0; n < 10; n++) attempt(10);
  const ends = Array.from({ length: 20 }, begin);
  expect(isQuick()).toBe(false);
  ends[0]?.(true);
  expect(isQuick()).toBe(true);
});

it('E5: what was ten minutes ago says nothing, nor what another account saw', () => {
  const { attempt, isQuick, pass } = watched();
  for (let n = 0; n < 3; n++) attempt(10);
  expect([isQuick(1), isQuick(2)]).toEqual([true, false]);
  pass(10 * 60_000);
  expect(isQuick()).toBe(false);
});
