import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandInProcess } from '../support/command-in-process.js';
import { flowOf } from '../support/rig.js';

let home: string;
let folders = 0;

const hookline = (...args: string[]) =>
  commandInProcess(['test', ...args], { TEMPORAL_ADDRESS: '127.0.0.1:1', NO_SUCH_SECRET: undefined });

/** A folder with these files. */
async function folder(files: Record<string, object | string>): Promise<string> {
  const path = join(home, `f${++folders}`);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return path;
}

/** The folder's tests by name, as `--json` tells of them. */
async function results(path: string, ...args: string[]) {
  const { code, stdout, stderr } = await hookline(path, '--json', ...args);
  if (stdout === '') throw new Error(stderr);
  const told = JSON.parse(stdout);
  const tests = Object.fromEntries((told.tests ?? []).map((test: { name: string }) => [test.name, test]));
  return { code, told, tests };
}

const failuresOf = (test: { failures: { what: string; message: string }[] }) =>
  test.failures.map(({ what, message }) => `${what}: ${message}`);

/** Asks for a number, looks it up, and says what came of it. */
const lookupFlow = flowOf(
  {
    answer: { type: 'answerCall', lines: { next: 'ask' } },
    ask: { type: 'collectDigits', prompt: { text: 'Your number?' }, saveIn: '$flow.key.n', lines: { next: 'lookup', noInput: 'bye' } }, // prettier-ignore
    lookup: {
      type: 'webhook',
      request: {
        ...{ method: 'POST', url: 'https://api.example.com/orders', headers: [{ key: 'Idempotency-Key', value: 'mine' }] },
        auth: { type: 'bearer', token: { secret: 'api' } },
        body: { type: 'json', content: { order: { number: '$flow.key.n', from: '$call.cli.number' } } },
      },
      response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'data.status', mandatory: true }] },
      wait: { timeout: 30, holdMusic: true },
      retry: { attempts: 2 },
      lines: { success: 'say', failure: 'sorry' },
    }, // prettier-ignore
    say: { type: 'play', prompt: { text: 'It is $flow.key.status.' }, lines: { next: 'pause' } },
    pause: { type: 'delay', seconds: 3600, lines: { next: 'bye' } },
    sorry: { type: 'play', prompt: { text: 'Call later.' }, lines: { next: 'bye' } },
    bye: { type: 'hangUp' },
  },
  { flowEndWebhook: true },
);
const account = {
  ...{ id: 7, secrets: { api: { env: 'NO_SUCH_SECRET' } } },
  defaultWebhook: { url: 'https://crm.example.com/end', signingSecret: { secret: 'api' } },
};
const dials = { steps: [{ press: '42#' }] };

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hookline-test-command-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('hookline test', () => {
  it('runs tests on the real engine, without network, secrets or waiting', async () => {
    const path = await folder({
      'flow.json': lookupFlow,
      'account.json': account,
      'callers/dials.json': dials,
      'tests/shipped.test.json': {
        ...{ name: 'shipped', caller: 'callers/dials.json', answers: { lookup: { json: { status: 'shipped' }, after: 8 } } },
        expect: {
          ...{ outcome: 'completed', path: ['answer', 'ask:next', 'lookup:success', 'say', 'pause', 'bye'], holdTune: true },
          ...{ heard: ['number', 'It is shipped.'], variables: { '$flow.key.status': 'shipped', '$flow.key.error_reason': null } },
          requests: {
            lookup: [{ method: 'POST', url: '/orders', headers: { authorization: 'Bearer test-secret-api', 'idempotency-key': 'mine' }, body: { order: { number: '42' } } }],
            flowEnd: [{ url: 'https://crm.example.com/end' }],
          },
          flowEnd: { keys: [{ name: '$flow.key.n', value: '42' }] },
        },
      }, // prettier-ignore
      'tests/later.test.json': {
        ...{ name: 'second attempt', caller: dials, answers: { lookup: [{ status: 503, headers: { 'Retry-After': '9' } }, { json: { status: 'ok' } }], flowEnd: [{ status: 500 }, {}] } },
        expect: { passes: ['say', 'bye'], requests: { lookup: [{}, {}], flowEnd: [{}, {}] } },
      }, // prettier-ignore
      'tests/timeout.test.json': {
        ...{ name: 'timeout', caller: dials, answers: { lookup: { error: 'timeout' } } },
        expect: { passes: ['lookup:failure', 'sorry'], variables: { '$flow.key.error_reason': 'TIMEOUT' } },
      },
      'tests/connection.test.json': {
        ...{ name: 'connection', caller: dials, answers: { lookup: { error: 'connection' } } },
        expect: { variables: { '$flow.key.error_reason': 'CONNECTION_FAILURE' }, requests: { lookup: [{}, {}] } },
      },
      'tests/leaves.test.json': {
        name: 'leaves in the delay',
        caller: { steps: [...dials.steps, { until: { widget: 'say' } }, { wait: 600 }, { wait: 600 }, { hangUp: true }] },
        ...{ answers: { lookup: { json: { status: 'ok' } } }, expect: { outcome: 'hungUp', path: ['answer', 'ask', 'lookup', 'say', 'pause'] } },
      }, // prettier-ignore
      // D2c: a stored flow is read from the file of its id.
      'around.json': flowOf({
        run: { type: 'subflow', flow: { id: 'stored01' }, with: { '$flow.key.who': 'Asha' }, lines: { said: 'bye' } },
        bye: { type: 'hangUp' },
      }),
      'stored01.json': {
        ...flowOf(
          {
            say: { type: 'play', prompt: { text: '$flow.key.hello $flow.key.who' }, lines: { next: 'out' } },
            out: { type: 'return', line: 'said' },
          },
          { inputs: { '$flow.key.hello': { default: 'Hello' } } },
        ),
        id: 'stored01',
      },
      'tests/stored.test.json': {
        name: 'stored subflow',
        flow: 'around.json',
        expect: { path: ['run:said', 'run/say:next', 'run/out', 'bye'], heard: ['Hello Asha'] },
      },
      'tests/silent.test.json': { name: 'silent', expect: { path: ['answer', 'ask:noInput', 'bye'] } },
    });
    const { code, told, tests } = await results(path, '--min-coverage', '100');
    expect(Object.values(tests).flatMap((test) => failuresOf(test as never))).toEqual([]);
    expect(Object.keys(tests)).toHaveLength(7);
    expect({ code, passed: told.passed, failed: told.failed }).toEqual({ code: 0, passed: 7, failed: 0 });
    expect(told.coverage).toMatchObject({
      percent: 100,
      flows: [
        { widgets: { total: 7, reached: 7, never: [] }, lines: { total: 8, reached: 8, never: [] } },
        { widgets: { total: 2, reached: 2, never: [] }, lines: { total: 1, reached: 1, never: [] } },
      ],
    });
  });

  it('shows what differs: the place where the ways part, the prompts, the story; and names what was never reached', async () => {
    const path = await folder({
      'flow.json': lookupFlow,
      'account.json': account,
      'a.test.json': {
        ...{ name: 'goes wrong', caller: dials, answers: { lookup: { status: 404 } } },
        expect: { path: ['answer', 'ask:next', 'lookup:success', 'say'], heard: ['shipped'] },
      },
      'b.test.json': { name: 'is not run' },
    });
    const { code, stdout } = await hookline(path, '--filter', 'goes');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ goes wrong .*a\.test\.json/m);
    expect(stdout).toMatch(/answer → ask:next\n +- lookup:success → say\n +\+ lookup:failure → sorry:next → bye/);
    expect(stdout).toMatch(/- "shipped"\n +\+ "Your number\?"\n +\+ "Call later\."/);
    expect(stdout).toContain('lookup: POST https://api.example.com/orders (404)');
    expect(stdout).toContain('CLIENT_ERROR');
    expect(stdout).toMatch(/widgets 5\/7 {2}lines 4\/8 {2}50 %/);
    expect(stdout).toContain('widgets never entered: say, pause');
    expect(stdout).toContain('lines never taken: ask:noInput, lookup:success, say:next, pause:next');
    expect(stdout).toContain('0 passed, 1 failed');
    expect(stdout).not.toContain('\u001b');
  });

  it('a request without an answer fails the test with widget, method and URL, and nothing is sent', async () => {
    const path = await folder({ 'flow.json': lookupFlow, 'account.json': account, 'a.test.json': { caller: dials } });
    const { code, tests } = await results(path);
    expect(code).toBe(1);
    expect(failuresOf(tests.a)).toEqual([
      expect.stringMatching(/^answers: .*"lookup"[^]*POST https:\/\/api\.example\.com\/orders/),
    ]);
    expect(tests.a.requests[0]).toMatchObject({ sender: 'lookup', got: null });
  });

  it('a coverage below the minimum fails, and says so', async () => {
    const path = await folder({ 'flow.json': lookupFlow, 'account.json': account, 'a.test.json': {} });
    const { code, stdout, stderr } = await hookline(path, '--min-coverage', '25.5');
    expect(stdout).toContain('1 passed, 0 failed');
    expect(stderr).toContain('25 % of the connected lines are taken, less than 25.5 %');
    expect(code).toBe(1);
  });

  it('writes JUnit XML that parses, one suite a flow, with the differences inside', async () => {
    const hello = flowOf({ say: { type: 'play', prompt: { text: 'Hello <you> & "me"' } } }, { start: 'say' });
    const path = await folder({
      'a/flow.json': hello,
      'b/flow.json': hello,
      'a/one.test.json': { name: 'says <hello> & more', expect: { heard: ['nothing'] } },
      'b/two.test.json': {},
    });
    const file = join(path, 'report.xml');
    expect((await hookline(path, '--junit', file)).code).toBe(1);
    const document = new DOMParser().parseFromString(await readFile(file, 'utf8'), 'text/xml');
    const suites = [...document.getElementsByTagName('testsuite')];
    expect(suites.map((suite) => [suite.getAttribute('tests'), suite.getAttribute('failures')])).toEqual([['1', '1'], ['1', '0']]); // prettier-ignore
    expect(document.getElementsByTagName('testcase')[0]?.getAttribute('name')).toBe('says <hello> & more');
    expect(document.getElementsByTagName('failure')[0]?.textContent).toContain('- "nothing"');
  });

  it('a call that does not end in the time given is shown with its story', async () => {
    const waits = { answer: { type: 'answerCall', lines: { next: 'pause' } }, pause: { type: 'delay', seconds: 1, lines: { next: 'pause' } } }; // prettier-ignore
    const path = await folder({ 'flow.json': flowOf(waits), 'a.test.json': {} });
    const { code, tests } = await results(path, '--timeout', '1');
    expect(code).toBe(1);
    expect(failuresOf(tests.a)).toEqual([expect.stringContaining('did not end within 1 s')]);
  });
});

