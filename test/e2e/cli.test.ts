import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callReport } from '../../src/calls/read-call.js';
import { findServer } from '../../src/temporal/servers/find-server.js';
import { DEV_SERVER } from '../../src/temporal/servers/programs.js';
import { DevStack } from '../support/dev-stack.js';
import { orderServiceTurn } from '../support/order-service.js';
import { flowOf } from '../support/rig.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const example = ['examples/order-status/flow.json', '--account', 'examples/order-status/account.json'];
let stack: DevStack;
let home: string;
let service: ChildProcess | undefined;

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program as a user would. */
function run(file: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { cwd: root, env: { ...process.env, HOOKLINE_HOME: home, ...env }, maxBuffer: 1e8 },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
      },
    );
  });
}
const hookline = (...args: string[]) =>
  run(process.execPath, ['bin/hookline.js', ...args], { TEMPORAL_ADDRESS: stack.server.address });

async function file(name: string, document: object | string): Promise<string> {
  const path = join(home, name);
  await writeFile(path, typeof document === 'string' ? document : JSON.stringify(document));
  return path;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hookline-e2e-'));
  stack = await DevStack.start();
  await stack.startWorker();
});
afterAll(async () => {
  service?.kill();
  await stack.stop();
  await rm(home, { recursive: true, force: true });
});

