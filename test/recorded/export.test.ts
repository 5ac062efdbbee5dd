import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTests } from '../../src/cli/flow-test/test-documents.js';
import { Bench } from '../../src/flow-test/bench.js';
import { failuresOf } from '../../src/flow-test/expectations.js';
import type { TestCase } from '../../src/flow-test/test-case.js';
import { recordedCall } from '../../src/flow/documents/recorded-call.js';
import { asTest } from '../../src/recorded/as-test.js';
import { recordOf } from '../../src/recorded/record.js';
import { flowOf } from '../support/rig.js';

let bench: Bench;
let home: string;

beforeAll(async () => {
  // Histories are encrypted, as in production.
  process.env.HOOKLINE_CODEC_KEYS = `k1=${Buffer.alloc(32, 7).toString('base64')}`;
  home = await mkdtemp(join(tmpdir(), 'hookline-export-'));
  bench = await Bench.open(() => undefined);
});
afterAll(async () => {
  delete process.env.HOOKLINE_CODEC_KEYS;
  await bench?.close();
  if (home) await rm(home, { recursive: true });
});

/** A test file, and the flow that it is of. */
interface Given {
  flow: object;
  account?: object;
  caller?: object;
  answers?: object;
  set?: Record<string, string>;
}

/** Runs a call as `hookline test` does: on another server when this one has ceased to skip time. */
async function onFreshBench(test: TestCase, renew = false) {
  if (renew || !(await bench.isWell())) {
    await bench.close();
    bench = await Bench.open(() => undefined);
  }
  return (await bench.call(test, 10)).seen;
}

/** Runs a test, written to files and read as `hookline test` does. */
async function run({ flow, account = { id: 1 }, ...test }: Given) {
  const folder = await mkdtemp(join(home, 'call-'));
  const files = { 'flow.json': flow, 'account.json': account, 'a.test.json': test };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(content));
  const { tests, errors } = await readTests(folder);
  expect(errors).toEqual([]);
  const [only] = tests;
  if (!only) throw new Error('There is no test.');
  const seen = (await onFreshBench(only)) ?? (await onFreshBench(only, true));
  if (!seen) throw new Error('The call did not end.');
  return { seen, failures: failuresOf(only.test.expect, seen) };
}

/** Runs a call and gives its record. */
async function recorded(given: Given) {
  const { seen } = await run(given);
  return recordOf(bench.client, seen.report.call, true);
}

/** What differs when a call is exported as a test and that is run. */
async function differences(given: Given): Promise<string[]> {
  const test = asTest(await recorded(given));
  const { flow, account = { id: 1 } } = given;
  const { failures } = await run({ ...test, flow, account } as Given);
  return failures.flatMap(({ what, lines }) => [what, ...lines]);
}

const example = async (name: string) => {
  const read = async (file: string) =>
    JSON.parse(await readFile(new URL(`../../examples/${name}/${file}`, import.meta.url), 'utf8')) as object;
  return { flow: await read('flow.json'), account: await read('account.json') };
};

