import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebhookActivities } from '../../src/activities/webhook.js';
import { isLinkTarget } from '../../src/functions/short-url.js';
import { timelineLine } from '../../src/cli/timeline.js';
import { fillJson } from '../../src/flow/template/json.js';
import { fill, orAbsent } from '../../src/flow/values/fill.js';
import { logLine } from '../../src/temporal/sdk-log.js';
import { answer, runTask, Target, taskFor } from '../support/target.js';
import { answered, computed } from './fuzz.js';

const activities = createWebhookActivities();
let target: Target;
beforeAll(async () => {
  target = await Target.start();
  target.on('/', answer(200, 'inside'));
});
afterAll(() => target.stop());

describe('W11: further ways to write an address of the inside', () => {
  it.each([
    ...['127.0.0.1.', '127.0.0.1%2e', '127。0。0。1', '１２７.0.0.1', '[::ffff:127.0.0.1]', '017700000001'],
    ...[
      '0x7f000001',
      '127.0.1',
      '0.0.0.0',
      '[0:0:0:0:0:0:0:1]',
      '[2002:7f00:1::]',
      '[64:ff9b::127.0.0.1]',
      'ｌｏｃａｌｈｏｓｔ',
    ],
  ])('%s is refused, and nothing is sent', async (host) => {
    const connections = target.connections;
    const outcome = await runTask(
      taskFor({ request: { url: target.url('/', host) } }, { rules: { targetAllowList: [] }, timeout: 3 }),
      activities,
    );
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_REQUEST', attempts: 0 });
    expect(target.connections).toBe(connections);
  });

  it('localhost. reaches nothing, whether the name can be looked up or not', async () => {
    const connections = target.connections;
    const request = { url: target.url('/', 'localhost.') };
    const outcome = await runTask(taskFor({ request }, { rules: { targetAllowList: [] }, timeout: 3 }), activities);
    expect(outcome.line).toBe('failure');
    expect(['INVALID_REQUEST', 'CONNECTION_FAILURE']).toContain(outcome.reason);
    expect(target.connections).toBe(connections);
  });

  it.each([
    'http://example.com@127.0.0.1/',
    'http://a:b@example.com/',
    'http:\\\\a@127.0.0.1/',
    'http://127.0.0.1#@example.com/',
  ])('W2: %s is refused: user information hides a host', async (url) => {
    const rules = { targetAllowList: [] };
    expect(await runTask(taskFor({ request: { url } }, { rules, timeout: 3 }), activities)).toMatchObject({
      ...{ reason: 'INVALID_REQUEST', attempts: 0 },
    });
  });
});

describe('R8: bombs are cut, packed once or several times', () => {
  const MIB = 1024 * 1024;
  const zeros = Buffer.alloc(64 * MIB);
  const br = (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
  it.each<[string, Buffer]>([
    ['gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['br', br(zeros)],
    ['gzip, gzip', gzipSync(gzipSync(zeros))],
    ['deflate, deflate, deflate', deflateSync(deflateSync(deflateSync(zeros)))],
    ['deflate, br', br(deflateSync(zeros))],
  ])('%s', async (coding, body) => {
    target.on('/bomb', answer(200, body, { 'content-encoding': coding }));
    const before = process.memoryUsage().rss;
    const widget = {
      request: { url: target.url('/bomb') },
      response: { type: 'json', map: [] },
      retry: { attempts: 1 },
    };
    const outcome = await answered(() => runTask(taskFor(widget, { timeout: 5 }), activities));
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE' });
    expect((process.memoryUsage().rss - before) / MIB).toBeLessThan(200);
  });
});

describe('templates', () => {
  it('V2: a value is put in as it is: what looks like a variable in it is none', () => {
    const values: Record<string, string> = { '$flow.key.a': '$flow.key.b ${flow.key.b} $$', '$flow.key.b': 'secret' };
    expect(fill('<$flow.key.a>', (name) => values[name], orAbsent)).toBe('<$flow.key.b ${flow.key.b} $$>');
    expect(fillJson('{"a":"$flow.key.a"}', 'fail', (name) => values[name])).not.toContain('secret');
  });

  it('V6: a body that grows from a template a thousand times over is filled in within 2 seconds, and no further', async () => {
    const content = `"${'$flow.key.a'.repeat(1000)}"`;
    const value = 'x'.repeat(64 * 1024);
    expect(computed(() => fillJson(content, 'fail', () => value)).length).toBeLessThan(70 * 1024 * 1024);
  });
});

describe('C6: what strangers write begins no line of a log, and moves no cursor', () => {
  const evil = 'call-1\n2026-01-01 [ERROR] forged\r\u001b[2J\u009b31m\u2028\u2029\u202e\u0000';
  const harmless = /^[^\p{Cc}\u2028\u2029\u202e]*$/u;

  it('an id, a name and a type of failure in the log of a worker', () => {
    const error = Object.assign(new Error('m'), { name: 'E', type: evil, code: evil, stack: `E: m\n    at ${evil}` });
    const meta = { workflowId: evil, activityType: evil, error };
    const line = logLine({ level: 'WARN', timestampNanos: 0n, message: evil, meta } as never);
    for (const part of line.split('\n    ')) expect(part).toMatch(harmless);
  });

  it('what a caller said, in the story of a call', () => {
    expect(timelineLine({ at: 0, kind: 'heard', text: evil }, 0, (_name, text) => text)).toMatch(harmless);
  });
});

describe('F2: where a short link may lead', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://a.example',
    '//a.example',
    '/etc/passwd',
    '../x',
  ])('%s is no target', (url) => expect(isLinkTarget(url)).toBe(false));
  it.each(['https://a:b@example.com/', 'https://a@example.com/', `https://example.com/${'x'.repeat(9000)}`])(
    '%s is no target',
    (url) => expect(isLinkTarget(url)).toBe(false),
  );
});
