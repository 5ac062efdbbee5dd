import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { caller } from '../../flow/documents/caller.js';
import type { BridgeCommand, CommandFields, CommandResult, CommandType } from '../commands.js';
import type { BridgeEvent } from '../events.js';
import { type PartyEvent, SimulatedBridge } from './simulated-bridge.js';

const HANG_UP = { hangUp: true };
const until = (widget: string) => ({ until: { widget } });
const words = (count: number) => ({ prompts: [{ text: 'word '.repeat(count) }] });
const digits = (more: Partial<CommandFields['collect']> = {}): CommandFields['collect'] => ({
  ...words(100),
  ...{ min: 1, max: 1, terminator: '#', firstDigitTimeout: 5, interDigitTimeout: 2, keepDigits: false },
  ...more,
});

/** A call of which the test is the engine: it enters widgets and gives commands. Sleeps take no real time unless told. */
function play(
  steps: object[],
  options: { realSleep?: boolean; deaf?: boolean; realTime?: boolean; enters?: (event: BridgeEvent) => string[] } = {},
) {
  const path: string[] = [];
  const events: BridgeEvent[] = [];
  const partyEvents: PartyEvent[] = [];
  const slept: number[] = [];
  const bridge = new SimulatedBridge('test', {
    sendEvent: async (_workflowId, event) => {
      path.push(...(options.enters?.(event) ?? []));
      await pause(5);
      events.push(event);
    },
    entered: async () => {
      if (options.deaf) throw new Error('nobody answers');
      const answer = [...path];
      await pause(2);
      return answer;
    },
    onPartyEvent: (entry) => partyEvents.push(entry),
    sleep: options.realSleep ? undefined : async (ms) => void slept.push(ms),
  });
  const script = caller.parse({ steps, realTime: options.realTime ?? false });
  bridge.addCall({ callId: 'c', workflowId: 'w', direction: 'inbound', caller: script });
  let seq = 0;
  const give = <T extends CommandType>(widget: string, type: T, fields: CommandFields[T]): Promise<CommandResult> => {
    const command = { commandId: `w/${++seq}`, seq, leg: '1', callId: 'c', widget, type, ...fields };
    return bridge.bridgeCommand(command as unknown as BridgeCommand);
  };
  return {
    ...{ bridge, path, events, partyEvents, slept, give },
    /** Enters a widget and gives its command. */
    enter<T extends CommandType>(widget: string, type: T, fields: CommandFields[T]) {
      path.push(widget);
      return give(widget, type, fields);
    },
    kinds: () => partyEvents.map((entry) => entry.kind),
    ended: () => events.find((event) => event.type === 'legEnded'),
  };
}

const ms = (from: string | undefined, to: string | undefined) => Date.parse(to ?? '') - Date.parse(from ?? '');

