import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Scene, ScriptedCalls, expectHeard } from '../support/scripted-calls.js';

let calls: ScriptedCalls;
beforeAll(async () => {
  calls = await ScriptedCalls.open();
});
afterAll(() => calls.close());

const run = (scene: Scene) => calls.run(scene);

const LINES = { success: 'done', failure: 'done' };
const hook = (wait: object, lines: object = {}) => ({
  ...{ type: 'webhook', request: { method: 'POST', url: 'https://orders.example.com/' }, wait },
  lines: { ...LINES, ...lines },
});
const play = (text: string) => ({ type: 'play', prompt: { text } });
const done = play('done');
const say = (text: string) => ({ text });
/** A prompt that takes so many tenths of three seconds. */
const words = (count: number) => say(Array.from({ length: count }, () => 'word').join(' '));

describe('H6: what the caller hears while a wait lasts', () => {
  it('H6: prompts are heard at their seconds over the tune, which comes back; the last comes again', async () => {
    const timeline = [
      { at: 5, prompt: say('still looking') },
      { at: 20, prompt: say('a moment more'), every: 10 },
    ];
    const { heard, notes } = await run({
      widgets: { it: hook({ timeline, holdMusic: true }), done },
      answers: { it: { after: 38 } },
    });
    expectHeard(heard, [
      [5, 'still looking'],
      [20, 'a moment more'],
      [31, 'a moment more'],
      [38, 'done'],
    ]);
    const tune = notes.filter((text) => text.includes('hold tune'));
    const again = ['the hold tune plays again', 'the hold tune ends'];
    expect(tune).toEqual(['the hold tune plays', 'the hold tune ends', ...again, ...again, ...again]);
  });

  it('H6: of entries that fall due during a prompt the last is heard, afterwards; a silent wait stays silent between them', async () => {
    const timeline = [
      { at: 5, prompt: words(30) },
      { at: 7, prompt: say('never') },
      { at: 9, prompt: say('afterwards') },
    ];
    const { heard, holdTune } = await run({
      widgets: { it: hook({ timeline }), done },
      answers: { it: { after: 20 } },
    });
    expectHeard(
      heard.map(([at, text]) => [at, text.slice(0, 10)]),
      [[5, 'word word '], [14, 'afterwards'], [20, 'done']],
    ); // prettier-ignore
    expect(holdTune).toBe(false);
  });

  it('H6: a fast answer costs no timer and no command', async () => {
    const fast = async (wait: object) => {
      const { report } = await run({ widgets: { it: hook({ holdMusic: true, ...wait }), done }, answers: { it: {} } });
      return calls.events(report.call);
    };
    const plain = await fast({});
    expect(
      await fast({ timeline: [{ at: 1, prompt: say('never'), keys: { 1: 'call' } }], finishPrompt: true }),
    ).toEqual(plain);
  });

  it('H6: the timeline of the account is heard where a wait has none, as far as the wait goes', async () => {
    const account = {
      waitTimeline: [
        { at: 5, prompt: say('please wait') },
        { at: 30, prompt: say('beyond') },
      ],
    };
    const answers = { it: { after: 9 } };
    const own = { timeline: [{ at: 7, prompt: say('my own') }] };
    const heard = async (wait: object) => (await run({ widgets: { it: hook(wait), done }, answers, account })).heard;
    expectHeard(await heard({ timeout: 10 }), [[5, 'please wait'], [9, 'done']]); // prettier-ignore
    expectHeard(await heard(own), [[7, 'my own'], [9, 'done']]); // prettier-ignore
    expectHeard(await heard({ timeline: [] }), [[9, 'done']]);
  });

  it('H6: what is said is not said after a hang-up, and the request ends as H5 has it', async () => {
    const timeline = [
      { at: 5, prompt: words(20) },
      { at: 12, prompt: say('nobody hears this') },
    ];
    const { heard, report } = await run({
      widgets: { it: hook({ timeline, holdMusic: true }), done },
      answers: { it: { after: 15 } },
      caller: { steps: [{ until: { widget: 'it' } }, { wait: 6 }, { hangUp: true }] },
    });
    expect(heard).toHaveLength(1);
    expect(report).toMatchObject({ outcome: 'hungUp', variables: { '$flow.key.response_status': 'SUCCESS' } });
  });
});

