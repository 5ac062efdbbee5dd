import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callProgress } from '../../src/calls/read-call.js';
import type { CallReport } from '../../src/engine/call-report.js';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import type { BridgeCommand, CommandResult, ListedResult } from '../../src/telephony/commands.js';
import { recordOf } from '../../src/recorded/record.js';
import { BridgeError } from '../../src/telephony/bridge-error.js';
import { flowOf, type Rig, timeSkippingRig, type TestCall } from '../support/rig.js';

/** Takes 30 s to say: time is skipped there, and far more of it than passes really between two commands on a busy machine. */
const HALF_A_MINUTE = Array.from({ length: 100 }, (_, index) => `word${index}`).join(' ');
const play = (next: string | null, text = HALF_A_MINUTE) => ({
  ...{ type: 'play', prompt: { text } },
  lines: next === null ? {} : { next },
});
const can: TestCall['can'] = ['sequence'];

/** A greeting with everything that may stand in a list. */
const greeting = (more: object = {}) =>
  flowOf({
    answer: { type: 'answerCall', lines: { next: 'hello' } },
    hello: play('note'),
    note: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.who', value: 'you' }], lines: { next: 'which' } },
    which: {
      type: 'decision',
      cases: [{ line: 'known', when: { left: '$flow.key.who', op: 'equals', right: 'you' } }],
      lines: { known: 'name', otherwise: 'never' },
    },
    never: play(null),
    name: play('menu', `${HALF_A_MINUTE} $flow.key.who`),
    menu: {
      ...{ type: 'menu', prompt: { text: HALF_A_MINUTE }, keys: { 1: 'one' }, attempts: 2, timeout: 20 },
      lines: { one: 'bye', noInput: 'bye' },
    },
    bye: play('out'),
    out: { type: 'hangUp', cause: 17 },
    ...more,
  });

const listsOf = (commands: readonly BridgeCommand[]) =>
  commands.map((command) => (command.type === 'sequence' ? command.commands.map(({ type }) => type) : command.type));

/** What must be the same whether commands come alone or in lists. */
const essence = ({ outcome, path, variables, persisted, error }: CallReport) => ({
  ...{ outcome, path, variables, persisted, error },
});

let rig: Rig;
let commandsBefore = 0;
beforeAll(async () => {
  rig = await timeSkippingRig();
});
afterAll(() => rig.close());

/** Runs a call alone and in lists, and gives both. */
async function both(call: TestCall): Promise<{ alone: CallReport; listed: CallReport; commands: BridgeCommand[] }> {
  const alone = await rig.run(call);
  commandsBefore = rig.commands.length;
  const listed = await rig.run({ ...call, can });
  return { alone, listed, commands: rig.commands.slice(commandsBefore) };
}