describe('D6: until', () => {
  it('D6: holds when a command of the widget arrives: the hang-up comes at exactly 1 s of the prompt', async () => {
    const call = play([until('say'), { wait: 1 }, HANG_UP]);
    await call.enter('answer', 'answer', {});
    expect(await call.enter('say', 'play', words(300))).toEqual({ result: 'legGone' });
    const hears = call.partyEvents.find((entry) => entry.kind === 'hears');
    expect(ms(hears?.at, call.ended()?.at)).toBe(1000);
    expect(call.slept).toEqual([]);
  });

  it('D6: holds for a widget that gives no command', async () => {
    const call = play([until('lookup'), HANG_UP]);
    await call.enter('answer', 'answer', {});
    await pause(120);
    expect(call.events.map((event) => event.type)).toEqual(['legAnswered']);
    call.path.push('lookup');
    while (!call.ended()) await pause(5);
    expect(call.ended()).toMatchObject({ cause: 16, by: 'remote', seq: 2 });
  });

  it('D6: a widget that was too quick to be seen still counts before the next prompt is jumped over', async () => {
    const call = play([until('lookup'), { wait: 2 }, HANG_UP]);
    await call.enter('answer', 'answer', {});
    call.path.push('lookup');
    expect(await call.enter('say', 'play', words(300))).toEqual({ result: 'legGone' });
    const hears = call.partyEvents.find((entry) => entry.kind === 'hears');
    expect(ms(hears?.at, call.ended()?.at)).toBe(2000);
  });

  it('D6: widgets that follow each other without a pause are each seen', async () => {
    const call = play([until('a'), until('b'), until('c'), HANG_UP]);
    call.path.push('a', 'b');
    expect(await call.enter('c', 'play', words(300))).toEqual({ result: 'legGone' });
  });

  it('D6: a visit before the last step does not count, a second command of one visit is no new visit', async () => {
    const call = play([until('menu'), { press: '9' }, until('menu'), HANG_UP]);
    expect(await call.enter('menu', 'collect', digits())).toMatchObject({ digits: '9' });
    expect(await call.give('menu', 'collect', digits())).toMatchObject({ ended: 'noInput' });
    expect(await call.enter('say', 'play', words(10))).toMatchObject({ result: 'done' });
    expect(await call.enter('menu', 'collect', digits())).toEqual({ result: 'legGone' });
  });

  it('D6: a widget that the call enters because of a key counts after that key', async () => {
    const call = play([{ press: '1' }, until('say'), HANG_UP]);
    await call.enter('menu', 'collect', digits());
    expect(await call.enter('say', 'play', words(300))).toEqual({ result: 'legGone' });
  });

  it('D6: what the call enters at once because of a key pressed with "now" counts after that key', async () => {
    // The call waits for an answer, and a key ends the wait: no command is under way, and the call moves at once.
    const enters = ({ type }: BridgeEvent) => (type === 'digits' ? ['left'] : []);
    const call = play([until('lookup'), { press: '1', now: true }, until('left'), HANG_UP], { enters });
    await call.enter('answer', 'answer', {});
    call.path.push('lookup');
    await expect.poll(() => call.ended()).toBeDefined();
  });

  it('D6: what the call entered before a key pressed with "now" does not count after it', async () => {
    const call = play([until('lookup'), { press: '1', now: true }, until('left'), HANG_UP]);
    await call.enter('answer', 'answer', {});
    call.path.push('lookup', 'left');
    await expect.poll(() => call.kinds()).toContain('presses');
    await pause(150);
    expect(call.ended()).toBeUndefined();
  });

  it('D6: what is entered while a wait runs was entered before that step ended', async () => {
    const call = play([{ wait: 0.1 }, until('early'), HANG_UP], { realSleep: true });
    call.path.push('early');
    await pause(200);
    expect(await call.enter('say', 'play', words(1))).toMatchObject({ result: 'done' });
    expect(await call.enter('early', 'play', words(1))).toEqual({ result: 'legGone' });
  });

  it('D6: a call that cannot be asked is known by its commands', async () => {
    const call = play([until('say'), { wait: 1 }, until('bye'), HANG_UP], { deaf: true });
    expect(await call.enter('say', 'play', words(10))).toMatchObject({ result: 'done' });
    expect(await call.enter('bye', 'play', words(10))).toEqual({ result: 'legGone' });
  });
});

describe('D6: press, say and wait', () => {
  it('D6: a key cuts the prompt, and keys beyond what the widget takes are early for the next', async () => {
    const call = play([{ press: '12#34' }], { realSleep: true });
    expect(await call.enter('a', 'collect', digits({ max: 5 }))).toMatchObject({ digits: '12', ended: 'complete' });
    const kept = await call.enter('b', 'collect', digits({ max: 2, keepDigits: true }));
    expect(kept).toMatchObject({ digits: '34', ended: 'complete' });
    // The first prompt was cut; the second was not even begun.
    expect(call.kinds()).toEqual(['hears', 'presses']);
    expect(call.events).toMatchObject([{ type: 'digits', digits: '12#34', seq: 1 }]);
  });

  it('D6: "now" presses at once during a prompt, at its time, and is kept for a widget that keeps digits', async () => {
    const call = play([until('say'), { wait: 3 }, { press: '5', now: true }]);
    await call.enter('say', 'play', words(100));
    const [hears, presses] = call.partyEvents;
    expect([presses?.kind, ms(hears?.at, presses?.at)]).toEqual(['presses', 3000]);
    expect(await call.enter('menu', 'collect', digits({ keepDigits: true }))).toMatchObject({ digits: '5' });
  });

  it('D6: "now" while a widget listens goes to that widget', async () => {
    const call = play([until('menu'), { wait: 2 }, { press: '7', now: true }]);
    expect(await call.enter('menu', 'collect', digits())).toMatchObject({ digits: '7', ended: 'complete' });
  });

  it('D6: two presses of one widget, with a pause below the time between digits', async () => {
    const call = play([{ press: '1' }, { wait: 1 }, { press: '2' }]);
    expect(await call.enter('a', 'collect', digits({ max: 2 }))).toMatchObject({ digits: '12', ended: 'complete' });
  });

  it('D6: too slow for the time between digits, the second key is for the next widget', async () => {
    const call = play([{ press: '1' }, { wait: 3 }, { press: '2' }]);
    expect(await call.enter('a', 'collect', digits({ max: 2 }))).toMatchObject({ digits: '1', ended: 'timeout' });
    expect(await call.enter('b', 'collect', digits())).toMatchObject({ digits: '2' });
  });

  it('D6: without prompts a widget listens at once, and time-outs are slept', async () => {
    const call = play([]);
    const nothing = digits({ prompts: [], firstDigitTimeout: 4 });
    expect(await call.enter('a', 'collect', nothing)).toMatchObject({ digits: '', ended: 'noInput' });
    expect(call.slept.map((slept) => Math.round(slept / 100))).toEqual([40]);
  });

  it('D6: say waits for a widget that listens, is heard and ends nothing', async () => {
    const call = play([{ say: 'Hello?' }]);
    await call.enter('say', 'play', words(3));
    expect(await call.enter('menu', 'collect', digits())).toMatchObject({ ended: 'noInput' });
    expect(call.kinds()).toEqual(['hears', 'hears', 'says']);
  });

  it('D6: with realTime prompts take their time', async () => {
    const call = play([until('say'), { wait: 0.1 }, HANG_UP], { realTime: true, realSleep: true });
    const start = Date.now();
    expect(await call.enter('say', 'play', words(300))).toEqual({ result: 'legGone' });
    expect(Date.now() - start).toBeGreaterThanOrEqual(99);
  });

  it('D6: prompts are heard one after the other', async () => {
    const call = play([]);
    const prompts = [{ text: 'one two' }, { file: '/nowhere/tune.wav' }, { text: 'three' }];
    await call.enter('say', 'play', { prompts });
    expect(call.partyEvents).toMatchObject([
      { text: 'one two' },
      { text: '[file /nowhere/tune.wav]' },
      { text: 'three' },
    ]);
    expect([
      ms(call.partyEvents[0]?.at, call.partyEvents[1]?.at),
      ms(call.partyEvents[1]?.at, call.partyEvents[2]?.at),
    ]).toEqual([600, 3000]);
  });

  it('D6: a caller who hangs up while it rings is gone when answered', async () => {
    const call = play([HANG_UP]);
    expect(await call.enter('answer', 'answer', {})).toEqual({ result: 'legGone' });
    expect(call.events).toMatchObject([{ type: 'legEnded', cause: 16, by: 'remote' }]);
  });
});

