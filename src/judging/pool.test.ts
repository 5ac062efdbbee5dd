import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import type { Owner, Works } from './judge.js';
import { JudgingPool } from './pool.js';
import { isQuick } from './quick.js';
import { LIMIT_MS } from './verdicts.js';
import { STEPS } from './yield.js';

const pool = new JudgingPool();
afterAll(() => pool.close());

type Given = Works['mapping']['given'];
const json = (text: string, ...paths: string[]): Given => ({
  text,
  by: { type: 'json', dialect: 'rfc9535' },
  rows: paths.map((path, n) => ({ saveIn: `$flow.key.v${n}`, path, mandatory: false })),
});
let calls = 0;
const owner = (more: Partial<Owner> = {}): Owner => {
  const call = `call-${calls++}`;
  return { account: 1, call, place: `${call}/ask`, signal: new AbortController().signal, ...more };
};
const map = (given: Given, more: Partial<Owner> = {}) => pool.judge('mapping', given, owner(more));

const SLOW = json(
  JSON.stringify(Array.from({ length: 20_000 }, (_, n) => ({ n, deep: [[n]] }))),
  'data[?count($..*) > 400000]',
);
const HEAVY = json('[1,2]', 'data..*');

/** The longest time in milliseconds that this thread was held while `work` ran. */
async function heldDuring(work: () => Promise<unknown>): Promise<number> {
  let held = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    held = Math.max(held, performance.now() - last);
    last = performance.now();
  }, 5);
  await work().finally(() => clearInterval(timer));
  return Math.max(held, performance.now() - last);
}

describe('R3: judging an answer', () => {
  it('R3: gives what it gives in any thread', async () => {
    expect(await map(json('{"a":[12345678901234567890]}', 'data.a[0]'))).toMatchObject({
      rows: [['$flow.key.v0', '12345678901234567890']],
    });
    expect(await map(json('{"a":[12345678901234567890]}', 'data..a[0]'))).toMatchObject({
      rows: [['$flow.key.v0', '12345678901234567890']],
    });
    const given = { bytes: Buffer.from('Wei+AN8-'.repeat(8400)), charset: 'utf-7', cut: false };
    expect((await pool.judge('text', given, owner())).slice(0, 4)).toBe('Weiß');
  });

  it('R3: a path that takes too long is given up after 500 ms of its thread, and holds up nobody', async () => {
    await map(HEAVY);
    const held = await heldDuring(() =>
      expect(map(SLOW)).rejects.toMatchObject({
        reason: 'INVALID_RESPONSE_MAP',
        message: /given up after 500 ms.+Ask for a smaller answer/,
      }),
    );
    expect(held).toBeLessThan(LIMIT_MS / 2);
    expect(await map(HEAVY)).toMatchObject({ savedIn: ['$flow.key.v0'] });
  });

  it('R3: threads yield to those that run calls, on Linux, where threads have priorities', async () => {
    await map(HEAVY);
    const isLinux = process.platform === 'linux';
    // After the name in brackets: the 17th field is how nice the thread is.
    const nice = (thread: string) =>
      readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')[16];
    const threads = isLinux ? readdirSync('/proc/self/task') : [];
    expect(threads.map(nice).includes(String(Math.min(19, getPriority() + STEPS)))).toBe(isLinux);
  });

  it('R3: a widget whose answer was given up is not tried again in its call, and others are', async () => {
    const call = { call: 'once', place: 'once/ask' };
    await expect(map(SLOW, call)).rejects.toMatchObject({ reason: 'INVALID_RESPONSE_MAP' });
    const start = performance.now();
    await expect(map(HEAVY, call)).rejects.toMatchObject({ message: /earlier one of this widget/ });
    expect(performance.now() - start).toBeLessThan(50);
    expect(await map(json('{"a":1}', 'data.a'), call)).toMatchObject({ savedIn: ['$flow.key.v0'] });
    expect(await map(HEAVY, { call: 'once', place: 'once/other' })).toMatchObject({ savedIn: ['$flow.key.v0'] });
  });

  it('R3: a path that gathers without end is given up by time or memory, and the next piece of work finds a thread', async () => {
    const wide = json(JSON.stringify(Array.from({ length: 150_000 }, (_, n) => [[n]])), 'data..*..*..*');
    const both = [map(wide, { account: 2 }), map(HEAVY, { account: 3 })] as const;
    await expect(both[0]).rejects.toMatchObject({ reason: 'INVALID_RESPONSE_MAP', message: /given up/ });
    expect(await both[1]).toMatchObject({ savedIn: ['$flow.key.v0'] });
  });

  it('R3: an account that lets many wait lets another wait for one of its answers, not for all', async () => {
    const order: string[] = [];
    const flood = Array.from({ length: 6 }, (_, n) => map(SLOW, { account: 7 }).catch(() => order.push(`flood ${n}`)));
    const other = map(HEAVY, { account: 8 }).then(() => order.push('other'));
    await Promise.all([...flood, other]);
    expect(order.indexOf('other')).toBeLessThan(3);
  });

  it('H1: an answer that has no turn within the wait is a TIMEOUT', async () => {
    const before = Array.from({ length: 3 }, () => map(SLOW, { account: 9 }).catch(() => undefined));
    const wait = AbortSignal.timeout(100);
    await expect(map(HEAVY, { account: 9, signal: wait })).rejects.toMatchObject({ reason: 'TIMEOUT' });
    await Promise.all(before);
  });
});