describe('B7: commands that need no decision between them come in one', () => {
  it('B7: play, decision and storeVariable are looked through; a menu is the last of a list', async () => {
    const { alone, listed, commands } = await both({ flow: greeting(), caller: { steps: [{ press: '1' }] } });
    expect(essence(listed)).toEqual(essence(alone));
    expect(listed.path.map(({ widget }) => widget)).toEqual(
      ['answer', 'hello', 'note', 'which', 'name', 'menu', 'bye', 'out'], // prettier-ignore
    );
    expect(listsOf(commands)).toEqual([
      ['answer', 'play', 'play', 'collect'],
      ['play', 'hangUp'],
    ]);
    const [first] = commands;
    if (first?.type !== 'sequence') throw new Error('no sequence');
    expect(first.commands[2]).toMatchObject({
      ...{ widget: 'name', passed: ['note', 'which'], leg: '1' },
      prompts: [{ text: `${HALF_A_MINUTE} you` }],
    });
    const ids = [first.commandId, ...first.commands.map(({ commandId }) => commandId)];
    expect(ids.map((id) => Number(id.split('/').at(-1)))).toEqual([1, 2, 3, 4, 5]);
    expect([first.seq, ...first.commands.map(({ seq }) => seq)]).toEqual([1, 2, 3, 4, 5]);
  });

  it('B7: where a line leads nowhere, the list has the hang-up with which the call ends', async () => {
    const flow = flowOf({ answer: { type: 'answerCall', lines: { next: 'hello' } }, hello: play(null) });
    const { alone, listed, commands } = await both({ flow });
    expect(essence(listed)).toEqual(essence(alone));
    expect(listsOf(commands)).toEqual([['answer', 'play', 'hangUp']]);
  });

  it('B7: a list has 16 commands at most', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
    const widgets = names.map((name, index) => [name, play(names[index + 1] ?? null, 'word')] as const);
    const { alone, listed, commands } = await both({ flow: flowOf(Object.fromEntries(widgets)) });
    expect(essence(listed)).toEqual(essence(alone));
    expect(listsOf(commands).map((list) => list.length)).toEqual([16, 16, 9]);
  });

  it('B7, V6: a list is no larger than Temporal takes, however large the texts are', async () => {
    const large = '$flow.key.large';
    const flow = flowOf({ a: play('b', large), b: play('c', large), c: play('d', large), d: play(null, large) });
    const variables = { '$flow.key.large': 'x'.repeat(60_000) };
    const { alone, listed, commands } = await both({ flow, variables });
    expect(essence(listed)).toEqual(essence(alone));
    expect(listsOf(commands)).toEqual([
      ['play', 'play'],
      ['play', 'play', 'hangUp'],
    ]);
  });

  it.each([
    [
      '$call.state',
      [
        ['answer', 'play'],
        ['play', 'hangUp'],
      ],
    ],
    ['$call.uuid and $call.cli.number', [['answer', 'play', 'play', 'hangUp']]],
  ])('B7: a list ends before a text that reads what may change: %s', async (text, lists) => {
    const flow = flowOf({
      ...{ answer: { type: 'answerCall', lines: { next: 'hello' } }, hello: play('told'), told: play(null, text) },
    });
    const { alone, listed, commands } = await both({ flow });
    expect(essence(listed)).toEqual(essence(alone));
    expect(listsOf(commands)).toEqual(lists);
  });

  it('B7: a bridge that says nothing gets single commands', async () => {
    commandsBefore = rig.commands.length;
    await rig.run({ flow: greeting(), caller: { steps: [{ press: '1' }] } });
    expect(rig.commands.slice(commandsBefore).map(({ type }) => type)).not.toContain('sequence');
  });

  it('B7: the history names the widgets of a list', async () => {
    const { handle, report } = await rig.start({ flow: greeting(), caller: { steps: [{ press: '1' }] }, can });
    await report();
    const { events } = await handle.fetchHistory();
    const summaries = (events ?? []).map(({ userMetadata }) => String(userMetadata?.summary?.data ?? ''));
    expect(summaries).toContain('"sequence for answer, hello, name, menu"');
    expect(summaries).toContain('"sequence for bye, out"');
  });

  it('B7, C3: no command over the limit of widgets is given', async () => {
    const limited = await timeSkippingRig({ limits: { ...DEFAULT_LIMITS, maxWidgets: 5 } });
    try {
      const alone = await limited.run({ flow: greeting() });
      const given = limited.commands.length;
      const listed = await limited.run({ flow: greeting(), can });
      expect(essence(listed)).toEqual(essence(alone));
      expect(listed.error?.code).toBe('WIDGET_LIMIT');
      expect(listsOf(limited.commands.slice(given))).toEqual([['answer', 'play', 'play'], 'hangUp']);
    } finally {
      await limited.close();
    }
  });

  it('B7, C3: a call that continues as new still gives lists, and none is cut by that', async () => {
    const renewing = await timeSkippingRig({ limits: { ...DEFAULT_LIMITS, renewAfterEvents: 12 } });
    try {
      const flow = greeting({ bye: play('again'), again: { type: 'counter', limit: 3, lines: { next: 'hello' } } });
      const caller = { steps: [{ press: '1' }, { press: '1' }, { press: '1' }] };
      const alone = await renewing.run({ flow, caller });
      const given = renewing.commands.length;
      const { handle, report } = await renewing.start({ flow, caller, can });
      const listed = await report();
      expect(essence(listed)).toEqual(essence(alone));
      const lists = listsOf(renewing.commands.slice(given));
      expect(lists.filter((list) => Array.isArray(list)).length).toBeGreaterThanOrEqual(4);
      const [first] = (await handle.fetchHistory()).events ?? [];
      expect(first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId).toBeTruthy();
    } finally {
      await renewing.close();
    }
  });
});