describe('B3: one media command at a time', () => {
  it('B3: a new media command, a stop and a hold each end the older one, which is done with what it has', async () => {
    const call = play([{ press: '1' }], { realSleep: true });
    const first = call.enter('a', 'collect', digits({ max: 4, interDigitTimeout: 30 }));
    while (!call.kinds().includes('presses')) await pause(1);
    const second = call.enter('b', 'collect', digits({ prompts: [], firstDigitTimeout: 30 }));
    expect(await first).toMatchObject({ result: 'done', digits: '1', ended: 'timeout' });
    await call.give('b', 'stop', {});
    expect(await second).toMatchObject({ result: 'done', digits: '', ended: 'noInput' });
    const third = call.enter('c', 'collect', digits({ prompts: [], firstDigitTimeout: 30 }));
    expect(await call.give('c', 'hold', { tune: 'waltz' })).toMatchObject({ result: 'done' });
    expect(await third).toMatchObject({ result: 'done' });
    call.bridge.removeCall('c');
  });

  it('H2: a media command replaces the hold, a stop ends it, a hang-up too', async () => {
    const call = play([]);
    await call.enter('hook', 'hold', { tune: 'waltz' });
    await call.enter('say', 'play', words(1));
    await call.enter('hook', 'hold', {});
    await call.give('hook', 'stop', {});
    await call.enter('hook', 'hold', {});
    await call.enter('bye', 'hangUp', { cause: 16 });
    const timeline = ['hold', 'holdEnds', 'hears', 'hold', 'holdEnds', 'hold', 'holdEnds', 'ended'];
    expect(call.kinds()).toEqual(timeline);
  });

  it('B3: a command that is repeated while it runs shares the one result', async () => {
    const { bridge, kinds } = play([]);
    const id = { commandId: 'w/1', seq: 1, leg: '1', callId: 'c', widget: 'say' };
    const command = { ...id, type: 'play', ...words(3) } as const;
    const [one, two] = await Promise.all([bridge.bridgeCommand(command), bridge.bridgeCommand(command)]);
    expect(one).toEqual(two);
    expect(kinds()).toEqual(['hears']);
  });

  it('B4: an unknown leg gives LEG_UNKNOWN, an unknown type NOT_SUPPORTED', async () => {
    const { bridge } = play([]);
    const command = { commandId: 'w/1', seq: 1, leg: '2', callId: 'c', widget: null, type: 'answer' } as const;
    await expect(bridge.bridgeCommand(command)).rejects.toMatchObject({ type: 'LEG_UNKNOWN' });
    const dance = { ...command, commandId: 'w/2', leg: '1', type: 'dance' } as unknown as BridgeCommand;
    await expect(bridge.bridgeCommand(dance)).rejects.toMatchObject({ type: 'NOT_SUPPORTED' });
  });

  it('B3: a call that is removed ends what runs and tells nothing more', async () => {
    const call = play([{ wait: 0.05 }, HANG_UP], { realSleep: true });
    const running = call.enter('a', 'collect', digits({ prompts: [], firstDigitTimeout: 30 }));
    await pause(10);
    call.bridge.removeCall('c');
    expect(await running).toEqual({ result: 'legGone' });
    await pause(80);
    expect([call.events, call.partyEvents]).toEqual([[], []]);
  });
});