describe('D4: hookline run', () => {
  let giveOn: () => Promise<void>;
  afterAll(() => giveOn());
  beforeAll(async () => {
    giveOn = await orderServiceTurn();
    service = fork(`${root}examples/order-status/service.mjs`, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    await once(service, 'message');
  }, 300_000);

  it('D4: a known order: one JSON document with outcome, path, variables and the flow end as it was delivered', async () => {
    const { code, stdout } = await hookline('run', ...example, '--json');
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(Object.keys(report).sort()).toEqual([
      'call',
      'error',
      'flowEnd',
      'outcome',
      'path',
      'persisted',
      'variables',
    ]);
    expect(report).toMatchObject({
      outcome: 'completed',
      error: null,
      persisted: {},
      variables: { '$flow.key.order': '1001', '$flow.key.status': 'shipped', '$flow.key.item_size': '2' },
      flowEnd: { delivered: true, attempts: 1 },
    });
    expect(report.path.map((entry: { widget: string }) => entry.widget)).toEqual([
      ...[
        'answer',
        'orderGiven',
        'latest',
        'welcome',
        'orderKnown',
        'latestOrder',
        'lookup',
        'onItsWay',
        'sayShipped',
        'bye',
      ],
    ]);
    expect(report.path.at(-1)).toEqual({ widget: 'bye', type: 'hangUp', line: null, lineNumber: null });
    expect(report.flowEnd.payload.keys).toContainEqual({ name: '$flow.key.status', value: 'shipped' });
  });

  it('D4: an unknown order takes the failure line with the status', async () => {
    const { code, stdout } = await hookline('run', ...example, '--json', '--set', '$flow.key.order=4711');
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report.path).toContainEqual({ widget: 'lookup', type: 'webhook', line: 'failure', lineNumber: 1 });
    expect(report.variables).toMatchObject({
      '$flow.key.response_status_code': '404',
      '$flow.key.error_reason': 'CLIENT_ERROR',
    });
  });

  it('D4: an order service that is down: CONNECTION_FAILURE, and the flow end is not delivered in the time given', async () => {
    service?.kill();
    if (service) await once(service, 'exit');
    const { code, stdout } = await hookline('run', ...example, '--json', '--wait-flow-end', '1');
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report.variables['$flow.key.error_reason']).toBe('CONNECTION_FAILURE');
    expect(report.path.map((entry: { widget: string }) => entry.widget)).toContain('sorry');
    expect(report.flowEnd).toMatchObject({ delivered: false });
    expect(report.flowEnd.attempts).toBeGreaterThan(0);
  });

  it('D6: a caller file is played', async () => {
    const flow = await file(
      'digits.json',
      flowOf({
        answer: { type: 'answerCall', lines: { next: 'digits' } },
        digits: {
          type: 'collectDigits',
          prompt: { text: 'Your order?' },
          saveIn: '$flow.key.order',
          lines: { next: 'long' },
        },
        long: { type: 'play', prompt: { text: 'word '.repeat(300) } },
      }),
    );
    const caller = await file('caller.json', {
      from: '919800000009',
      steps: [{ press: '1001#' }, { until: { widget: 'long' } }, { wait: 1 }, { hangUp: true }],
    });
    const { code, stdout } = await hookline('run', flow, '--caller', caller, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'hungUp',
      flowEnd: null,
      variables: { '$flow.key.order': '1001' },
    });
  });

  const talk = () =>
    file(
      'talk.json',
      flowOf({
        answer: { type: 'answerCall', lines: { next: 'agent' } },
        agent: { type: 'agentConnect', agents: ['912200000077'], lines: { next: 'bye' } },
        bye: { type: 'play', prompt: { text: 'Goodbye' } },
      }),
    );
  const withAgent = () => file('account.json', { id: 1, agents: [{ number: '912200000077' }] });

  it('D6: an agent whom the caller file does not script hangs up 10 s after the connection, and that is reported', async () => {
    const { code, stdout, stderr } = await hookline('run', await talk(), '--account', await withAgent(), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'completed' });
    expect(stderr).toContain('912200000077 is not under "legs" of the caller file');
  });

  it('D4: --max cancels a call that still runs then, says so, and prints its report', async () => {
    const caller = await file('stays.json', { legs: { 912200000077: {} } });
    const documents = [await talk(), '--account', await withAgent(), '--caller', caller];
    const { code, stdout, stderr } = await hookline('run', ...documents, '--max', '3', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'cancelled',
      path: [{ widget: 'answer' }, { widget: 'agent' }],
    });
    expect(stderr).toContain('the call still ran after 3 s (--max) and was cancelled. Its last widget: agent.');
  });

  it.each([
    ['schema flow', 0],
    ['--help', 0],
    ['validate package.json --json', 2],
    ['validate package.json --json 2>&1', 2],
  ])('D4: `hookline %s | true` prints no stack trace, and its exit code is the same', async (args, expected) => {
    const piped = `${process.execPath} bin/hookline.js ${args} | true; echo "\${PIPESTATUS[0]}" >&2`;
    const { stderr } = await run('bash', ['-c', piped]);
    expect(stderr).toBe(`${expected}\n`);
  });

  it('D4: without a server it runs on a stack of its own', async () => {
    const flow = await file(
      'hello.json',
      flowOf({
        answer: { type: 'answerCall', lines: { next: 'say' } },
        say: { type: 'play', prompt: { text: 'Hello' } },
      }),
    );
    const { code, stdout } = await run(process.execPath, ['bin/hookline.js', 'run', flow], { TEMPORAL_ADDRESS: '' });
    expect(code).toBe(0);
    expect(stdout).toContain('"Hello"');
    expect(stdout).toContain('completed');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('D7: hookline start', () => {
  it('D7: the stack stays up, without a demonstration call, until Ctrl-C', async () => {
    const calls = async () => (await stack.client.workflow.count("WorkflowType = 'call'")).count;
    const before = await calls();
    const started = spawn(process.execPath, ['bin/hookline.js', 'start'], {
      cwd: root,
      env: { ...process.env, HOOKLINE_HOME: join(home, 'stack'), TEMPORAL_ADDRESS: stack.server.address },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(started, 'exit');
    let printed = '';
    started.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await expect.poll(() => printed, { timeout: 60_000 }).toContain('Ready.');
    const api = /^API +(\S+)$/m.exec(printed)?.[1];
    expect((await fetch(`${api}/health/ready`)).status).toBe(200);
    expect(await calls()).toBe(before);
    expect(started.exitCode).toBeNull();
    started.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  }, 120_000);
});

describe('D4, D5: what is not valid', () => {
  it('C4: every error of every document at once, exit code 2, one JSON document', async () => {
    const flow = await file(
      'bad.json',
      flowOf({ a: { type: 'play', promt: {}, lines: { nxt: 'b', next: 'c' } } }, { id: 'x', colour: 1 }),
    );
    const caller = await file('bad-caller.json', { steps: [{ jump: 1 }] });
    const { code, stdout } = await hookline('run', flow, '--caller', caller, '--set', '$call.id=1', '--json');
    expect(code).toBe(2);
    const { errors, warnings } = JSON.parse(stdout);
    expect(errors.map((error: { pointer: string }) => error.pointer)).toEqual(
      expect.arrayContaining([
        '/colour',
        '/id',
        '/widgets/a/promt',
        '/widgets/a/prompt',
        '/widgets/a/lines/nxt',
        '/widgets/a/lines/next',
        '/steps/0/jump',
        '/$call.id',
      ]),
    );
    expect(warnings).toEqual(expect.any(Array));
  });

  it('D5: validate gives 0 or 2; a file that is no JSON says where', async () => {
    expect((await hookline('validate', ...example)).code).toBe(0);
    const broken = await file('broken.json', '{\n  "hookline": 1,\n  oops\n}');
    const { code, stdout } = await hookline('validate', broken, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout).errors).toMatchObject([
      { code: 'INVALID_JSON', message: expect.stringContaining('line 3') },
    ]);
  });

  it('D4: anything else is exit code 1, with a code and what to do', async () => {
    const missing = await hookline('run', join(home, 'none.json'), '--json');
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.stdout).errors[0].code).toBe('FILE_UNREADABLE');
    const away = await run(process.execPath, ['bin/hookline.js', 'run', ...example], {
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });
    expect(away.code).toBe(1);
    expect(away.stderr).toContain('TEMPORAL_UNREACHABLE');
  });

  it('D1: schema prints a JSON Schema that knows every widget', async () => {
    const { stdout } = await hookline('schema');
    for (const type of [
      'answerCall',
      'play',
      'storeVariable',
      'decision',
      'delay',
      'collectDigits',
      'menu',
      'webhook',
      'hangUp',
    ]) {
      expect(stdout).toContain(`"${type}"`);
    }
  });
});

describe('B1: a foreign client', () => {
  it('B1: `temporal workflow start` with plain JSON runs a call, and its history reads as a story', async () => {
    const temporal = await findServer(DEV_SERVER, () => undefined);
    const at = ['--address', stack.server.address];
    // A bridge that nobody plays: it does not take commands, so the call ends as failed, in the way that it says (B5).
    const input = {
      account: { id: 7 },
      flow: flowOf({
        set: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.a', value: '1' }], lines: { next: 'say' } },
        say: { type: 'play', prompt: { text: 'Hello' } },
      }),
      call: {
        id: 'f-1',
        direction: 'inbound',
        from: '919800000001',
        to: '912200000002',
        startedAt: new Date().toISOString(),
      },
      bridge: { id: 'foreign', taskQueue: 'nobody-there' },
    };
    const started = await run(temporal, [
      'workflow',
      'start',
      ...at,
      '--type',
      'call',
      '--task-queue',
      'hookline',
      '--workflow-id',
      'foreign-1',
      '--input',
      JSON.stringify(input),
    ]);
    expect(started.code).toBe(0);
    const report = await callReport(stack.client.workflow.getHandle('foreign-1'));
    expect(report).toMatchObject({
      outcome: 'failed',
      error: { code: 'BRIDGE_GONE' },
      variables: { '$flow.key.a': '1' },
    });
    const shown = await run(temporal, ['workflow', 'show', ...at, '--workflow-id', 'foreign-1', '--output', 'json']);
    expect(shown.stdout).toContain('bridgeCommand');
  });
});
