import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedCall } from '../../src/flow/documents/recorded-call.js';
import { DEFAULT_ACCOUNT, validateFlow } from '../../src/flow/validation/validate.js';
import { commandInProcess } from '../support/command-in-process.js';
import { flowOf } from '../support/rig.js';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hookline-replay-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Asks who calls, looks the number up, and says what came of it. */
function flow({ url = '/orders/$flow.key.n', path = 'data.status', first = 'lookup' } = {}): object {
  return flowOf({
    answer: { type: 'answerCall', lines: { next: 'ask' } },
    ask: { type: 'collectDigits', prompt: { text: 'Your number?' }, saveIn: '$flow.key.n', lines: { next: first } },
    confirm: { type: 'play', prompt: { text: 'One moment.' }, lines: { next: 'lookup' } },
    lookup: {
      type: 'webhook',
      request: { method: 'GET', url: `https://api.example.com${url}` },
      response: { type: 'json', map: [{ saveIn: '$flow.key.status', path, mandatory: true }] },
      lines: { success: 'say', failure: 'bye' },
    },
    say: { type: 'play', prompt: { text: 'It is $flow.key.status.' }, lines: { next: 'bye' } },
    bye: { type: 'hangUp' },
  });
}

const PATH = ['answer:next', 'ask:next', 'lookup:success', 'say:next', 'bye'];
const body = { status: 'sent', state: 'shipped' };

/** A call of that flow, as it was recorded. */
function record(call: string, outcome: object = {}): object {
  const { value } = validateFlow(flow(), DEFAULT_ACCOUNT);
  if (!value) throw new Error('The flow of the test is not valid.');
  const { request, response, retry } = value.widgets.lookup as Extract<typeof value.widgets.x, { type: 'webhook' }>;
  const asked = { type: 'webhook', widget: 'lookup', visit: 1, waited: true, timeout: 60, seconds: 2 };
  const answer = {
    line: 'success',
    statusCode: 200,
    duration: 2,
    raw: JSON.stringify(body),
    truncated: false,
    attempts: 1,
  };
  return recordedCall.parse({
    ...{ hooklineCall: 1, call, id: call, uuid: null, direction: 'inbound', flowVersion: null, doubts: [] },
    ...{ startedAt: '2026-03-08T09:30:00+05:30', endedAt: '2026-03-08T09:31:00+05:30', account: DEFAULT_ACCOUNT, flow: value },
    ...{ variables: {}, caller: { steps: [{ press: '42#' }] }, agents: [], heard: ['It is sent.'], holdTune: false },
    requests: [{ ...asked, variables: { '$flow.key.n': '42' }, outcome: { ...answer, rows: [['$flow.key.status', 'sent']], ...outcome }, request, response, retry }],
    report: {
      ...{ outcome: 'completed', variables: { '$flow.key.status': 'sent' }, error: null, flowEnd: null },
      path: PATH.map((step) => {
        const [widget = '', line = null] = step.split(':');
        return { widget, type: 'play', line, lineNumber: line === null ? null : 0 };
      }),
    },
  }); // prettier-ignore
}

/** Runs `hookline replay` on a flow and recorded calls, with no server and no network to ask. */
async function replay(document: object, calls: unknown, ...args: string[]) {
  const files = { 'flow.json': document, 'calls.json': calls };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(home, name), typeof content === 'string' ? content : JSON.stringify(content));
  const given = args.length > 0 ? args : ['--calls', join(home, 'calls.json'), '--json'];
  return commandInProcess(['replay', join(home, 'flow.json'), ...given], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
}

describe('hookline replay', () => {
  it('finds no difference in the same flow, and takes the recorded values of a body that was cut', async () => {
    const cut = { raw: '{"status":"se', truncated: true };
    const { code, stdout } = await replay(flow(), [record('call-1-a'), record('call-1-b', cut)]);
    expect(JSON.parse(stdout)).toMatchObject({ same: 2, differ: 0, unknown: 0 });
    expect(code).toBe(0);
  });

  it('shows the step at which the paths part', async () => {
    const { code, stdout } = await replay(flow({ first: 'confirm' }), record('call-1-a'));
    expect(JSON.parse(stdout).calls).toMatchObject([
      { call: 'call-1-a', verdict: 'differs', step: 3, recorded: 'lookup:success', now: 'confirm:next' },
    ]);
    expect(code).toBe(1);
  });

  it('reads a whole answer by another mapping: what it gives now is known', async () => {
    const same = await replay(flow({ path: 'data.state' }), record('call-1-a'));
    expect(JSON.parse(same.stdout).calls).toMatchObject([{ verdict: 'same' }]);
    const { stdout } = await replay(flow({ path: 'data.none' }), record('call-1-a'));
    expect(JSON.parse(stdout).calls).toMatchObject([
      { verdict: 'differs', step: 3, recorded: 'lookup:success', now: 'lookup:failure' },
    ]);
  });

  it('R8: a cut body that is read otherwise is unknown, and never a guess', async () => {
    const cut = { raw: '{"status":"se', truncated: true };
    const { code, stdout } = await replay(flow({ path: 'data.state' }), record('call-1-a', cut));
    expect(JSON.parse(stdout).calls).toMatchObject([
      { verdict: 'unknown', step: 3, why: 'the answer is read otherwise, and its body was cut at 64 KiB' },
    ]);
    expect(code).toBe(0);
  });

  it('a request that changed is unknown from its step on; for people, each call is a line', async () => {
    const calls = ['call-1-a', 'call-1-b'].map((call) => JSON.stringify(record(call))).join('\n');
    const { code, stdout } = await replay(flow({ url: '/v2/$flow.key.n' }), calls, '--calls', join(home, 'calls.json'));
    expect(stdout).toContain('? call-1-a  step 3: lookup:success  unknown: the request changed (url)\n');
    expect(stdout).toContain('0 the same, 0 differ, 2 unknown');
    expect(code).toBe(0);
  });

  it('exit code 2 for a flow, calls or options that are not valid, each fault with its pointer', async () => {
    const errors = async (...given: Parameters<typeof replay>) => {
      const { code, stdout } = await replay(...given);
      expect(code).toBe(2);
      return (JSON.parse(stdout).errors as { code: string; pointer: string }[]).map(
        (one) => `${one.code} ${one.pointer}`,
      );
    };
    const good = record('call-1-a');
    expect(await errors(flowOf({ say: { type: 'play', promt: {} } }), good)).toContain(
      'UNKNOWN_FIELD /widgets/say/promt',
    );
    expect(await errors(flow(), [good, { ...good, requets: [] }])).toEqual(['UNKNOWN_FIELD /1/requets']);
    expect(await errors(flow(), '{ "call": ')).toEqual(['INVALID_JSON ']);
    expect(await errors(flow(), good, '--json')).toEqual(['INVALID_VALUE ']);
    expect(await errors(flow(), good, '--last', '1001', '--json')).toEqual(['INVALID_VALUE ']);
  });
});