describe('B7: a hang-up while a list is out cuts the widget that was under way', () => {
  // The prompts play from 0 to 30 s, to 60.3 s and to 90.3 s; the menu then waits for 20 s, and asks again.
  it.each([5, 25, 35, 55, 65, 100, 120, 150])('B7, C1: after %d s', async (seconds) => {
    const caller = { steps: [{ wait: seconds }, { hangUp: true }] };
    const { alone, listed } = await both({ flow: greeting(), caller });
    expect(essence(listed)).toEqual(essence(alone));
    expect(listed.outcome).toBe('hungUp');
    expect(listed.path.at(-1)?.line).toBeNull();
  });

  it('B7, C1: On Remote Hangup then runs', async () => {
    const flow = greeting({ gone: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.gone', value: 'yes' }] } });
    const caller = { steps: [{ wait: 35 }, { hangUp: true }] };
    const { alone, listed } = await both({ flow: { ...flow, onRemoteHangup: 'gone' }, caller });
    expect(essence(listed)).toEqual(essence(alone));
    expect(listed.variables['$flow.key.gone']).toBe('yes');
  });
});

/** Lets a bridge do something else for one widget's commands. */
async function withOther<T>(
  otherwise: (command: BridgeCommand) => ListedResult | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const { bridge } = rig.simulator;
  const obey = bridge.bridgeCommand.bind(bridge);
  const one = async (command: BridgeCommand): Promise<ListedResult> => otherwise(command) ?? obey(command);
  bridge.bridgeCommand = async (command): Promise<CommandResult> => {
    if (command.type !== 'sequence') {
      const result = await one(command);
      if ('error' in result) throw new BridgeError(result.error.type as 'BUSY', result.error.message);
      return result;
    }
    rig.commands.push(command);
    const results: ListedResult[] = [];
    for (const inner of command.commands) {
      results.push(await one(inner));
      const last = results.at(-1);
      if (!last || 'error' in last || last.result !== 'done') break;
    }
    return { result: 'done', results };
  };
  try {
    return await work();
  } finally {
    bridge.bridgeCommand = obey;
  }
}

describe('B7: what is not done ends a list', () => {
  const failing = (widget: string, result: ListedResult) => (command: BridgeCommand) =>
    command.widget === widget ? result : undefined;
  const sorry = (name: string) => {
    const { widgets } = greeting() as { widgets: Record<string, { lines: object }> };
    const widget = widgets[name];
    return greeting({ [name]: { ...widget, lines: { ...widget?.lines, failure: 'sorry' } }, sorry: play(null) });
  };

  it.each(['answer', 'hello', 'name', 'menu', 'bye'])(
    'B7, B4: an error of "%s" is a line of it alone',
    async (name) => {
      const error = { type: 'MEDIA_FAILED', message: 'no sound' };
      const call = { flow: sorry(name), caller: { steps: [{ press: '1' }] } };
      const { alone, listed } = await withOther(failing(name, { error }), () => both(call));
      expect(essence(listed)).toEqual(essence(alone));
      expect(listed.path.find(({ widget }) => widget === name)?.line).toBe('failure');
    },
  );

  it.each(['answer', 'hello', 'name', 'menu', 'bye', 'out'])('B7, B3: "%s" is superseded', async (name) => {
    const call = { flow: sorry(name === 'out' ? 'bye' : name), caller: { steps: [{ press: '1' }] } };
    const { alone, listed } = await withOther(failing(name, { result: 'superseded' }), () => both(call));
    expect(essence(listed)).toEqual(essence(alone));
  });

  it('B7: a bridge that knows no sequences after all gets the same commands one by one', async () => {
    const { bridge } = rig.simulator;
    const obey = bridge.bridgeCommand.bind(bridge);
    bridge.bridgeCommand = async (command) => {
      if (command.type === 'sequence') throw new BridgeError('NOT_SUPPORTED', 'what is that?');
      return obey(command);
    };
    try {
      const { alone, listed, commands } = await both({ flow: greeting(), caller: { steps: [{ press: '1' }] } });
      expect(essence(listed)).toEqual(essence(alone));
      expect(listsOf(commands)).toEqual(['answer', 'play', 'play', 'collect', 'play', 'hangUp']);
    } finally {
      bridge.bridgeCommand = obey;
    }
  });

  it.each([{}, { results: [] }, { results: 'all' }, { results: [{ result: 'perhaps' }] }])(
    'B7: a sequence that is answered by %j fails its first command',
    async (answer) => {
      const { bridge } = rig.simulator;
      const obey = bridge.bridgeCommand.bind(bridge);
      bridge.bridgeCommand = async (command) =>
        command.type === 'sequence' ? ({ result: 'done', ...answer } as CommandResult) : obey(command);
      try {
        const report = await rig.run({ flow: greeting(), can });
        expect(report.path).toMatchObject([{ widget: 'answer', line: 'failure' }]);
      } finally {
        bridge.bridgeCommand = obey;
      }
    },
  );
});

it('B7, V7: what a list says or gathers is marked as alone, also where it is made of a sensitive value in the list', async () => {
  const pin = { saveIn: '$flow.key.pin', value: '4711', sensitive: true };
  const told = { saveIn: '$flow.key.told', value: 'PIN $flow.key.pin' };
  const flow = flowOf({
    answer: { type: 'answerCall', lines: { next: 'hello' } },
    hello: play('set'),
    set: { type: 'storeVariable', assign: [pin, told], lines: { next: 'say' } },
    say: play('unset', 'It is $flow.key.told.'),
    unset: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.told', value: null }], lines: { next: 'ask' } },
    ask: { type: 'collectDigits', saveIn: '$flow.key.digits', sensitive: true, prompt: { text: 'And yours?' } },
  });
  const { alone, listed, commands } = await both({ flow, caller: { steps: [{ press: '12#' }] } });
  expect(essence(listed)).toEqual(essence(alone));
  const given = commands.flatMap((command) => (command.type === 'sequence' ? command.commands : [command]));
  expect(given.map(({ widget, sensitive }) => [widget, sensitive])).toEqual([
    ...[['answer', undefined], ['hello', undefined], ['say', true], ['ask', true], [null, undefined]], // prettier-ignore
  ]);
  const timelines = await Promise.all(
    [alone, listed].map(({ call }) => callProgress(rig.env.client.workflow.getHandle(call))),
  );
  for (const { timeline } of timelines) expect(JSON.stringify(timeline)).not.toMatch(/4711|"12/);
});

// They wait for half a minute of real time: a command that is under way holds the server's time until its heartbeats are missed.
describe.concurrent('B7, B5: a bridge that is gone while a list is out', () => {
  const flow = flowOf({
    answer: { type: 'answerCall', lines: { next: 'hello', failure: 'sorry' } },
    ...{ hello: play(null), sorry: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.sorry', value: 'yes' }] } },
  });

  /** Runs a call against a bridge written for the test. */
  async function withBridge(obey: (command: BridgeCommand, times: number) => Promise<CommandResult>) {
    const own = await timeSkippingRig();
    const taskQueue = `bridge-${randomUUID()}`;
    const commands: BridgeCommand[] = [];
    const worker = await Worker.create({
      ...{ connection: own.env.nativeConnection, namespace: 'default', taskQueue },
      activities: {
        bridgeCommand(command: BridgeCommand): Promise<CommandResult> {
          commands.push(command);
          return obey(command, commands.filter(({ commandId }) => commandId === command.commandId).length);
        },
      },
    });
    const report = await worker.runUntil(() => own.run({ flow, bridge: { id: 'of-the-test', taskQueue, can } }));
    await own.close();
    return { report, commands };
  }
  const dead = () =>
    new Promise<never>((_, reject) => Context.current().cancellationSignal.addEventListener('abort', reject));

  it('B7, B5: the call ends as BRIDGE_GONE at the widget that began the list', async () => {
    const report = await rig.run({ flow, bridge: { id: 'nobody', taskQueue: `bridge-${randomUUID()}`, can } });
    expect(report).toMatchObject({ outcome: 'failed', error: { code: 'BRIDGE_GONE', widget: 'answer' } });
    expect(report.path).toMatchObject([{ widget: 'answer', line: null }]);
  });

  it('B7, B5: one that is back and knows the call gives the first results, and takes up the rest', async () => {
    const { report, commands } = await withBridge(async ({ type }, times) => {
      if (times === 1) return dead();
      const at = new Date().toISOString();
      return {
        result: 'done',
        at,
        ...(type === 'sequence' && { results: [1, 2, 3].map(() => ({ result: 'done', at })) }),
      };
    });
    expect(report).toMatchObject({ outcome: 'completed', path: [{ line: 'next' }, { line: 'next' }] });
    expect(commands.map(({ commandId }) => commandId)).toEqual([commands[0]?.commandId, commands[0]?.commandId]);
  });

  it('B7, B4: one that is back and knows no call says so of the first command, whose failure line is taken', async () => {
    const error = { type: 'LEG_UNKNOWN', message: 'what call?' };
    const { report } = await withBridge(async ({ type }, times) => {
      if (times === 1 && type === 'sequence') return dead();
      return { result: 'done', ...(type === 'sequence' && { results: [{ error }] }) };
    });
    expect(report.path).toMatchObject([{ widget: 'answer', line: 'failure' }, { widget: 'sorry' }]);
  });
});

describe('B7, D6: a caller who waits for a widget of a list', () => {
  // Until the answer: where commands come alone, the hang-up may come between two of them.
  it.each(['hello', 'note', 'which', 'name', 'menu'])('B7, D6: until "%s"', async (widget) => {
    const caller = { steps: [{ until: { widget } }, { wait: 10 }, { hangUp: true }] };
    const { alone, listed } = await both({ flow: greeting(), caller });
    expect(essence(listed)).toEqual(essence(alone));
    expect(listed.outcome).toBe('hungUp');
  });

  it('B7, D6: each visit of a widget counts once, also when lists go round', async () => {
    const flow = greeting({ bye: play('hello') });
    const twice = [{ until: { widget: 'name' } }, { press: '1' }];
    const caller = { steps: [...twice, ...twice, { until: { widget: 'hello' } }, { wait: 10 }, { hangUp: true }] };
    const { alone, listed } = await both({ flow, caller });
    expect(essence(listed)).toEqual(essence(alone));
  });
});

describe('B7: what cuts a list from our side', () => {
  const inRealTime = { realTime: true, steps: [] };
  const flow = flowOf({
    ...{ answer: { type: 'answerCall', lines: { next: 'hello' } }, hello: play('name', 'one two'), name: play('last') },
    last: play(null),
  });

  it('B7, C1: a cancelled call hangs up, and reports the widget that was under way', async () => {
    const { handle, report } = await rig.start({ flow, caller: inRealTime, can });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await handle.cancel();
    const { outcome, path, error } = await report();
    expect({ outcome, widgets: path.map(({ widget, line }) => `${widget} ${line}`), code: error?.code }).toEqual({
      ...{ outcome: 'cancelled', code: 'CANCELLED' },
      widgets: ['answer next', 'hello next', 'name null'],
    });
  });

  it('B7, C3: a call that lasts too long hangs up, and reports the widget that was under way', async () => {
    const short = await timeSkippingRig({ limits: { ...DEFAULT_LIMITS, maxCallSeconds: 2 } });
    try {
      const { outcome, path, error } = await short.run({ flow, caller: inRealTime, can });
      expect({ outcome, widgets: path.map(({ widget, line }) => `${widget} ${line}`), code: error?.code }).toEqual({
        ...{ outcome: 'failed', code: 'CALL_TOO_LONG' },
        widgets: ['answer next', 'hello next', 'name null'],
      });
    } finally {
      await short.close();
    }
  });
});

it('B7: the times of the timeline are those of the results, and in order', async () => {
  const flow = flowOf({
    ...{
      answer: { type: 'answerCall', lines: { next: 'one' } },
      one: play('two', 'one two'),
      two: play('three', 'one'),
    },
    three: play(null, 'one two three'),
  });
  const { handle, report } = await rig.start({ flow, caller: { realTime: true }, can });
  await report();
  const { timeline } = await callProgress(handle);
  expect(timeline.map(({ at }) => at)).toEqual([...timeline.map(({ at }) => at)].sort((a, b) => a - b));
  const at = (widget: string) =>
    timeline.find(({ kind, text }) => kind === 'widget' && text.startsWith(widget))?.at ?? 0;
  expect(at('two') - at('one')).toBeGreaterThan(500);
  expect(at('three') - at('two')).toBeGreaterThan(200);
});

it.each([
  ['presses a key', [{ press: '1' }]],
  ['presses too early, which counts for nothing', [{ wait: 15 }, { press: '1', now: true }]],
])('B7: the recorded call of one who %s reads the same', async (_what, steps) => {
  const { alone, listed } = await both({ flow: greeting(), caller: { steps } });
  const [one, other] = await Promise.all([alone, listed].map(({ call }) => recordOf(rig.env.client, call, true)));
  expect(other?.heard).toEqual(one?.heard);
  // Without lists, real time passes between two commands.
  const stepsOf = (record: typeof one) => record?.caller.steps ?? [];
  const waits = (record: typeof one) => stepsOf(record).map((step) => ('wait' in step ? step.wait : 0));
  const shape = (record: typeof one) => stepsOf(record).map((step) => ('wait' in step ? 'wait' : step));
  expect(shape(other)).toEqual(shape(one));
  for (const [at, wait] of waits(other).entries()) expect(Math.abs(wait - (waits(one)[at] ?? 0))).toBeLessThan(5);
  expect(other?.doubts).toEqual(one?.doubts);
});
