import { afterEach, describe, expect, it, vi } from 'vitest';
import { caller } from '../../flow/documents/caller.js';
import type { BridgeCommand, CommandFields, CommandType } from '../commands.js';
import type { BridgeEvent } from '../events.js';
import { BridgeError } from '../bridge-error.js';
import { type PartyEvent, SimulatedBridge } from './simulated-bridge.js';

/** A call whose workflow is the test: it gives commands and sees the events. */
function call(steps: object[], more: object = {}) {
  const events: BridgeEvent[] = [];
  const partyEvents: PartyEvent[] = [];
  const entered: string[] = [];
  const bridge = new SimulatedBridge('test', {
    sendEvent: async (_workflowId, event) => void events.push(event),
    entered: async () => entered,
    onPartyEvent: (entry) => void partyEvents.push(entry),
  });
  bridge.addCall({ callId: 'c', workflowId: 'w', direction: 'inbound', caller: caller.parse({ steps, ...more }) });
  let seq = 0;
  const command = <T extends CommandType>(type: T, fields: CommandFields[T], override: object = {}) => {
    seq += 1;
    const widget = 'widget' in override ? String(override.widget) : null;
    if (widget) entered.push(widget);
    return bridge.bridgeCommand({
      commandId: `w/${seq}`,
      seq,
      leg: '1',
      callId: 'c',
      widget,
      type,
      ...fields,
      ...override,
    } as unknown as BridgeCommand);
  };
  return { bridge, events, partyEvents, command };
}
const words = (count: number) => ({ prompts: [{ text: 'word '.repeat(count) }] });
const collect = (more: object = {}) => ({
  prompts: [{ text: 'Your digits please' }],
  ...{ min: 1, max: 20, terminator: '#', firstDigitTimeout: 1, interDigitTimeout: 1, keepDigits: false },
  ...more,
});

describe('D6: the simulated caller', () => {
  // The time-out of a test is below the 90 s; `script.test.ts` proves that nothing sleeps.
  it('D6: a hang-up at 1 s cuts a prompt of 90 s without really waiting', async () => {
    const { command, events } = call([{ until: { widget: 'say' } }, { wait: 1 }, { hangUp: true }]);
    const answered = await command('answer', {});
    expect(await command('play', words(300), { widget: 'say' })).toEqual({ result: 'legGone' });
    const ended = events.find((event) => event.type === 'legEnded');
    expect(ended).toMatchObject({ cause: 16, by: 'remote' });
    const from = answered.result === 'done' ? Date.parse(answered.at ?? '') : 0;
    expect(Math.abs(Date.parse(ended?.at ?? '') - from - 1000)).toBeLessThan(300);
  });

  it('D6: a prompt that nobody cuts takes 0.3 s a word of the time that the caller lives in', async () => {
    const { command } = call([]);
    const answered = await command('answer', {});
    const played = await command('play', words(100));
    const at = (result: object) => Date.parse('at' in result ? String(result.at) : '');
    expect(Math.abs(at(played) - at(answered) - 30_000)).toBeLessThan(500);
  });

  it('D6: press waits until a widget listens; the terminator is no part of the digits', async () => {
    const { command } = call([{ press: '12#' }, { press: '7' }]);
    await command('answer', {});
    await command('play', words(5));
    expect(await command('collect', collect())).toMatchObject({ result: 'done', digits: '12', ended: 'complete' });
    expect(await command('collect', collect({ max: 1 }))).toMatchObject({ digits: '7', ended: 'complete' });
  });

  it('D6: digits sent early are flushed, unless the widget keeps them', async () => {
    const flushed = call([{ press: '5', now: true }]);
    await flushed.command('answer', {});
    await flushed.command('play', words(20));
    expect(await flushed.command('collect', collect())).toMatchObject({ digits: '', ended: 'noInput' });
    const kept = call([{ press: '5', now: true }]);
    await kept.command('answer', {});
    await kept.command('play', words(20));
    expect(await kept.command('collect', collect({ max: 1, keepDigits: true }))).toMatchObject({ digits: '5' });
  });

  it('D6: too few digits end by the time between digits', async () => {
    const { command } = call([{ press: '1' }]);
    await command('answer', {});
    expect(await command('collect', collect({ min: 4 }))).toMatchObject({ digits: '1', ended: 'timeout' });
  });
});

describe('D6: a dialled party', () => {
  const dial = { to: '12', from: '9100', ringSeconds: 30, whileRinging: 'ring' } as const;
  const talk = async (legs: object) => {
    const { bridge, command, events, partyEvents } = call([], { legs });
    await command('answer', {});
    await command('dial', dial as CommandFields['dial'], { leg: '2' });
    await command('join', { with: '2' });
    // A prompt of half a minute lets time pass without waiting for it.
    await command('play', words(100));
    bridge.removeAll();
    return { ended: events.find((event) => event.type === 'legEnded'), partyEvents };
  };

  it('D6: hangs up 10 s after it was joined when the caller file does not script it, and that is reported', async () => {
    const { ended, partyEvents } = await talk({});
    expect(ended).toMatchObject({ leg: '2', by: 'remote', cause: 16 });
    const unscripted = partyEvents.find(({ kind }) => kind === 'unscripted');
    expect(unscripted).toMatchObject({ leg: '2', text: '12' });
    // The two times are read one after the other, on a clock that runs.
    const seconds = (Date.parse(ended?.at ?? '') - Date.parse(unscripted?.at ?? '')) / 1000;
    expect(Math.floor(seconds + 0.5)).toBe(10);
  });

  it('D6: stays on the line after its steps when the caller file scripts it', async () => {
    const { ended, partyEvents } = await talk({ 12: {} });
    expect(ended).toBeUndefined();
    expect(partyEvents.map(({ kind }) => kind)).not.toContain('unscripted');
  });
});