const answered = { type: 'answerCall', lines: { next: 'it' } };
const bye = { type: 'hangUp' };
describe('a call that is exported as a test passes it', () => {
  it('order status: the second answer is slow, with the hold tune, and the flow end is told', async () => {
    const answers = {
      latest: { json: { order: '1001' } },
      lookup: { json: { order: { status: 'shipped', carrier: 'Blue Dart', items: ['lamp'] } }, after: 0.8 },
    };
    const call = { ...(await example('order-status')), caller: { from: '919800000001' }, answers };
    const test = asTest(await recorded(call));
    expect(test).toMatchObject({
      caller: { from: '919800000001' },
      answers: { latest: { json: { order: '1001' } }, lookup: { json: { order: { status: 'shipped' } } } },
      expect: {
        ...{ outcome: 'completed', holdTune: true, heard: [expect.stringContaining('Welcome'), expect.stringContaining('Blue Dart')] },
        path: ['answer:next', 'orderGiven:otherwise', 'latest:success', 'welcome:next', 'orderKnown:otherwise', 'latestOrder:success', 'lookup:success', 'onItsWay:shipped', 'sayShipped:next', 'bye'],
        variables: { '$flow.key.status': 'shipped' },
        requests: { lookup: [{ method: 'GET', url: 'http://127.0.0.1:4010/orders/1001' }] },
        flowEnd: { callDetails: [{ calleeNumber: '919800000001', hangupCause: '16' }] },
      },
    }); // prettier-ignore
    expect(await differences(call)).toEqual([]);
  });

  it('order status: the caller leaves while the answer is awaited; the service is down, is late, or knows no such order', async () => {
    const shop = await example('order-status');
    const set = { '$flow.key.order': '1001' };
    const leaves = { steps: [{ until: { widget: 'lookup' } }, { wait: 4 }, { hangUp: true }] };
    const order = { json: { order: { status: 'packed' } } };
    expect(await differences({ ...shop, set, caller: leaves, answers: { lookup: { ...order, after: 9 } } })).toEqual([]);
    expect(await differences({ ...shop, answers: { latest: { error: 'connection' } } })).toEqual([]);
    expect(await differences({ ...shop, answers: { latest: [{ status: 503 }, { json: { order: 1 } }], lookup: order } })).toEqual([]);
    expect(await differences({ ...shop, set, answers: { lookup: { error: 'timeout' } } })).toEqual([]);
    expect(await differences({ ...shop, set, answers: { lookup: { status: 404, after: 0.8 } } })).toEqual([]);
  }); // prettier-ignore

  it('H2: an answer comes so late that the hold tune is heard as it was, however busy the machines were', async () => {
    const answers = { lookup: { status: 404, after: 0.8 } };
    const call = await recorded({ ...(await example('order-status')), set: { '$flow.key.order': '1001' }, answers });
    const lateness = (holdTune: boolean, seconds: number) => {
      const requests = call.requests.map((one) => ({ ...one, seconds }));
      return asTest({ ...call, holdTune, requests }).answers;
    };
    expect(lateness(true, 0.41)).toEqual({ lookup: { status: 404, after: 0.5 } });
    expect(lateness(false, 0.41)).toEqual({ lookup: { status: 404, after: 0.2 } });
    expect(lateness(false, 0.1)).toEqual({ lookup: { status: 404, after: 0.1 } });
  });

  it('H6, H9: prompts of a wait, the key that leaves it, and an answer that was asked ahead', async () => {
    const request = { method: 'POST', url: 'https://api.example.com/' };
    const timeline = [{ at: 5, prompt: { text: 'one moment' }, keys: { 1: 'away' } }];
    const flow = flowOf({
      answer: { type: 'answerCall', lines: { next: 'ahead' } },
      ahead: { type: 'webhook', request, wait: { enabled: false }, lines: { success: 'it' } },
      it: { type: 'webhook', request, wait: { timeline, holdMusic: true }, lines: { away: 'get', success: 'get' } },
      get: { type: 'awaitAnswer', of: 'ahead', lines: { success: 'say', failure: 'say' } },
      say: { type: 'play', prompt: { text: 'done' } },
    });
    const steps = [{ until: { widget: 'it' } }, { wait: 7 }, { press: '1', now: true }];
    const answers = { ahead: { json: {}, after: 2 }, it: { json: {}, after: 9 } };
    expect(await differences({ flow, answers })).toEqual([]);
    expect(await differences({ flow, answers, caller: { steps } })).toEqual([]);
  });

  it('menu: keys are pressed at the attempt at which they were, and silence stays silence', async () => {
    const flow = flowOf(
      {
        answer: answered,
        it: {
          ...{ type: 'menu', prompt: { text: 'Sales one, service two.' }, keys: { 1: 'sales', 2: 'service' } },
          lines: { sales: 'number', service: 'bye', noInput: 'again', invalid: 'again' },
        },
        again: { type: "counter", saveIn: '$flow.key.n', limit: 3, lines: { next: 'it', exceeded: 'bye' } },
        number: { type: 'collectDigits', prompt: { text: 'Your number?' }, saveIn: '$flow.key.d', min: 4, terminator: '', lines: { next: 'say', invalid: 'bye' } },
        say: { type: 'play', bargeIn: true, prompt: { text: 'Thank you very much for this long number of yours.' }, lines: { next: 'pause' } },
        pause: { type: 'delay', seconds: 60, lines: { next: 'bye' } },
        bye,
      },
      { onRemoteHangup: 'bye' },
    ); // prettier-ignore
    const callers = [
      { steps: [{ press: '9' }, { wait: 12 }, { press: '1' }, { press: '12' }, { wait: 7 }, { press: '3456' }] },
      { steps: [{ wait: 40 }, { press: '1' }, { press: '1234' }, { until: { widget: 'say' } }, { wait: 1 }, { press: '5', now: true }, { wait: 20 }, { hangUp: true }] },
      { steps: [{ press: '7' }, { press: '8' }, { until: { widget: 'it' } }, { wait: 0.5 }, { hangUp: true }] },
    ]; // prettier-ignore
    for (const caller of callers) expect(await differences({ flow, caller })).toEqual([]);
  });

  it('two legs: who was busy is busy, who answered talks as long, and the recordings are kept', async () => {
    const flow = flowOf(
      { answer: answered, it: { type: 'makeCall', to: ['busy', 'free'], record: true, lines: { next: 'bye', noAnswer: 'bye' } }, bye },
      { flowEndWebhook: true },
    ); // prettier-ignore
    const busy = { answers: false, because: 'busy', after: 2 };
    const agentLeaves = { legs: { busy, free: { after: 4, steps: [{ wait: 30 }, { hangUp: true }] } } };
    const callerLeaves = {
      ...{ steps: [{ until: { joined: true } }, { wait: 9 }, { hangUp: true }] },
      legs: { busy, free: {} },
    };
    const gone = {
      ...{ steps: [{ until: { widget: 'it' } }, { wait: 5 }, { hangUp: true }] },
      legs: { busy, free: { answers: false } },
    };
    const account = { id: 1, defaultWebhook: { url: 'https://crm.example.com/end' } };
    for (const caller of [agentLeaves, callerLeaves, gone]) {
      expect(await differences({ flow, account, caller })).toEqual([]);
    }
  });

  it('a voice message is as long as it was', async () => {
    const flow = flowOf({
      answer: answered,
      it: { type: 'record', silenceSeconds: 3, lines: { next: 'bye', noInput: 'it2' } },
      it2: { type: 'play', prompt: { text: 'Nothing was heard.' }, lines: { next: 'bye' } },
      bye,
    });
    const speaks = { steps: [{ say: 'please call me back tomorrow' }] };
    const leaves = { steps: [{ say: 'please call' }, { wait: 2 }, { hangUp: true }] };
    for (const caller of [speaks, leaves]) expect(await differences({ flow, caller })).toEqual([]);
  });
});

describe('the record of a call', () => {
  it('is a document that can be read back, with no value of a secret in it', async () => {
    const hook = {
      type: 'webhook',
      request: { method: 'GET', url: 'https://api.example.com/', auth: { type: 'bearer', token: { secret: 'api' } } },
      lines: { success: 'bye' },
    };
    const account = { id: 1, secrets: { api: { env: 'HOOKLINE_NO_SUCH' } } };
    const call = { flow: flowOf({ answer: answered, it: hook, bye }), account, answers: { it: { text: 'ok' } } };
    const record = await recorded(call);
    expect(recordedCall.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
    expect(JSON.stringify([record, asTest(record)])).not.toContain('test-secret-api');
  });

  it('is not there for a call that was refused, has not ended or is unknown: the error says which', async () => {
    const client = bench.client;
    await expect(recordOf(client, 'call-1-none', true)).rejects.toMatchObject({
      code: 'NO_RECORD',
      message: 'There is no call call-1-none on the Temporal server.',
    });
  });
});