describe('R3: what is judged at once', () => {
  const worst: Record<string, Given> = {
    numbers: json(`[${'0,'.repeat(32_000)}0]`, 'data[0]'),
    objects: json(`[${'{},'.repeat(21_000)}0]`, 'data[20000]'),
    'equal keys': json(`{${'"a":1,'.repeat(10_000)}"a":1}`, 'data.a'),
    keys: json(`{${Array.from({ length: 6500 }, (_, n) => `"k${n}":1`).join(',')}}`, 'data.k6000'),
    'nesting along the path': json(
      `${'['.repeat(310)}${']'.repeat(310)}`,
      ...Array.from({ length: 4 }, () => `data${'[0]'.repeat(309)}`),
    ),
    'a hundred rows': json(`{"a":[${'1,'.repeat(300)}1]}`, ...Array.from({ length: 100 }, () => 'data')),
    elements: {
      text: `<r>${'<a/>'.repeat(2000)}</r>`,
      by: { type: 'xml', namespaces: {} },
      rows: [{ saveIn: '$flow.key.a', path: 'r/a', mandatory: true }],
    },
  };

  it.each(Object.keys(worst))('R3: takes milliseconds at worst: %s', async (name) => {
    const given = worst[name] as Given;
    expect(isQuick({ kind: 'mapping', given })).toBe(true);
    await map(given);
    const times: number[] = [];
    for (let n = 0; n < 5; n++) {
      const start = performance.now();
      await map(given).catch(() => undefined);
      times.push(performance.now() - start);
    }
    expect(Math.min(...times)).toBeLessThan(50);
  });

  it('R3: is nothing that searches, filters or calculates', () => {
    for (const path of ['data..a', 'data[*]', 'data[?@.a]', 'data[0:2]', 'data[?count(@.*) > 1]'])
      expect(isQuick({ kind: 'mapping', given: json('{}', path) })).toBe(false);
    for (const path of ['//a', 'a//b', 'a[1]', 'count(a)', 'a | b', 'ancestor::a', '..', '*'])
      expect(
        isQuick({
          kind: 'mapping',
          given: {
            text: '<a/>',
            by: { type: 'xml', namespaces: {} },
            rows: [{ saveIn: '$flow.key.a', path, mandatory: false }],
          },
        }),
      ).toBe(false);
  });
});

describe('C4, D1: documents and bodies', () => {
  const flow = (widgets: object) => ({ hookline: 1, id: 'largeone', name: 'Large', start: 'w0', widgets });
  const check = (document: unknown) =>
    pool.judge('flow', { document, account: undefined, origin: 'incoming' }, owner());
  const body = (text: string) => pool.judge('body', { bytes: Buffer.from(text) }, owner());
  const keys = (count: number, of = count) =>
    `{${Array.from({ length: count }, (_, n) => `"k${n % of}":1`).join(',')}}`;

  it('C4: a large flow is found valid as a small one is, and holds up nobody', async () => {
    const say = (n: number) => ({ type: 'play', prompt: { text: 'x'.repeat(300) }, lines: { next: `w${n + 1}` } });
    const widgets = Object.fromEntries([
      ...Array.from({ length: 1000 }, (_, n) => [`w${n}`, say(n)] as const),
      ['w1000', { type: 'hangUp' }],
    ]);
    expect((await check(flow({ w0: { type: 'hangUp' } }))).errors).toEqual([]);
    await check(flow(widgets));
    const held = await heldDuring(async () => expect((await check(flow(widgets))).errors).toEqual([]));
    expect(held).toBeLessThan(LIMIT_MS / 2);
  });

  it('C4: a flow that takes too long to check is DOCUMENT_TOO_LARGE', async () => {
    const widgets = Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`w${n}`, {}]));
    await expect(check(flow(widgets))).rejects.toMatchObject({
      reason: 'DOCUMENT_TOO_LARGE',
      message: /after 2000 ms/,
    });
  });

  it('D1: a body has at most 10,000 keys in one object, 100,000 values and 1,000 levels', async () => {
    expect(await body(keys(10_000))).toEqual({ slips: [] });
    const large = [keys(20_000), `[${'0,'.repeat(100_000)}0]`, '['.repeat(1001) + ']'.repeat(1001)];
    for (const text of large) expect(await body(text)).toMatchObject({ fault: { code: 'DOCUMENT_TOO_LARGE' } });
  });

  it('D1: thousands of equal keys are found in linear time, and a hundred are listed', async () => {
    const read = await body(keys(9000, 4500));
    expect('slips' in read && read.slips.length).toBe(100);
    expect(await body(keys(90_000, 4500))).toHaveProperty('slips');
  });
});
