import { beforeAll, describe, expect, it } from 'vitest';
import { callProgress } from '../../src/calls/read-call.js';
import { type Rig, type TestCall, flowOf } from '../support/rig.js';
import { useRig } from '../support/set-up.js';
import { answer, json, type Target } from '../support/target.js';

const PIN = '73915204';
let rig: Rig;
let target: Target;
useRig((started) => ({ rig, target } = started));
beforeAll(() => {
  target
    .on('/code', json({ code: 'c-17', other: { echoed: PIN } }))
    .on('/refuse', answer(422, PIN))
    .on('/end', answer(204));
});

const answered = { type: 'answerCall', lines: { next: 'pin' } };
const pin = { type: 'collectDigits', saveIn: '$flow.key.pin', sensitive: true, min: 8, max: 8, lines: { next: 'it' } };
const store = (next: string, ...assign: object[]) => ({ type: 'storeVariable', assign, lines: { next } });
const set = (name: string, value: string | null, more: object = {}) => ({
  saveIn: `$flow.key.${name}`,
  value,
  ...more,
});

async function run(widgets: Record<string, object>, more: Partial<TestCall> = {}) {
  const { handle, report } = await rig.start({
    ...{ flow: flowOf({ answer: answered, pin, ...widgets }), caller: { steps: [{ press: PIN }] } },
    account: { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url('/end') } },
    ...more,
  });
  const ended = await report();
  const { timeline } = await callProgress(handle);
  const { events } = await handle.fetchHistory();
  const summaries = (events ?? []).map(({ userMetadata }) => Buffer.from(userMetadata?.summary?.data ?? []).toString());
  return { report: ended, texts: timeline.map(({ text }) => text), summaries, all: JSON.stringify([ended, timeline]) };
}
const ask = (path: string, more: object = {}) => ({
  ...{ type: 'webhook', request: { method: 'POST', url: target.url(path), body: { type: 'text', content: 'x' } } },
  ...more,
});

describe('V7: the mark follows the value', () => {
  it('V7: into what is made of it, until a variable is written anew; null makes a variable absent', async () => {
    const { report, all } = await run({
      it: store(
        'length',
        set('copy', '<$flow.key.pin>'),
        set('once', '$flow.key.pin'),
        set('once', 'open'),
        set('never', 'given'),
        set('never', null),
        set('hidden', 'shown to nobody', { sensitive: true }),
      ),
      length: {
        ...{ type: 'operation', operation: { do: 'length', text: '$flow.key.copy' }, saveIn: '$flow.key.length' },
        lines: { next: 'hidden' },
      },
      hidden: {
        type: 'operation',
        operation: { do: 'add', left: 20, right: 22 },
        saveIn: '$flow.key.sum',
        sensitive: true,
      },
    });
    expect(report.variables).toEqual({
      ...{ '$flow.key.pin': '***', '$flow.key.copy': '***', '$flow.key.once': 'open', '$flow.key.hidden': '***' },
      ...{ '$flow.key.length': '***', '$flow.key.sum': '***' },
    });
    expect(all).not.toContain(PIN);
  });

  it('V7, R7: answer and detail of a request that held one are marked, other rows and results are not', async () => {
    const held = { request: { method: 'POST', url: `${target.url('/refuse')}?q=$flow.key.pin` }, lines: {} };
    const { report, texts, all } = await run({ it: ask('/refuse', held) });
    expect(report.variables).toMatchObject({
      ...{ '$flow.key.response_raw': '***', '$flow.key.error_detail': '***' },
      ...{ '$flow.key.error_reason': 'CLIENT_ERROR', '$flow.key.response_status_code': '422' },
    });
    expect(texts.find((text) => text.includes('CLIENT_ERROR'))).toMatch(/: 422 in .* s, CLIENT_ERROR: \*\*\*$/);
    expect(all).not.toContain(PIN);
  });

  it('V7: of an answer only rows that say so are marked, and the text that holds them', async () => {
    const map = [
      { saveIn: '$flow.key.code', path: 'data.code', sensitive: true },
      { saveIn: '$flow.key.other', path: 'data.other.echoed' },
    ];
    const { report } = await run({ it: ask('/code', { response: { type: 'json', map } }) });
    expect(report.variables).toMatchObject({
      '$flow.key.code': '***',
      '$flow.key.other': PIN,
      '$flow.key.response_raw': '***',
    });
    const plain = await run({ it: ask('/code', { response: { type: 'json', map: map.slice(1) } }) });
    expect(plain.report.variables['$flow.key.response_raw']).toContain('c-17');
  });

  it('V7, E3: a number that was dialled with one is masked in the flow end, and the fact that names it is marked', async () => {
    const widgets = {
      it: { type: 'makeCall', to: '$flow.key.pin', lines: { next: 'keep' } },
      keep: store('bye', set('dialled', '$call.agent.dnis.number')),
      bye: { type: 'hangUp' },
    };
    const { report, all } = await run(widgets, {
      flow: flowOf({ answer: answered, pin, ...widgets }, { flowEndWebhook: true }),
      caller: { steps: [{ press: PIN }], legs: { [PIN]: { steps: [{ hangUp: true }] } } },
    });
    expect(report.flowEnd?.payload.callDetails.map(({ calleeNumber }) => calleeNumber)).toEqual([
      expect.stringMatching(/^9198/),
      '***',
    ]);
    expect(report.variables['$flow.key.dialled']).toBe('***');
    expect(all).not.toContain(PIN);
  });

  it('V7: neither the error of a call, nor a note, nor a summary repeats one', async () => {
    const { report, all } = await run({ it: { type: 'delay', seconds: '$flow.key.pin' } });
    expect(report.error).toMatchObject({ code: 'WIDGET_FAULT', message: 'Widget "it" (delay) failed: ***' });
    expect(all).not.toContain(PIN);
    const paused = await run({
      it: { type: 'operation', operation: { do: 'remainder', left: '$flow.key.pin', right: 100 }, saveIn: '$flow.key.s', lines: { next: 'wait' } }, // prettier-ignore
      wait: { type: 'delay', seconds: '$flow.key.s' },
    });
    expect(paused.summaries).toContain('"delay wait: *** s"');
    expect(paused.report.outcome).toBe('completed');
  });

  it('V7: a note of business hours does not tell the time of a zone that is sensitive', async () => {
    const { texts } = await run({
      it: store('hours', set('zone', 'Asia/Kathmandu', { sensitive: true })),
      hours: { type: 'timeCondition', timeZone: '$flow.key.zone', hours: { days: {} } },
    });
    expect(texts.find((text) => text.startsWith('hours: '))).toMatch(/^hours: closed at \*\*\*$/);
  });

  it('V7: a command that says, gathers or dials one says so to the bridge, and no other does', async () => {
    rig.commands.length = 0;
    await run({
      it: { type: 'play', prompt: [{ text: 'It is' }, { text: '$flow.key.pin' }], lines: { next: 'plain' } },
      plain: { type: 'play', prompt: { text: 'Good bye' } },
    });
    const marks = rig.commands.map(({ type, sensitive }) => [type, sensitive]);
    expect(marks).toEqual([
      ...[['answer', undefined], ['collect', true], ['play', true], ['play', undefined], ['hangUp', undefined]], // prettier-ignore
    ]);
  });
});
