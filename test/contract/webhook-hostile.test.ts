import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TimeLimitError, withinTime } from '../../src/judging/watchdog.js';
import { createWebhookActivities } from '../../src/activities/webhook.js';
import { WEBHOOK_REASONS } from '../../src/flow/errors.js';
import { answer, bytes, json, runTask, Target, taskFor } from '../support/target.js';
import { cpuSeconds, cpuSecondsOf } from '../support/cpu-time.js';

let target: Target;
beforeAll(async () => {
  target = await Target.start();
  target.on('/well', json({ status: 'well' }));
});
afterAll(() => target.stop());

const activities = createWebhookActivities();
const rows = [{ saveIn: '$flow.key.a', path: 'data..a' }];
const ask = (path: string, response: unknown = { type: 'json', map: rows }) =>
  runTask(
    taskFor({ request: { url: target.url(path) }, response, retry: { attempts: 1 } }, { timeout: 5 }),
    activities,
  );

/** The process lives, and its next webhook is well. */
async function expectLife(): Promise<void> {
  const map = [{ saveIn: '$flow.key.status', path: 'data.status', mandatory: true }];
  expect(await ask('/well', { type: 'json', map })).toMatchObject({
    ...{ line: 'success', rows: [['$flow.key.status', 'well']] },
  });
}

describe('R1, R3: whatever a target answers', () => {
  const text = (...parts: fc.Arbitrary<string>[]) =>
    fc.array(fc.oneof(...parts), { maxLength: 12 }).map((all) => all.join(''));
  const anyBytes = fc.uint8Array({ maxLength: 400 });
  const anyHeads = text(
    fc.constantFrom('HTTP/1.1 ', '200', '100', '101', '304', ' OK', '\r\n', '\r\n\r\n', 'Content-Length: ', '0', '5'),
    fc.constantFrom(
      'Transfer-Encoding: chunked\r\n',
      'Connection: close\r\n',
      'Keep-Alive: timeout=1\r\n',
      '3\r\nabc\r\n',
    ),
    fc.string({ maxLength: 10 }),
  ).map((head) => Buffer.from(head, 'latin1'));
  const anyBodies = fc
    .record({
      status: fc.integer({ min: 100, max: 999 }),
      coding: fc.constantFrom('', 'gzip', 'deflate', 'br', 'gzip, br', 'zstd', ',,'),
      type: fc.constantFrom('application/json', 'text/xml; charset=utf-16', 'text/plain; charset="', 'x; charset=gbk'),
      body: fc.oneof(
        anyBytes,
        fc.json().map((one) => Buffer.from(one)),
        fc.string().map((one) => Buffer.from(one)),
      ),
    })
    .map(({ status, coding, type, body }) =>
      Buffer.concat([
        Buffer.from(`HTTP/1.1 ${status} X\r\nContent-Type: ${type}\r\nContent-Encoding: ${coding}\r\n`),
        Buffer.from(`Content-Length: ${body.length}\r\n\r\n`),
        body,
      ]),
    );
  const responses = fc.constantFrom<unknown>(
    { type: 'none' },
    { type: 'json', map: rows },
    { type: 'xml', map: [{ saveIn: '$flow.key.a', path: '//a' }] },
  );

  it.each([
    ['any bytes', anyBytes],
    ['nearly an answer', anyHeads],
    ['any body under any head', anyBodies],
  ])('R1: %s end on a line, with a reason when it is failure', async (_what, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(arbitrary, responses, async (raw, response) => {
        target.on('/any', bytes(raw));
        const outcome = await ask('/any', response);
        if (outcome.line === 'failure') {
          expect(Object.keys(WEBHOOK_REASONS)).toContain(outcome.reason);
          expect(outcome.detail).toMatch(/\S/);
          expect(outcome.rows).toEqual([]);
        } else expect(outcome).not.toHaveProperty('reason');
      }),
      { numRuns: 100 },
    );
    await expectLife();
  });

  it('R1: bytes that nobody asked for, on an idle connection, reach no later answer', async () => {
    target.on('/split', (_request, _response, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{"status":"evil"}'), 10);
    });
    expect(await ask('/split', { type: 'none' })).toMatchObject({ raw: 'ok' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expectLife();
  });
});

describe('R2: informational answers', () => {
  it('R2: without end are INVALID_RESPONSE', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    target.on('/early', bytes(Buffer.from(`${early.repeat(50)}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`)));
    target.on('/early-for-ever', bytes(Buffer.from(early.repeat(5000))));
    expect(await ask('/early', { type: 'none' })).toMatchObject({ line: 'success', raw: 'ok' });
    const outcome = await ask('/early-for-ever', { type: 'none' });
    expect(outcome).toMatchObject({
      line: 'failure',
      reason: 'INVALID_RESPONSE',
      detail: expect.stringMatching(/more than 100/),
    });
    await expectLife();
  });
});

describe('R3: time that a mapping takes', () => {
  it('R3: a path that explodes gives INVALID_RESPONSE_MAP, and the process lives', async () => {
    let tree: unknown = 1;
    for (let depth = 0; depth < 12; depth++) tree = [tree, tree];
    target.on('/tree', json({ tree, wide: Array.from({ length: 20_000 }, (_, at) => ({ at })) }));
    for (const dialect of ['rfc9535', 'jsonpath-plus']) {
      const map = [{ saveIn: '$flow.key.a', path: 'data..*..*..*..*..*' }];
      const seconds = await cpuSecondsOf(async () => {
        const outcome = await ask('/tree', { type: 'json', dialect, map });
        expect(outcome, dialect).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE_MAP', rows: [] });
        expect(outcome.detail).toMatch(/given up|look at more than/);
      });
      expect(seconds).toBeLessThan(4);
    }
    await expectLife();
  });

  it('R3: so it does with an XPath', async () => {
    target.on('/tree-xml', answer(200, `<t>${'<a><b/></a>'.repeat(3_000)}</t>`));
    const map = [{ saveIn: '$flow.key.a', path: '//*[count(//*[count(//*) > 0]) > 0]' }];
    const seconds = await cpuSecondsOf(async () => {
      const outcome = await ask('/tree-xml', { type: 'xml', map });
      expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE_MAP', rows: [] });
    });
    expect(seconds).toBeLessThan(4);
    await expectLife();
  });

  it('R3: work that would never end is stopped', () => {
    const seconds = cpuSeconds(() => {
      expect(() =>
        withinTime(50, () => {
          for (;;);
        }),
      ).toThrow(TimeLimitError);
    });
    expect(seconds).toBeLessThan(1);
    expect(withinTime(50, () => 42)).toBe(42);
    expect(() =>
      withinTime(50, () => {
        throw new TypeError('as it is');
      }),
    ).toThrow(TypeError);
  });

  it('R3: answers that nest without end give INVALID_RESPONSE, or a value', async () => {
    target.on('/deep', answer(200, '['.repeat(500_000))).on('/deep-xml', answer(200, '<a>'.repeat(300_000)));
    target.on('/deep-whole', answer(200, '['.repeat(400_000) + ']'.repeat(400_000)));
    target.on('/deep-whole-xml', answer(200, '<a>'.repeat(100_000) + '</a>'.repeat(100_000)));
    expect(await ask('/deep')).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE' });
    expect(await ask('/deep-xml', { type: 'xml' })).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE' });
    await ask('/deep-whole');
    await ask('/deep-whole-xml', { type: 'xml', map: [{ saveIn: '$flow.key.a', path: '//a' }] });
    await expectLife();
  });
});
