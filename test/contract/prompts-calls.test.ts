import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prompt } from '../../src/telephony/commands.js';
import { callProgress } from '../../src/calls/read-call.js';
import { validateAccount, validateFlow } from '../../src/flow/validation/validate.js';
import { type Rig, type TestCall, flowOf, timeSkippingRig } from '../support/rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await timeSkippingRig();
});
afterAll(() => rig.close());

/** What the bridge is given of a prompt, the line that is taken, and what the timeline shows. */
async function heard(prompt: unknown, { flow = {}, ...call }: Partial<TestCall> & { flow?: object } = {}) {
  const before = rig.commands.length;
  const document = flowOf({ say: { type: 'play', prompt, lines: { failure: 'bye' } }, bye: { type: 'hangUp' } }, flow);
  const { handle, report } = await rig.start({ ...call, flow: document });
  const { path } = await report();
  const { timeline } = await callProgress(handle);
  const given = rig.commands.slice(before).find(({ type }) => type === 'play') as { prompts: Prompt[] } | undefined;
  return {
    prompts: given?.prompts,
    line: path[0]?.line,
    shown: timeline.flatMap(({ kind, text }) => (kind === 'heard' || kind === 'note' ? [text] : [])).join('\n'),
  };
}

describe('D2d: what a command says of a prompt', () => {
  it('D2d: language and voice of the prompt, else of the flow, else of the account; what is no language counts as absent', async () => {
    const account = { language: 'en-IN', voice: 'Ravi' };
    const flow = { language: '$flow.key.language', voice: '${flow.key.voice:-Asha}' };
    const list = [
      { text: 'a' },
      { text: 'b', language: 'fr', voice: 'Zoe' },
      { file: 'c.wav', language: '$flow.key.bad' },
    ];
    const variables = { '$flow.key.language': 'hi', '$flow.key.bad': 'no tag' };
    expect((await heard(list, { account, flow, variables })).prompts).toEqual([
      { text: 'a', language: 'hi', voice: 'Asha' },
      { text: 'b', language: 'fr', voice: 'Zoe' },
      { file: 'c.wav', language: 'hi', voice: 'Asha' },
    ]);
    const { prompts } = await heard({ text: 'a' }, { account, flow: { language: '$flow.key.none' } });
    expect(prompts).toEqual([{ text: 'a', language: 'en-IN', voice: 'Ravi' }]);
    expect((await heard({ text: 'a' })).prompts).toEqual([{ text: 'a' }]);
  });

  it('D2d: the text of the language, looked up as RFC 4647 says, else the first', async () => {
    const texts = { en: 'Hello $flow.key.name', hi: 'नमस्ते $flow.key.name' };
    const variables = { '$flow.key.name': 'Asha' };
    const inLanguage = async (language: string) => (await heard({ texts, language }, { variables })).prompts;
    expect(await inLanguage('hi-IN')).toEqual([{ text: 'नमस्ते Asha', language: 'hi-IN' }]);
    expect(await inLanguage('fr')).toEqual([{ text: 'Hello Asha', language: 'en' }]);
  });

  it('T7, D2d: values in SSML are escaped, with the plain text beside it; one that stands in a tag takes failure', async () => {
    const variables = { '$flow.key.name': '<break/> & "x"' };
    const { prompts } = await heard({ ssml: '<speak>Dear <emphasis>$flow.key.name</emphasis></speak>' }, { variables });
    expect(prompts).toEqual([
      {
        text: 'Dear <break/> & "x"',
        ssml: '<speak>Dear <emphasis>&lt;break/&gt; &amp; &quot;x&quot;</emphasis></speak>',
      },
    ]);
    const bad = await heard({ ssml: 'Dear $flow.key.name' }, { variables: { '$flow.key.name': 'a\u0001' } });
    expect(bad).toMatchObject({ prompts: undefined, line: 'failure' });
  });

  it('D2d: spoken forms in English and Hindi, with the plain text that says them; the zone is the account’s', async () => {
    const variables = { '$flow.key.due': '2026-12-01T20:00:00Z', '$flow.key.sum': '250' };
    const list = [
      { digits: '4091' },
      { amount: '$flow.key.sum', currency: 'INR', language: 'hi' },
      { date: '$flow.key.due', language: 'hi' },
      { time: '$flow.key.due', language: 'en' },
      { number: 12.5, voice: 'Zoe' },
    ];
    const { prompts, line } = await heard(list, { variables, account: { timeZone: 'Asia/Kolkata' } });
    expect(prompts).toEqual([
      { text: '4 0 9 1', digits: '4091' },
      { text: '250 भारतीय रुपए', amount: '250', currency: 'INR', language: 'hi' },
      { text: '2 दिसंबर 2026', date: '2026-12-02', language: 'hi' },
      { text: '1:30 AM', time: '01:30', language: 'en' },
      { text: '12.5', number: '12.5', voice: 'Zoe' },
    ]);
    expect(line).toBe('next');
  });

  it('D2d: a value that does not fit its form takes failure, before anything is heard', async () => {
    const { prompts, line, shown } = await heard([{ text: 'You owe' }, { amount: '$flow.key.none', currency: 'INR' }]);
    expect({ prompts, line }).toEqual({ prompts: undefined, line: 'failure' });
    expect(shown).toContain('prompt: "amount" is no number (it is an empty text).');
  });

  it('D2d, H6: prompts of a wait are said in words too, and one that does not fit is left out', async () => {
    const wait = {
      timeline: [
        { at: 2, prompt: { number: '$flow.key.none' } },
        { at: 4, prompt: { number: '$flow.key.sum' } },
      ],
    };
    const before = rig.commands.length;
    const dial = { type: 'makeCall', to: '5550001', ringSeconds: 10, ...wait, lines: {} };
    const legs = { 5550001: { answers: false, after: 8 } };
    const call = {
      flow: flowOf({ answer: { type: 'answerCall', lines: { next: 'dial' } }, dial }),
      variables: { '$flow.key.sum': '12' },
      caller: { legs },
    };
    await rig.run(call);
    const said = rig.commands.slice(before).flatMap((one) => (one.type === 'play' ? one.prompts : []));
    expect(said).toEqual([{ text: '12', number: '12' }]);
  });

  it('V7: a sensitive value in any form is a mask in the timeline, and the command says so', async () => {
    const list = [{ digits: '$flow.key.pin' }, { ssml: 'PIN $flow.key.pin' }, { texts: { en: 'PIN $flow.key.pin' } }];
    const flow = { inputs: { '$flow.key.pin': { sensitive: true } } };
    const { shown, prompts } = await heard(list, { flow, variables: { '$flow.key.pin': '4091' } });
    expect(shown).toContain('"***", "PIN ***", "PIN ***"');
    expect(shown).not.toMatch(/4091|4 0 9 1/);
    expect(prompts?.[0]).toEqual({ text: '4 0 9 1', digits: '4091' });
    expect(rig.commands.findLast(({ type }) => type === 'play')).toMatchObject({ sensitive: true });
  });
});

