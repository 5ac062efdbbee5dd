import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScriptedCalls, expectHeard } from '../support/scripted-calls.js';

let calls: ScriptedCalls;
beforeAll(async () => {
  calls = await ScriptedCalls.open();
});
afterAll(() => calls.close());

const ask = (next: string, more: object = {}) => ({
  ...{ type: 'webhook', request: { method: 'POST', url: 'https://orders.example.com/?n=$flow.key.n' } },
  response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'data.status', mandatory: true }] },
  ...{ wait: { enabled: false }, lines: { success: next }, ...more },
});
const collect = (of: string, next: string, more: object = {}) => ({
  ...{ type: 'awaitAnswer', of, lines: { success: next, failure: next }, ...more },
});
const set = (n: string, next: string) => ({
  ...{ type: 'storeVariable', assign: [{ saveIn: '$flow.key.n', value: n }], lines: { next } },
});
const play = (text: string, next?: string) => ({
  ...{ type: 'play', prompt: { text }, ...(next !== undefined && { lines: { next } }) },
});
/** Ten words, which take three seconds. */
const GREETING = 'welcome to our shop where you find all that you need';
const sent = { json: { status: 'sent' } };
/** The caller's time passes during prompts, too, so that targets answer meanwhile. */
const caller = { realTime: true };

describe('H9: asking ahead', () => {
  it('H9: an answer that came during the greeting is there at once, with the values of the request', async () => {
    const { heard, report, holdTune } = await calls.run({
      widgets: {
        ...{ it: set('1', 'ahead'), ahead: ask('greet', { persist: true }), greet: play(GREETING, 'change') },
        ...{ change: set('2', 'get'), get: collect('ahead', 'say', { wait: { holdMusic: true } }) },
        say: play('it is $flow.key.status'),
      },
      ...{ answers: { ahead: { ...sent, after: 2 } }, caller },
    });
    expectHeard(heard, [[0, GREETING], [3, 'it is sent']]); // prettier-ignore
    expect(holdTune).toBe(false);
    expect(report.path.find(({ widget }) => widget === 'get')).toMatchObject({ line: 'success', lineNumber: 0 });
    expect(report.variables).toMatchObject({ '$flow.key.response_status': 'SUCCESS', '$flow.key.status': 'sent' });
    expect(report.persisted).toMatchObject({ '$flow.key.status': 'sent' });
  });

  it('H9, H6: one that is not there is awaited as a webhook is: hold tune, timeline, its own time-out, and again', async () => {
    const wait = { timeout: 5, holdMusic: true, timeline: [{ at: 2, prompt: { text: 'a moment' } }] };
    const { heard, report } = await calls.run({
      widgets: {
        ...{ it: set('1', 'ahead'), ahead: ask('get') },
        get: { ...collect('ahead', 'say', { wait }), lines: { success: 'say', failure: 'get' } },
        say: play('it is $flow.key.status'),
      },
      answers: { ahead: { ...sent, after: 8 } },
    });
    expectHeard(heard, [[2, 'a moment'], [7, 'a moment'], [8, 'it is sent']]); // prettier-ignore
    expect(report.path.filter(({ widget }) => widget === 'get').map(({ line }) => line)).toEqual([
      'failure',
      'success',
    ]);
  });

  it('H9: two systems are asked at once, and the caller waits for the slower one alone', async () => {
    const { heard, report } = await calls.run({
      widgets: {
        ...{ it: set('1', 'one'), one: ask('two'), two: ask('first') },
        ...{ first: collect('one', 'keep'), keep: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.first', value: '$flow.key.status' }], lines: { next: 'second' } } },
        ...{ second: collect('two', 'say'), say: play('$flow.key.first and $flow.key.status') },
      },
      answers: { one: { ...sent, after: 6 }, two: { json: { status: 'paid' }, after: 4 } },
    }); // prettier-ignore
    expectHeard(heard, [[6, 'sent and paid']]);
    expect(report.outcome).toBe('completed');
  });

  it('H9: what was never asked, or is collected already, is INVALID_REQUEST; what failed fails', async () => {
    const reasons = (widgets: Record<string, object>, answers = {}) =>
      calls.run({ widgets, answers }).then(({ report }) => report.variables['$flow.key.error_reason']);
    const never = { it: collect('ahead', 'ahead'), ahead: ask('end'), end: set('1', 'none'), none: play('x') };
    expect(await reasons(never, { ahead: sent })).toBe('INVALID_REQUEST');
    const twice = { it: set('1', 'ahead'), ahead: ask('get'), get: collect('ahead', 'again'), again: collect('ahead', 'x'), x: play('x') };
    expect(await reasons(twice, { ahead: sent })).toBe('INVALID_REQUEST');
    const failed = { it: set('1', 'ahead'), ahead: ask('get'), get: collect('ahead', 'x'), x: play('x') };
    expect(await reasons(failed, { ahead: { status: 503 } })).toBe('SERVER_ERROR');
    const absent = { it: ask('get'), get: collect('it', 'x'), x: play('x') };
    expect(await reasons(absent)).toBe('INVALID_FLOW_VAR');
  }); // prettier-ignore

  it('H9: after a hang-up the answer is collected in On Remote Hangup, and nobody is asked twice', async () => {
    const { report, sent: requests } = await calls.run({
      widgets: {
        ...{ it: set('1', 'ahead'), ahead: ask('greet'), greet: play('word '.repeat(100)) },
        ...{ get: collect('ahead', 'noted'), noted: set('$flow.key.status', 'end'), end: { type: 'hangUp' } },
      },
      flow: { onRemoteHangup: 'get' },
      answers: { ahead: { ...sent, after: 9 } },
      caller: { steps: [{ until: { widget: 'greet' } }, { wait: 1 }, { hangUp: true }] },
    });
    expect(report).toMatchObject({ outcome: 'hungUp', variables: { '$flow.key.n': 'sent' } });
    expect(requests).toHaveLength(1);
  });

  it('H6, H9: a wait that was left by a key with onLeave "finish" leaves an answer to collect', async () => {
    const timeline = [{ at: 3, prompt: { text: 'press 1' }, keys: { 1: 'away' } }];
    const { heard, report } = await calls.run({
      widgets: {
        it: set('1', 'wait'),
        wait: ask('end', { wait: { timeline, onLeave: 'finish' }, lines: { away: 'bye' } }),
        ...{ bye: play('we call you', 'end'), end: { type: 'hangUp' } },
        ...{ get: collect('wait', 'noted'), noted: set('$flow.key.status', 'done'), done: { type: 'hangUp' } },
      },
      flow: { onFlowComplete: 'get' },
      answers: { wait: { ...sent, after: 20 } },
      caller: { steps: [{ until: { widget: 'wait' } }, { wait: 5 }, { press: '1', now: true }] },
    });
    expectHeard(heard, [[3, 'press 1'], [5, 'we call you']]); // prettier-ignore
    expect(report.variables).toMatchObject({ '$flow.key.n': 'sent', '$flow.key.response_status': 'SUCCESS' });
  });

  it('H9: in a subflow the answer is that of the widget beside it', async () => {
    const { heard } = await calls.run({
      widgets: { it: set('1', 'run'), run: { type: 'subflow', flow: 'sub00001', lines: { next: 'say' } }, say: play('it is $flow.key.status') },
      flow: { subflows: [{ id: 'sub00001', start: 'ahead', widgets: { ahead: ask('get'), get: { type: 'awaitAnswer', of: 'ahead' } } }] },
      answers: { 'run/ahead': sent },
    }); // prettier-ignore
    expect(heard.map(([, text]) => text)).toEqual(['it is sent']);
  });
});