describe('V7: what a sensitive command makes happen', () => {
  it('V7: is marked, for what prints it: prompts, keys and the number of a party without a script', async () => {
    const { command, partyEvents } = call([{ press: '4711' }]);
    await command('answer', {});
    await command('collect', collect({ max: 4 }), { sensitive: true });
    await command('play', words(1));
    const dial = { to: '12', from: '34', ringSeconds: 5, whileRinging: 'ring' as const };
    await command('dial', dial, { leg: '2', sensitive: true });
    await command('join', { with: '2' });
    const marked = partyEvents.filter(({ sensitive }) => sensitive).map(({ kind }) => kind);
    expect(marked).toEqual(['hears', 'presses', 'unscripted']);
  });
});

describe('B3: the simulated bridge keeps the rules of commands', () => {
  it('B3: a repeated command gives its first result and acts once', async () => {
    const { command, events } = call([]);
    const first = await command('answer', {});
    expect(await command('answer', {}, { commandId: 'w/1', seq: 1 })).toEqual(first);
    expect(events.filter((event) => event.type === 'legAnswered')).toHaveLength(1);
  });

  it('B3, H2: a hold that arrives after a later command is dropped by its seq', async () => {
    const { command, partyEvents } = call([]);
    await command('answer', {});
    await command('play', words(2), { seq: 9 });
    expect(await command('hold', {}, { seq: 5 })).toEqual({ result: 'superseded' });
    expect(partyEvents.some((entry) => entry.kind === 'hold')).toBe(false);
  });

  it('B3: hangUp ends the leg once, with its cause, and what comes later finds it gone', async () => {
    const { command, events } = call([]);
    await command('answer', {});
    expect(await command('hangUp', { cause: 17 })).toMatchObject({ result: 'done' });
    expect(await command('hangUp', { cause: 16 })).toEqual({ result: 'legGone' });
    expect(await command('play', words(1))).toEqual({ result: 'legGone' });
    expect(events.filter((event) => event.type === 'legEnded')).toMatchObject([{ cause: 17, by: 'us' }]);
  });

  it('B2: events have ids of their own and a seq of 1, 2, 3', async () => {
    const { command, events } = call([]);
    await command('answer', {});
    await command('hangUp', { cause: 16 });
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
    expect(new Set(events.map((event) => event.eventId)).size).toBe(events.length);
  });

  it('B4: an unknown call gives LEG_UNKNOWN', async () => {
    const { bridge, command } = call([]);
    bridge.removeCall('c');
    await expect(command('answer', {})).rejects.toThrow(BridgeError);
  });
});

describe('B3: a call that has ended is forgotten, so that a bridge that runs for months does not grow', () => {
  const MINUTE = 60_000;
  afterEach(() => void vi.useRealTimers());
  const end = { type: 'hangUp', cause: 16, leg: '1', widget: null, seq: 1 } as const;
  /** A bridge on which calls arrive and are hung up at once. */
  const busy = () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const forgotten: string[] = [];
    const bridge = new SimulatedBridge('test', {
      sendEvent: async () => undefined,
      entered: async () => [],
      forgotten: (workflowId) => void forgotten.push(workflowId),
    });
    const arrive = (callId: string) =>
      bridge.addCall({ callId, workflowId: `w-${callId}`, direction: 'inbound', caller: caller.parse({}) });
    const hangUp = (callId: string) => bridge.bridgeCommand({ ...end, callId, commandId: `w-${callId}/1` });
    const call = async (callId: string) => {
      arrive(callId);
      return hangUp(callId);
    };
    return { arrive, hangUp, call, forgotten };
  };

  it('B3: a repeated command gets its first result for ten minutes, and no longer', async () => {
    const { hangUp, call, forgotten } = busy();
    const first = await call('a');
    vi.setSystemTime(Date.now() + 9 * MINUTE);
    await call('b');
    expect(await hangUp('a')).toEqual(first);
    vi.setSystemTime(Date.now() + 2 * MINUTE);
    await call('c');
    expect(forgotten).toEqual(['w-a']);
    await expect(hangUp('a')).rejects.toMatchObject({ type: 'LEG_UNKNOWN' });
  });

  it('B3: of more than ten thousand the oldest are forgotten at once, and none that is still up', async () => {
    const { arrive, hangUp, call, forgotten } = busy();
    arrive('up');
    vi.setSystemTime(Date.now() + 60 * MINUTE);
    for (let number = 0; number < 10_002; number++) await call(String(number));
    expect(forgotten).toEqual(['w-0', 'w-1']);
    expect(await hangUp('up')).toMatchObject({ result: 'done' });
  });
});