describe('H6: keys of a timeline', () => {
  const timeline = [
    { at: 5, prompt: say('press 1 to be called back'), keys: { 1: 'callBack' } },
    { at: 15, prompt: say('or 2 to leave'), keys: { 2: 'leave', 1: 'callBack' } },
  ];
  const leaving = { callBack: 'called', leave: 'gone' };
  const widgets = (wait: object) => ({
    it: hook({ timeline, ...wait }, leaving),
    done,
    called: play('bye'),
    gone: play('gone'),
  });
  const presses = (wait: number, press: string) => [{ until: { widget: 'it' } }, { wait }, { press, now: true }];

  it('H6: a key counts from its entry on, and leaves by its line at once', async () => {
    const steps = [...presses(2, '1'), { wait: 5 }, { press: '2', now: true }, { wait: 2 }, { press: '1', now: true }];
    const { heard, report, notes } = await run({
      widgets: widgets({}),
      answers: { it: { after: 40 } },
      caller: { steps },
    });
    expectHeard(heard, [[5, 'press 1 to be called back'], [9, 'bye']]); // prettier-ignore
    expect(report.path[1]).toMatchObject({ line: 'callBack', lineNumber: 2 });
    expect(report.variables).toMatchObject({
      '$flow.key.error_reason': 'CALLER_LEFT',
      '$flow.key.response_status': 'FAILED',
    });
    expect(notes.join('\n')).not.toContain('not waited for');
  });

  it('H6: lines of keys come after success and failure, leaveKey first, then by entry', async () => {
    const { report } = await run({
      widgets: widgets({ leaveKey: '*' }),
      answers: { it: { after: 40 } },
      caller: { steps: presses(16, '2') },
    });
    expect(report.path[1]).toMatchObject({ line: 'leave', lineNumber: 4 });
  });

  it('H6: with onLeave "finish" the request runs to its end, which nobody waits for', async () => {
    const { heard, report, notes } = await run({
      widgets: widgets({ onLeave: 'finish' }),
      answers: { it: { after: 30 } },
      caller: { steps: presses(6, '1') },
    });
    expectHeard(heard.slice(-1), [[6, 'bye']]);
    expect(notes.join('\n')).toContain('it, not waited for: 200');
    expect(report.variables['$flow.key.error_reason']).toBe('CALLER_LEFT');
  });

  it('H6: a party that is rung: prompts over the ringing, then the tune, until it answers or a key leaves', async () => {
    const rung = {
      it: {
        ...{ type: 'makeCall', to: ['late', 'free'], ringSeconds: 20, leaveKey: '*', timeline },
        lines: { next: 'done', callBack: 'called' },
      },
      ...{ done, called: play('bye') },
    };
    const legs = { late: { answers: false }, free: { after: 4, steps: [{ wait: 3 }, { hangUp: true }] } };
    const answered = await run({ widgets: rung, caller: { legs } });
    expectHeard(answered.heard, [
      [5, 'press 1 to be called back'],
      [15, 'or 2 to leave'],
      [27, 'done'],
    ]);
    expect(answered.holdTune).toBe(true);
    const left = await run({ widgets: rung, caller: { legs, steps: presses(6, '1') } });
    expectHeard(left.heard, [[5, 'press 1 to be called back'], [6, 'bye']]); // prettier-ignore
    expect(left.report.path[1]).toMatchObject({ line: 'callBack', lineNumber: 6 });
  });
});

describe('H6: other widgets that wait', () => {
  it('H6: an internal function, and agents that are rung one after the other', async () => {
    const timeline = [{ at: 5, prompt: say('one moment') }];
    const set = {
      type: 'storeVariable',
      ...{ assign: [{ saveIn: '$flow.key.longUrl', value: 'https://example.com/' }], lines: { next: 'link' } },
    };
    const link = { type: 'function', method: 'shortURL', wait: { timeline }, lines: { success: 'done' } };
    const short = { json: { shortUrl: 'https://s.example.com/abcdefgh' }, after: 8 };
    const asked = await run({ widgets: { it: set, link, done }, answers: { link: short } });
    expectHeard(asked.heard, [[5, 'one moment'], [8, 'done']]); // prettier-ignore
    const agents = await run({
      widgets: { it: { type: 'agentConnect', ringSeconds: 5, timeline: [{ at: 8, prompt: say('one moment') }], lines: { next: 'done' } }, done },
      account: { agents: [{ number: 'a1' }, { number: 'a2' }] },
      caller: { legs: { a1: { answers: false }, a2: { after: 4, steps: [{ wait: 2 }, { hangUp: true }] } } },
    });
    expectHeard(agents.heard, [[8, 'one moment'], [11, 'done']]);
  }); // prettier-ignore
});

describe('H7: the answer and a prompt that is being heard', () => {
  const during = (count: number, wait: object = {}) =>
    run({
      widgets: { it: hook({ timeline: [{ at: 5, prompt: words(count) }], ...wait }), done },
      answers: { it: { after: 6 } },
    });

  it('H7: the answer ends what is being said at once', async () => {
    expectHeard((await during(30)).heard.slice(-1), [[6, 'done']]);
  });

  it('H7: with finishPrompt the sentence is heard to its end, 10 seconds at most', async () => {
    expectHeard((await during(20, { finishPrompt: true })).heard.slice(-1), [[11, 'done']]);
    expectHeard((await during(60, { finishPrompt: true })).heard.slice(-1), [[16, 'done']]);
  });
});