it('D2d, B7: a list of commands ends before a prompt whose words are not known yet', async () => {
  const before = rig.commands.length;
  const say = (prompt: object, next: string) => ({ type: 'play', prompt, lines: { next } });
  const widgets = {
    a: say({ text: 'a', voice: 'Zoe' }, 'b'),
    b: say({ texts: { hi: 'b' } }, 'c'),
    c: say({ number: '7' }, 'd'),
  };
  const report = await rig.run({ flow: flowOf({ ...widgets, d: { type: 'hangUp' } }), can: ['sequence'] });
  expect(report.path.map(({ widget, line }) => [widget, line])).toEqual([['a', 'next'], ['b', 'next'], ['c', 'next'], ['d', null]]); // prettier-ignore
  const lists = rig.commands.slice(before).map((one) => (one.type === 'sequence' ? one.commands.length : one.type));
  expect(lists).toEqual([2, 2]);
});

describe('D2d, C4: validation', () => {
  const errorsOf = (prompt: unknown, more: object = {}) =>
    validateFlow(flowOf({ a: { type: 'play', prompt, lines: {} } }, more)).errors.map(
      ({ code, pointer }) => `${code} ${pointer}`,
    );

  it.each<[unknown, string[]]>([
    [{ ssml: '<speak>a</speek>' }, ['INVALID_VALUE /widgets/a/prompt/ssml']],
    [{ text: 'a', language: 'hindi language' }, ['INVALID_VALUE /widgets/a/prompt/language']],
    [[{ text: 'a' }, { amount: '1', currency: 'rupees' }], ['INVALID_VALUE /widgets/a/prompt/1/currency']],
    [{ date: 'tomorrow' }, ['INVALID_VALUE /widgets/a/prompt/date']],
    [{ texts: {} }, ['INVALID_VALUE /widgets/a/prompt/texts']],
    [{ texts: { hi_IN: 'a' } }, ['INVALID_VALUE /widgets/a/prompt/texts/hi_IN']],
    [{ text: 'a', voise: 'Zoe' }, ['UNKNOWN_FIELD /widgets/a/prompt/voise']],
    [{ ssml: 'a $flow.key.b', language: '$flow.key.c' }, []],
  ])('D2d: %j gives %j', (prompt, expected) => {
    expect(errorsOf(prompt)).toEqual(expected);
  });

  it('D2d: a language of flow or account that is none is an error, and a prompt that is a text says what it takes', () => {
    expect(errorsOf({ text: 'a' }, { language: 'x y' })).toEqual(['INVALID_VALUE /language']);
    expect(validateAccount({ id: 1, language: 'x y' }).errors).toMatchObject([{ pointer: '/language' }]);
    const { errors } = validateFlow(flowOf({ a: { type: 'play', prompt: 'Hello' } }));
    expect(errors).toMatchObject([{ message: expect.stringContaining('A prompt is { text: ... }') }]);
  });
});
