import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../src/temporal/servers/ports.js';
import { DevStack } from '../support/dev-stack.js';
import type { LogLine } from '../support/log.js';
import { flowOf } from '../support/rig.js';
import { answer, json, Target } from '../support/target.js';

let stack: DevStack;
let target: Target;
const NUMBER = '919847362514';
const account = { id: 7, httpEnabled: true, targetAllowList: ['127.0.0.1'] };

beforeAll(async () => {
  [stack, target] = await Promise.all([DevStack.start(), Target.start()]);
  await stack.startWorker({ HOOKLINE_LOG_LEVEL: 'info' });
  target.on('/broken', answer(500, `body about ${NUMBER}`)).on('/well', json({}));
});

afterAll(async () => {
  await stack?.stop();
  await target?.stop();
});

/** The lines of a text that tell of a call. */
const linesOf = (text: string, call: string): LogLine[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
    .filter((line) => line.call === call);

/** Runs a call whose webhook goes to `path`, and gives what the worker logged of it. */
async function logged(path: string, wait = {}): Promise<{ call: string; lines: LogLine[] }> {
  const request = { method: 'POST', url: target.url(`${path}?caller=$call.cli.number`), body: { type: 'text', content: '$call.cli.number' } }; // prettier-ignore
  const flow = flowOf({
    answer: { type: 'answerCall', lines: { next: 'ask' } },
    ask: { type: 'webhook', request, wait, lines: {} },
  });
  const { handle, report } = await stack.call({ flow, account, caller: { from: NUMBER } });
  await report();
  const of = () => linesOf(stack.output, handle.workflowId);
  await vi.waitFor(() => expect(of().map(({ msg }) => msg)).toContain('the call ended'), { timeout: 10_000 });
  return { call: handle.workflowId, lines: of() };
}

describe('the log of a worker', () => {
  it('C6: tells of a webhook that failed in one line, with call, account, flow, widget and reason, and no number or body', async () => {
    const { lines } = await logged('/broken');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ level: 'warn', process: 'worker', msg: 'a request failed', account: 7, flow: 'testflow', widget: 'ask', reason: 'SERVER_ERROR', status: 500, attempts: 1, seconds: expect.any(Number) }); // prettier-ignore
    expect(lines[1]).toMatchObject({ level: 'info', msg: 'the call ended', account: 7, flow: 'testflow', outcome: 'completed' }); // prettier-ignore
    expect(stack.output).not.toContain(NUMBER);
    expect(stack.output).not.toContain('body about');
  });

  it('C6: tells of one that nobody waits for in the same way', async () => {
    const { lines } = await logged('/broken', { enabled: false });
    expect(lines.filter(({ msg }) => msg === 'a request failed')).toMatchObject([{ widget: 'ask', status: 500 }]);
  });

  it('tells nothing but the end of a call in which all went well', async () => {
    const { lines } = await logged('/well');
    expect(lines.map(({ msg }) => msg)).toEqual(['the call ended']);
  });

  it('C4: tells of a start that was refused by its code', async () => {
    const { handle, report } = await stack.call({ flow: { hookline: 1, id: 'testflow' }, caller: { from: NUMBER } });
    await expect(report()).rejects.toThrow();
    const of = () => linesOf(stack.output, handle.workflowId);
    await vi.waitFor(() => expect(of()).toContainEqual(expect.objectContaining({ msg: 'the start was refused', code: 'INVALID_FLOW' })), { timeout: 10_000 }); // prettier-ignore
    expect(stack.output).not.toContain(NUMBER);
  });
});

describe('the log of the API', () => {
  it('C6: tells each request by its route and the call, never by its path, and asks about health not at all', async () => {
    const { call } = await logged('/well');
    const port = await freePort();
    const env = { ...process.env, TEMPORAL_ADDRESS: stack.server.address, HOOKLINE_API_PORT: String(port), HOOKLINE_CODEC: 'off', HOOKLINE_LOG_LEVEL: 'info' }; // prettier-ignore
    const api = spawn(process.execPath, ['bin/hookline.js', 'api'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    api.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const url = `http://127.0.0.1:${port}`;
    await vi.waitFor(() => expect(text).toContain('takes calls and events'), { timeout: 20_000 });
    await fetch(`${url}/health/ready`);
    await fetch(`${url}/bridge/calls/${call}`);
    await fetch(`${url}/bridge/calls/${NUMBER}`);
    await fetch(`${url}/${NUMBER}`);
    await vi.waitFor(() => expect(text.split('"request"')).toHaveLength(4));
    const requests = text.split('\n').filter((line) => line.includes('"request"')).map((line) => JSON.parse(line) as LogLine); // prettier-ignore
    expect(requests).toMatchObject([
      { level: 'info', process: 'api', method: 'GET', route: '/bridge/calls/:call', call, status: 200, seconds: expect.any(Number) }, // prettier-ignore
      { route: '/bridge/calls/:call', status: 404 },
      { route: 'unknown', status: 404 },
    ]);
    expect(text).not.toContain(NUMBER);
    api.kill('SIGTERM');
    await once(api, 'exit');
  });
});
