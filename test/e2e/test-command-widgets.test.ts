import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandInProcess } from '../support/command-in-process.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const FLOW = {
  hookline: 1,
  id: 'testflow',
  start: 'answer',
  widgets: {
    answer: { type: 'answerCall', lines: { next: 'hours' } },
    hours: {
      type: 'timeCondition',
      hours: { days: { tue: [{ from: '09:00', to: '17:00' }] } },
      lines: { open: 'hook' },
    },
    hook: {
      type: 'webhook',
      request: { method: 'POST', url: 'https://api.example.com/x', body: { type: 'json', content: { a: 1 } } },
      response: { type: 'json', map: [{ saveIn: '$flow.key.s', path: 'data.s', mandatory: true }] },
      wait: { timeout: 20 },
      lines: { success: 'say', failure: 'mail' },
    },
    mail: {
      type: 'email',
      to: 'a@example.com',
      subject: 'Failed',
      text: 'From $call.cli.number',
      lines: { success: 'say' },
    },
    say: { type: 'play', prompt: { text: 'It is $flow.key.s.' }, lines: { next: 'wait' } },
    wait: { type: 'delay', seconds: 3600 },
  },
};
const ACCOUNT = { id: 1, smtp: { host: 'smtp.example.com', from: 'b@example.com' } };
const TUESDAY = '2026-01-27T10:00:00Z';

/** Writes tests by their names into a folder of their own, and runs the command there. */
async function test(tests: Record<string, object>, ...options: string[]) {
  const dir = await mkdtemp(join(folder, 'case-'));
  await writeFile(join(dir, 'flow.json'), JSON.stringify(FLOW));
  await writeFile(join(dir, 'account.json'), JSON.stringify(ACCOUNT));
  await mkdir(join(dir, 'tests'));
  for (const [name, content] of Object.entries(tests)) {
    await writeFile(join(dir, 'tests', `${name}.test.json`), JSON.stringify(content));
  }
  return { ...(await commandInProcess(['test', dir, ...options], { NO_COLOR: '1' })), dir };
}

const good = {
  at: TUESDAY,
  answers: { hook: { json: { s: 'fine' } } },
  expect: {
    path: ['answer', 'hours:open', 'hook:success', 'say', 'wait'],
    heard: ['It is fine.'],
    requests: { hook: { url: '/x', body: { a: 1 } } },
  },
};

describe('hookline test, with widgets that look at the clock or send an email', () => {
  it('D6: hours of delay and time-outs pass in seconds, no request leaves, and the coverage is told', async () => {
    const start = Date.now();
    const { code, stdout } = await test({
      good,
      slow: { ...good, answers: { hook: { error: 'timeout' }, mail: { status: 250 } }, expect: { passes: ['hook:failure', 'mail:success'], requests: { mail: { body: { text: 'From 919800000001' } } } } }, // prettier-ignore
      closed: { at: '2026-01-27T20:00:00Z', expect: { path: ['answer', 'hours:closed'] } },
    });
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({ code: 0, last: '3 passed, 0 failed' });
    expect(stdout).toMatch(/widgets 6\/6 {2}lines 6\/6 {2}100 %/);
    expect(Date.now() - start).toBeLessThan(60_000);
  });
});