describe('what is not valid', () => {
  it('exit code 2 with every error of every file, each with file and pointer, and no test runs', async () => {
    const path = await folder({
      'flow.json': flowOf({ say: { type: 'play', promt: {} } }),
      'good/flow.json': lookupFlow,
      'good/account.json': { ...account, secrts: {} },
      'good/caller.json': { steps: [{ pres: '1' }] },
      'good/a.test.json': { expct: {}, answers: { lookup: { stauts: 1 } } },
      'good/b.test.json': { caller: 'none.json', account: 'sub/account.json' },
      'x.test.json': {},
      'y.test.json': '{ "name": ',
      'z.test.json': { flow: 'missing.json' },
    });
    const { code, told } = await results(path);
    const found = told.errors.map(({ file, code: what, pointer }: Record<string, string>) => `${file?.slice(path.length + 1)} ${what} ${pointer}`); // prettier-ignore
    expect(code).toBe(2);
    expect(found).toEqual(
      expect.arrayContaining([
        'flow.json UNKNOWN_FIELD /widgets/say/promt',
        'good/a.test.json UNKNOWN_FIELD /expct',
        'good/a.test.json UNKNOWN_FIELD /answers/lookup/stauts',
        'good/b.test.json FILE_NOT_FOUND /account',
        'y.test.json INVALID_JSON ',
        'z.test.json FILE_NOT_FOUND /flow',
      ]),
    );
    const text = await hookline(path);
    expect(text.code).toBe(2);
    expect(text.stderr).toMatch(/a\.test\.json\n(error .*\n)*error +\/expct/);
    expect(text.stderr).toContain('Did you mean "expect"?');
  });

  it('names the faults of callers and accounts, and widgets that the flow does not have', async () => {
    const path = await folder({
      'flow.json': lookupFlow,
      'account.json': account,
      'caller.json': { steps: [{ pres: '1' }] },
      'other.json': { ...account, secrts: {} },
      'a.test.json': { caller: 'caller.json' },
      'b.test.json': { account: 'other.json' },
      'c.test.json': { answers: { lokup: {} }, expect: { path: ['lookup:sucess'] } },
    });
    const { told } = await results(path);
    const found = told.errors.map(({ pointer, message }: Record<string, string>) => [pointer, /mean "(\w+)"/.exec(message ?? '')?.[1]]); // prettier-ignore
    expect(found).toEqual(
      expect.arrayContaining([
        ['/steps/0/pres', 'press'],
        ['/secrts', 'secrets'],
        ['/answers/lokup', 'lookup'],
        ['/expect/path/0', 'success'],
      ]),
    );
  });

  it('exit code 1 with a clear word when there is no test', async () => {
    const path = await folder({ 'flow.json': lookupFlow, 'node_modules/a/x.test.json': {} });
    expect(await hookline(path)).toMatchObject({ code: 1, stderr: expect.stringContaining('NO_TESTS') });
    const filtered = await folder({ 'flow.json': lookupFlow, 'account.json': account, 'a.test.json': {} });
    expect((await hookline(filtered, '--filter', 'zzz')).stderr).toContain('"zzz"');
    expect((await hookline(join(path, 'none'))).stderr).toContain('FILE_UNREADABLE');
  });
});

describe('the example', () => {
  it('has tests that pass and take every connected line', async () => {
    const { code, told } = await results('examples', '--min-coverage', '100');
    expect(told.tests.flatMap((test: never) => failuresOf(test))).toEqual([]);
    expect(code).toBe(0);
    const order = told.coverage.flows.find(({ file }: { file: string }) => file.includes('order-status'));
    expect(order).toMatchObject({ percent: 100, widgets: { never: [] } });
    // All tests of all examples, one after the other.
  }, 180_000);
});
