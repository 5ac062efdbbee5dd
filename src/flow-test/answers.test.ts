import { describe, expect, it } from 'vitest';
import { Sender } from '../http/send.js';
import { buildRequest } from '../http/request.js';
import { runWebhook } from '../http/run-request.js';
import { flow as flowSchema } from '../flow/documents/flow.js';
import { flowTest } from '../flow/documents/flow-test.js';
import { SkippedTime } from './time/skipped-time.js';
import { taskFor } from '../../test/support/target.js';
import { AnswerScript, senderOf } from './answers.js';
import { scriptedCarrier } from './carrier.js';

const play = { type: 'play', prompt: { text: 'x' } };
const flowOf = (...keys: string[]) =>
  flowSchema.parse({
    ...{ hookline: 1, id: 'testflow', start: 'lookup' },
    widgets: Object.fromEntries(['lookup', ...keys].map((key) => [key, play])),
  });

/** A time that passes at once. */
function instantTime(): SkippedTime {
  let ahead = 0;
  const skip = async (ms: number) => void (ahead += ms);
  const wait = async (ms: number) => ({ over: skip(ms) });
  const during = <T>(work: () => Promise<T>) => work();
  return new SkippedTime({ now: async () => performance.now() + ahead, wait, during, skip });
}

interface Ask {
  answers: object;
  method?: string;
  url?: string;
  response?: object;
  timeout?: number;
  retry?: object;
}

/** Sends the request of the widget `lookup` and gives what the engine makes of the script. */
async function outcomeOf({ answers, method = 'GET', url = 'https://api.example.com/x', ...more }: Ask) {
  const script = new AnswerScript(flowTest.parse({ answers: { lookup: answers } }).answers, flowOf());
  const clock = instantTime();
  const sender = new Sender({ clock, carrier: scriptedCarrier(new Map([['call-1-a', script]]), clock) });
  const { timeout = 10, ...widget } = more;
  const task = taskFor({ request: { method, url }, ...widget }, { timeout, idempotencyKey: 'call-1-a/lookup/1', rules: { targetAllowList: [] } }); // prettier-ignore
  const run = { remaining: timeout, progress: { attempt: 1, sent: 0 }, signal: new AbortController().signal };
  return { ...(await runWebhook(task, sender, run)), script };
}

describe('scripted answers', () => {
  it('a widget is known by the key of its request, the flow end by having no visit', () => {
    expect(senderOf('call-1-a/lookup/2')).toEqual({ workflowId: 'call-1-a', widget: 'lookup' });
    expect(senderOf('call-1-a/sub/lookup/2')).toEqual({ workflowId: 'call-1-a', widget: 'sub/lookup' });
    expect(senderOf('call-1-a/flow-end')).toEqual({ workflowId: 'call-1-a', widget: null });
    expect(senderOf('call-1-a/flow-end/1')).toEqual({ workflowId: 'call-1-a', widget: 'flow-end' });
  });

  it('answers come in turn, and the last one repeats', async () => {
    const script = new AnswerScript(flowTest.parse({ answers: { lookup: [{ status: 500 }, {}] } }).answers, flowOf());
    const built = await buildRequest(
      taskFor({ request: { url: 'https://a.example/' } }, { idempotencyKey: 'c/lookup/1' }),
    );
    const given = [script.answer(built), script.answer(built), script.answer(built)];
    expect(given.map((one) => one?.status)).toEqual([500, undefined, undefined]);
    expect(script.sent.map(({ got }) => got)).toEqual(['500', '200', '200']);
  });

  it('a flow end is answered 200 unless the test says otherwise, also beside a widget of that key', async () => {
    const built = await buildRequest(
      taskFor({ request: { url: 'https://a.example/' } }, { idempotencyKey: 'c/flow-end' }),
    );
    const answers = { flowEnd: { status: 503, after: 0 } };
    const scripts = [new AnswerScript({}, flowOf()), new AnswerScript(answers, flowOf()), new AnswerScript(answers, flowOf('flowEnd'))]; // prettier-ignore
    expect(scripts.map((script) => script.answer(built)?.status)).toEqual([undefined, 503, undefined]);
    expect(scripts.flatMap(({ sent }) => sent.map(({ sender }) => sender))).toEqual(['flowEnd', 'flowEnd', 'flow end']);
  });

  it('JSON and text go through the reading and mapping of the engine', async () => {
    const map = [{ saveIn: '$flow.key.s', path: 'data.s', mandatory: true }];
    const json = await outcomeOf({ answers: { json: { s: 'ü' } }, response: { type: 'json', map } });
    expect(json).toMatchObject({ line: 'success', statusCode: 200, raw: '{"s":"ü"}', rows: [['$flow.key.s', 'ü']] });
    const text = await outcomeOf({ answers: { text: '{"s":12345678901234567890}' }, response: { type: 'json', map } });
    expect(text.rows).toEqual([['$flow.key.s', '12345678901234567890']]);
    expect(await outcomeOf({ answers: { text: '{' }, response: { type: 'json', map } })).toMatchObject({ reason: 'INVALID_RESPONSE' }); // prettier-ignore
    expect((await outcomeOf({ answers: { text: 'x' }, method: 'HEAD' })).raw).toBeUndefined();
  });

  it('a broken connection is tried again as the widget says', async () => {
    const failed = await outcomeOf({ answers: { error: 'connection' } });
    expect(failed).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE', attempts: 3 });
    const second = await outcomeOf({ answers: [{ error: 'connection' }, { status: 503 }, {}] });
    expect(second).toMatchObject({ line: 'success', attempts: 3 });
  });

  // These are 82 seconds: more than a test may take.
  it('an answer after some seconds, or none at all, takes these seconds of the wait and no real time', async () => {
    const slow = await outcomeOf({ answers: { after: 4 } });
    expect(slow.line).toBe('success');
    expect(slow.duration).toBeGreaterThan(3.9);
    expect(await outcomeOf({ answers: { after: 11 } })).toMatchObject({ reason: 'TIMEOUT' });
    expect(await outcomeOf({ answers: { error: 'timeout' }, timeout: 60 })).toMatchObject({ reason: 'TIMEOUT', attempts: 1 }); // prettier-ignore
    const retried = await outcomeOf({ answers: [{ status: 503, headers: { 'Retry-After': '7' } }, {}] });
    expect(retried).toMatchObject({ line: 'success', attempts: 2 });
  });

  it('a request without an answer is noted and not sent again', async () => {
    const { script, ...outcome } = await outcomeOf({ answers: {}, url: 'https://other.example/' });
    expect(outcome.line).toBe('success');
    const none = new AnswerScript({}, flowOf());
    const clock = instantTime();
    const sender = new Sender({ clock, carrier: scriptedCarrier(new Map([['c', none]]), clock) });
    const task = taskFor({ request: { url: 'https://a.example/x' } }, { idempotencyKey: 'c/lookup/1' });
    const run = { remaining: 5, progress: { attempt: 1, sent: 0 }, signal: new AbortController().signal };
    expect(await runWebhook(task, sender, run)).toMatchObject({ reason: 'CONNECTION_FAILURE', attempts: 0 });
    expect(none.sent).toMatchObject([{ sender: 'lookup', url: 'https://a.example/x', got: null }]);
    expect(script.sent).toHaveLength(1);
  });

  it('W11: what stands in the URL and may not be reached is refused as in a real call', async () => {
    for (const url of ['http://127.0.0.1/', 'http://[::1]/', 'http://10.0.0.1/', 'http://localhost:3000/']) {
      expect(await outcomeOf({ answers: {}, url })).toMatchObject({ reason: 'INVALID_REQUEST' });
    }
  });
});
