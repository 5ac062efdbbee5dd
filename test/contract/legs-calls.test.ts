import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCountDial, type DialTask } from '../../src/activities/count-dial.js';
import { callProgress, callReport } from '../../src/calls/read-call.js';
import { startCall, type StartedCall } from '../../src/calls/start-call.js';
import { answer, Target } from '../support/target.js';
import { flowOf, timeSkippingRig, type Rig } from '../support/rig.js';

let rig: Rig;
let target: Target;

beforeAll(async () => {
  rig = await timeSkippingRig({ activities: { countDial } });
  target = await Target.start();
  target.on('/end', answer(200));
});

afterAll(async () => {
  await rig.close();
  await target.stop();
});

/** An account whose dials nobody can count. */
const UNCOUNTED = 99;
const counted = createCountDial(undefined);
const countDial = (task: DialTask) =>
  task.account === UNCOUNTED ? Promise.reject(new Error('the store is away')) : counted(task);

const AGENT = '912233445566';
const answerCall = { type: 'answerCall', lines: { next: 'dial' } };
const store = (value: string) => ({ type: 'storeVariable', assign: [{ saveIn: '$flow.key.took', value }] });
/** A flow whose widget `dial` leads each of its lines to a note of that line. */
const flowAround = (dial: object, lines: string[], more: object = {}) =>
  flowOf(
    {
      answer: answerCall,
      dial: { ...dial, lines: Object.fromEntries(lines.map((line) => [line, line])) },
      ...Object.fromEntries(lines.map((line) => [line, store(line)])),
    },
    more,
  );
/** The same flow, but `dial` runs once the caller is gone. */
const afterTheCall = (flow: object) => {
  const { widgets } = flow as { widgets: object };
  return { ...flow, start: 'hang', onFlowComplete: 'dial', widgets: { ...widgets, hang: { type: 'hangUp' } } };
};
const account = () => ({
  httpEnabled: true,
  targetAllowList: ['127.0.0.1'],
  defaultWebhook: { url: target.url('/end') },
});
const commandsOf = (report: { call: string }) =>
  rig.commands.filter(({ commandId }) => commandId.startsWith(`${report.call}/`));

const CALL_LINES = ['next', 'busy', 'noAnswer', 'rejected', 'unreachable', 'left', 'failure'];

describe('the recording of a whole call', () => {
  const widgets = { answer: { type: 'answerCall', lines: { next: 'bye' } }, bye: { type: 'hangUp' } };
  const flow = (more: object) => flowOf(widgets, { flowEndWebhook: true, ...more });
  const whole = expect.stringMatching(/call\.wav$/) as unknown;

  it.each([[undefined], [['sequence' as const]]])(
    'B3, E3: it begins with the answer, and the flow end names it (can: %s)',
    async (can) => {
      const report = await rig.run({ flow: flow({ record: true }), account: account(), ...(can && { can }) });
      expect(report.flowEnd?.payload.recordingUrls).toEqual([
        { recordedFileName: 'call', recordedFilePublicPath: whole },
      ]);
      expect(JSON.stringify(commandsOf(report))).toContain('"record":{"name":"call"}');
    },
  );

  it('B3: a flow that does not ask for it is not recorded', async () => {
    const report = await rig.run({ flow: flow({}), account: account() });
    expect(report.flowEnd?.payload.recordingUrls).toBeUndefined();
    expect(JSON.stringify(commandsOf(report))).not.toContain('"record"');
  });

  it('B3: a caller who leaves before the answer leaves no recording that is waited for', async () => {
    const began = Date.now();
    const caller = { realTime: true, steps: [{ hangUp: true }] };
    const slow = flowOf(
      { pause: { type: 'delay', seconds: 5, lines: { next: 'answer' } }, ...widgets },
      { record: true },
    );
    expect((await rig.run({ flow: slow, caller })).outcome).toBe('hungUp');
    expect(Date.now() - began).toBeLessThan(9000);
  });
});

describe('makeCall', () => {
  const makeCall = (more: object = {}) =>
    flowAround({ type: 'makeCall', to: AGENT, leaveKey: '*', ...more }, CALL_LINES, { flowEndWebhook: true });
  const leg = (more: object) => ({ legs: { [AGENT]: more } });

  it('B3: the party answers, the two are joined, and the flow goes on when the party leaves', async () => {
    const caller = leg({ after: 2, steps: [{ wait: 20 }, { hangUp: true }] });
    const report = await rig.run({ flow: makeCall(), caller, account: account() });
    expect(report).toMatchObject({ outcome: 'completed', variables: { '$flow.key.took': 'next' } });
    expect(commandsOf(report).map(({ type, leg: on }) => `${type} ${on}`)).toEqual([
      'answer 1',
      'dial 2',
      'join 1',
      'hangUp 1',
    ]);
  });

  it.each([
    ['busy', { answers: false, because: 'busy' }, 'busy', '17'],
    ['noAnswer', { answers: false }, 'noAnswer', '19'],
    ['an answer after the ringing ended', { after: 60 }, 'noAnswer', '19'],
    ['rejected', { answers: false, because: 'rejected' }, 'rejected', '21'],
    ['unreachable', { answers: false, because: 'unreachable' }, 'unreachable', '20'],
  ])('B4: %s has a line and a cause of its own', async (_what, party, line, cause) => {
    const report = await rig.run({ flow: makeCall(), caller: leg(party), account: account() });
    expect(report.variables).toEqual({ '$flow.key.took': line });
    const [visitor, agent] = report.flowEnd?.payload.callDetails ?? [];
    expect(visitor).toMatchObject({ calleeType: 'VISITOR', hangupCause: '16' });
    expect(agent).toMatchObject({ calleeType: 'AGENT', calleeNumber: AGENT, hangupCause: cause, duration: '0' });
    expect(agent).not.toHaveProperty('connectTime');
  });

  it('B4: numbers are tried in turn until one answers', async () => {
    const flow = makeCall({ to: ['900001', '900002', '900003'] });
    const legs = {
      '900001': { answers: false, because: 'busy' },
      '900002': { steps: [{ wait: 1 }, { hangUp: true }] },
    };
    const report = await rig.run({ flow, caller: { legs }, account: account() });
    expect(report.variables).toEqual({ '$flow.key.took': 'next' });
    const dialled = commandsOf(report).flatMap((command) => (command.type === 'dial' ? [command.to] : []));
    expect(dialled).toEqual(['900001', '900002']);
  });

  it('B4: when none answers, the line of the last one is taken', async () => {
    const legs = { '1': { answers: false, because: 'busy' }, '2': { answers: false, because: 'rejected' } };
    const report = await rig.run({ flow: makeCall({ to: ['1', '2'] }), caller: { legs }, account: account() });
    expect(report.variables).toEqual({ '$flow.key.took': 'rejected' });
  });

  it('B2, B3: a machine that answers is no conversation: its leg is hung up, the next number is tried, and the line is machine', async () => {
    const flow = flowAround({ type: 'makeCall', to: ['1', '2'], detectMachine: true }, ['next', 'machine', 'failure']);
    const report = await rig.run({ flow, caller: { legs: { '1': { machine: true }, '2': { machine: true } } } });
    expect(report.variables).toEqual({ '$flow.key.took': 'machine' });
    expect(commandsOf(report).map(({ type, leg: on }) => `${type} ${on}`)).toEqual([
      ...['answer 1', 'dial 2', 'hangUp 2', 'dial 3', 'hangUp 3', 'hangUp 1'],
    ]);
  });

  it('B3: a person who answers is joined, and who answers is not asked where the widget does not say so', async () => {
    const lines = ['next', 'machine', 'failure'];
    const flow = flowAround({ type: 'makeCall', to: '1', detectMachine: true }, lines);
    const caller = { legs: { '1': { steps: [{ wait: 1 }, { hangUp: true }] } } };
    expect((await rig.run({ flow, caller })).variables).toEqual({ '$flow.key.took': 'next' });
    const unasked = await rig.run({
      flow: makeCall(),
      account: account(),
      caller: leg({ machine: true, steps: [{ wait: 1 }, { hangUp: true }] }),
    });
    expect(unasked.variables).toEqual({ '$flow.key.took': 'next' });
    expect(commandsOf(unasked).find(({ type }) => type === 'dial')).not.toHaveProperty('detectMachine');
  });

  it('B1, B3: of a call that we place the flow knows who answered', async () => {
    const flow = flowOf({
      who: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.took', value: '$call.answeredBy' }] },
    });
    rig.simulator.bridge.behave({ '501': { machine: true }, '502': {} });
    const { bridge, taskQueue } = rig.simulator;
    const placed = async (to: string, asked: object) => {
      const handle = await startCall(
        rig.env.client,
        {
          ...{ account: { id: 1 }, flow: { ...flow, id: 'testflow', type: 'outbound' } },
          call: { id: randomUUID(), direction: 'outbound', from: '1', to, startedAt: new Date().toISOString() },
          bridge: { id: bridge.id, taskQueue },
          dial: { numbers: [to], ...asked },
        } as StartedCall,
        { taskQueue: rig.taskQueue },
      );
      return callReport(handle);
    };
    const [machine, human, unasked] = await Promise.all([
      placed('501', { detectMachine: true, waitForBeep: true }),
      placed('502', { detectMachine: true }),
      placed('501', {}),
    ]);
    expect([machine, human, unasked].map(({ variables }) => variables['$flow.key.took'])).toEqual([
      'machine',
      'human',
      undefined,
    ]);
    expect(commandsOf(machine).find(({ type }) => type === 'dial')).toMatchObject({
      detectMachine: true,
      waitForBeep: true,
    });
  });

  it('V4: without a number the failure line is taken, and nothing is dialled', async () => {
    const report = await rig.run({ flow: makeCall({ to: '$flow.key.nobody' }), account: account() });
    expect(report.variables).toEqual({ '$flow.key.took': 'failure' });
    expect(commandsOf(report).some(({ type }) => type === 'dial')).toBe(false);
  });

  it('H6: the key that the widget names leaves the ringing, and the party is rung no more', async () => {
    const caller = {
      ...leg({ answers: false }),
      steps: [{ until: { widget: 'dial' } }, { wait: 3 }, { press: '1', now: true }, { press: '*', now: true }],
    };
    const report = await rig.run({ flow: makeCall(), caller, account: account() });
    expect(report.variables).toEqual({ '$flow.key.took': 'left' });
    expect(commandsOf(report).map(({ type, leg: on }) => `${type} ${on}`)).toEqual([
      'answer 1',
      'dial 2',
      'hangUp 2',
      'hangUp 1',
    ]);
    expect(report.flowEnd?.payload.callDetails).toHaveLength(2);
  });

  it('C1: a caller who hangs up while the party is rung ends the ringing at once', async () => {
    const flow = {
      ...(makeCall() as Record<string, unknown>),
      onRemoteHangup: 'left',
    };
    const caller = {
      ...leg({ answers: false }),
      steps: [{ until: { widget: 'dial' } }, { wait: 2 }, { hangUp: true }],
    };
    const report = await rig.run({ flow, caller, account: account() });
    expect(report).toMatchObject({ outcome: 'hungUp', variables: { '$flow.key.took': 'left' } });
    const [visitor, agent] = report.flowEnd?.payload.callDetails ?? [];
    expect(visitor).toMatchObject({ remoteHangup: true });
    expect(agent).toMatchObject({ remoteHangup: false, duration: '0' });
    expect(commandsOf(report).at(-1)).toMatchObject({ type: 'hangUp', leg: '2' });
  });

  it('C1: a caller who hangs up in the conversation takes the party with him', async () => {
    const steps = [{ until: { joined: true } }, { wait: 40 }, { hangUp: true }];
    const caller = { ...leg({ after: 1 }), steps };
    const report = await rig.run({ flow: makeCall(), caller, account: account() });
    expect(report).toMatchObject({ outcome: 'hungUp', path: [{ line: 'next' }, { line: null }] });
    expect(commandsOf(report).at(-1)).toMatchObject({ type: 'hangUp', leg: '2' });
  });

  it('E3: a conversation is two legs in the flow end, each with its times, its cause and who hung up', async () => {
    const caller = {
      from: '919800000001',
      to: '912200000002',
      ...leg({ after: 2, steps: [{ wait: 30 }, { hangUp: true }] }),
    };
    const report = await rig.run({ flow: makeCall(), caller, account: { ...account(), timeZone: 'Asia/Kolkata' } });
    const [visitor, agent] = report.flowEnd?.payload.callDetails ?? [];
    expect(visitor).toMatchObject({
      calleeType: 'VISITOR',
      calleeNumber: '919800000001',
      didNumber: '912200000002',
      incoming: true,
      remoteHangup: false,
      cdrId: expect.stringMatching(/^[0-9a-f-]{36}#1$/),
    });
    expect(agent).toMatchObject({
      calleeType: 'AGENT',
      calleeNumber: AGENT,
      didNumber: '912200000002',
      remoteHangup: true,
      hangupCause: '16',
      cdrId: expect.stringMatching(/^[0-9a-f-]{36}#2$/),
      connectTime: expect.stringMatching(/\+05:30$/),
    });
    expect(agent).not.toHaveProperty('incoming');
    expect(Math.abs(Number(agent?.duration) - 30_000)).toBeLessThan(2000);
    const rang = Date.parse(agent?.connectTime ?? '') - Date.parse(agent?.startTime ?? '');
    expect(Math.abs(rang - 2000)).toBeLessThan(1500);
  });

  it('E3: a recorded conversation stands in recordingUrls', async () => {
    const caller = leg({ steps: [{ wait: 5 }, { hangUp: true }] });
    const report = await rig.run({ flow: makeCall({ record: true }), caller, account: account() });
    expect(report.flowEnd?.payload.recordingUrls).toEqual([
      { recordedFileName: 'dial-1', recordedFilePublicPath: expect.stringContaining('dial-1.wav') },
    ]);
  });

  it('E3: a conversation that the caller ends is recorded all the same', async () => {
    const caller = { ...leg({}), steps: [{ until: { joined: true } }, { wait: 9 }, { hangUp: true }] };
    const report = await rig.run({ flow: makeCall({ record: true }), caller, account: account() });
    expect(report.flowEnd?.payload.recordingUrls).toHaveLength(1);
  });

  it('B3: what the caller hears meanwhile, and whose number is shown, is told to the bridge', async () => {
    const flow = makeCall({ whileRinging: 'earlyMedia', from: '9140', ringSeconds: 40 });
    const caller = leg({ earlyMedia: true, steps: [{ wait: 1 }, { hangUp: true }] });
    const report = await rig.run({ flow, caller, account: account() });
    expect(commandsOf(report).find(({ type }) => type === 'dial')).toMatchObject({
      leg: '2',
      to: AGENT,
      from: '9140',
      ringSeconds: 40,
      whileRinging: 'earlyMedia',
      heardBy: '1',
    });
  });

  it('C1: with the caller gone it takes the failure line', async () => {
    const report = await rig.run({ flow: afterTheCall(makeCall()), account: account() });
    expect(report.variables).toEqual({ '$flow.key.took': 'failure' });
  });
});

describe('agentConnect', () => {
  const LINES = ['next', 'overflow', 'left', 'failure'];
  const agents = (...numbers: string[]) => numbers.map((number) => ({ number }));
  let id = 100;
  const owner = (more: object) => ({ ...account(), id: (id += 1), ...more });
  const flow = (more: object = {}) => flowAround({ type: 'agentConnect', leaveKey: '*', ...more }, LINES);
  const talks = { after: 1, steps: [{ wait: 5 }, { hangUp: true }] };
  const dialled = (report: { call: string }) =>
    commandsOf(report).flatMap((command) => (command.type === 'dial' ? [command.to] : []));

  it('F4: a paused agent gets no call', async () => {
    const own = owner({ agents: [{ number: 'a1', paused: true }, { number: 'a2' }] });
    const report = await rig.run({ flow: flow(), account: own, caller: { legs: { a2: talks } } });
    expect(report.variables).toEqual({ '$flow.key.took': 'next' });
    expect(dialled(report)).toEqual(['a2']);
  });

  it('an agent who does not answer is passed over for the next one', async () => {
    const own = owner({ agents: agents('a1', 'a2') });
    const legs = { a1: { answers: false, because: 'rejected' }, a2: talks };
    const report = await rig.run({ flow: flow(), account: own, caller: { legs } });
    expect(dialled(report)).toEqual(['a1', 'a2']);
    expect(report.variables).toEqual({ '$flow.key.took': 'next' });
  });

  it('overflow: nobody there, nobody who answers, or as many tries as allowed', async () => {
    const nobody = await rig.run({ flow: flow(), account: owner({ agents: [{ number: 'a', paused: true }] }) });
    expect(nobody.variables).toEqual({ '$flow.key.took': 'overflow' });
    const legs = { a1: { answers: false }, a2: { answers: false, because: 'busy' }, a3: talks };
    const own = owner({ agents: agents('a1', 'a2', 'a3') });
    const report = await rig.run({ flow: flow({ attempts: 2, ringSeconds: 10 }), account: own, caller: { legs } });
    expect(report.variables).toEqual({ '$flow.key.took': 'overflow' });
    expect(dialled(report)).toEqual(['a1', 'a2']);
  });

  it('H6: the caller may leave the ringing by a key', async () => {
    const steps = [{ until: { widget: 'dial' } }, { wait: 2 }, { press: '*', now: true }];
    const caller = { steps, legs: { a1: { answers: false } } };
    const report = await rig.run({ flow: flow(), account: owner({ agents: agents('a1') }), caller });
    expect(report.variables).toEqual({ '$flow.key.took': 'left' });
  });

  it('roundRobin goes through the agents, fixedOrder begins with the first each time', async () => {
    const legs = { a1: talks, a2: talks, a3: talks };
    const first = async (own: object, more: object) => {
      const report = await rig.run({ flow: flow(more), account: own, caller: { legs } });
      return dialled(report)[0];
    };
    const own = owner({ agents: agents('a1', 'a2', 'a3') });
    const turns = [await first(own, {}), await first(own, {}), await first(own, {}), await first(own, {})];
    expect(turns).toEqual(['a1', 'a2', 'a3', 'a1']);
    expect(await first(own, { strategy: 'fixedOrder' })).toBe('a1');
    expect(await first(own, { strategy: 'fixedOrder' })).toBe('a1');
    expect(await first(own, { strategy: 'longestIdle' })).toBe('a2');
    expect(await first(own, { agents: ['a3'], strategy: 'fixedOrder' })).toBe('a3');
  });

  it('an agent speaks with one caller at a time, and is free again afterwards', async () => {
    const own = owner({ agents: agents('a1') });
    // Who stays: an agent that left in the moment of the cancellation would show a fault of the server (docs/check.md).
    const first = await rig.start({ flow: flow(), account: own, caller: { legs: { a1: { after: 1, steps: [] } } } });
    await waitFor(async () => commandsOf({ call: first.handle.workflowId }).some(({ type }) => type === 'join'));
    const second = await rig.run({ flow: flow(), account: own });
    expect(second.variables).toEqual({ '$flow.key.took': 'overflow' });
    await first.handle.cancel();
    expect(await first.report()).toMatchObject({ outcome: 'cancelled' });
    const third = await rig.run({ flow: flow(), account: own, caller: { legs: { a1: talks } } });
    expect(third.variables).toEqual({ '$flow.key.took': 'next' });
  });

  it('C1: with the caller gone it takes the failure line', async () => {
    const document = afterTheCall(flow());
    const report = await rig.run({ flow: document, account: owner({ agents: agents('a1') }) });
    expect(report.variables).toEqual({ '$flow.key.took': 'failure' });
  });

  it('an agent whose call was terminated is free again', async () => {
    // The server stops skipping time once a call has closed with a command under way.
    const alone = await timeSkippingRig();
    const own = owner({ agents: agents('a1') });

    const first = await alone.start({ flow: flow(), account: own });
    await waitFor(async () => alone.commands.some(({ type }) => type === 'join'));
    await first.handle.terminate('to see what becomes of the agent');
    const report = await alone.run({ flow: flow(), account: own, caller: { legs: { a1: talks } } });
    expect(report.variables).toEqual({ '$flow.key.took': 'next' });
    await alone.close();
  });
});

describe('transfer', () => {
  const LINES = ['next', 'busy', 'noAnswer', 'rejected', 'unreachable', 'failure'];
  const flow = (more: object) => flowAround({ type: 'transfer', to: AGENT, ...more }, LINES, { flowEndWebhook: true });

  it('B3: a blind transfer hands the caller over, and the flow goes on without a leg', async () => {
    const report = await rig.run({ flow: flow({}), account: account() });
    expect(report).toMatchObject({ outcome: 'completed', variables: { '$flow.key.took': 'next' } });
    expect(commandsOf(report).map(({ type }) => type)).toEqual(['answer', 'transfer']);
    expect(report.flowEnd?.payload.callDetails).toMatchObject([{ hangupCause: '16' }]);
  });

  it('B3: an attended transfer lets the party hear who comes, then hands both over', async () => {
    const attended = flow({ mode: 'attended', announce: { text: 'A caller about order 5' } });
    const report = await rig.run({ flow: attended, account: account() });
    expect(report).toMatchObject({ outcome: 'completed', variables: { '$flow.key.took': 'next' } });
    const given = commandsOf(report).map(({ type, leg }) => `${type} ${leg}`);
    // The hold and the announcement are on their way together.
    expect(given.toSorted()).toEqual(['answer 1', 'dial 2', 'hold 1', 'play 2', 'transfer 1']);
    expect(given.indexOf('transfer 1')).toBe(4);
    expect(report.flowEnd?.payload.callDetails).toMatchObject([{ remoteHangup: false }, { remoteHangup: false }]);
  });

  it.each([
    ['blind', 'busy'],
    ['blind', 'noAnswer'],
    ['blind', 'rejected'],
    ['blind', 'unreachable'],
    ['attended', 'busy'],
    ['attended', 'noAnswer'],
    ['attended', 'rejected'],
    ['attended', 'unreachable'],
  ])('B4: a %s transfer to a party that is %s takes that line, and the caller stays', async (mode, because) => {
    const caller = { legs: { [AGENT]: { answers: false, because } } };
    const report = await rig.run({ flow: flow({ mode }), caller, account: account() });
    expect(report).toMatchObject({ outcome: 'completed', variables: { '$flow.key.took': because } });
    expect(commandsOf(report).at(-1)).toMatchObject({ type: 'hangUp', leg: '1' });
  });

  it('an attended transfer to a party who leaves during the announcement fails, and the caller stays', async () => {
    const attended = flow({ mode: 'attended', announce: { text: 'word '.repeat(100) } });
    const caller = { legs: { [AGENT]: { steps: [{ wait: 3 }, { hangUp: true }] } } };
    const report = await rig.run({ flow: attended, caller, account: account() });
    expect(report).toMatchObject({ outcome: 'completed', variables: { '$flow.key.took': 'failure' } });
    expect(commandsOf(report).at(-1)).toMatchObject({ type: 'hangUp', leg: '1' });
  });

  it('V4: without a number the failure line is taken', async () => {
    const report = await rig.run({ flow: flow({ to: '$flow.key.nobody' }), account: account() });
    expect(report.variables).toEqual({ '$flow.key.took': 'failure' });
  });

  it('C1: a caller who hangs up during the transfer is a hang-up', async () => {
    const caller = {
      legs: { [AGENT]: { answers: false } },
      steps: [{ until: { widget: 'dial' } }, { wait: 2 }, { hangUp: true }],
    };
    for (const mode of ['blind', 'attended']) {
      expect(await rig.run({ flow: flow({ mode }), caller, account: account() })).toMatchObject({ outcome: 'hungUp' });
    }
  });
});

describe('D3: what an account lets its calls dial', () => {
  const PREMIUM = '900123456';
  const LINES = ['next', 'busy', 'noAnswer', 'rejected', 'unreachable', 'failure'];
  const flow = (dial: object) => flowAround(dial, LINES, { flowEndWebhook: true });
  const limited = (dialling: object, more: object = {}) => ({ ...account(), dialling, ...more });
  const dialledBy = (report: { call: string }) =>
    commandsOf(report).flatMap((command) => (command.type === 'dial' ? [command.to] : []));
  const caller = { legs: { [AGENT]: { steps: [{ wait: 1 }, { hangUp: true }] } } };

  it('a number that is not on its list is refused with cause 21 before the bridge learns of it, and the next one is dialled', async () => {
    const makeCall = flow({ type: 'makeCall', to: [PREMIUM, AGENT] });
    const { handle, report } = await rig.start({ flow: makeCall, caller, account: limited({ allow: ['+9122*'] }) });
    const { variables, flowEnd, ...rest } = await report();
    expect(variables).toEqual({ '$flow.key.took': 'next' });
    expect(dialledBy(rest)).toEqual([AGENT]);
    const refused = { calleeNumber: PREMIUM, hangupCause: '21', duration: '0' };
    expect(flowEnd?.payload.callDetails).toMatchObject([{}, refused, { calleeNumber: AGENT, hangupCause: '16' }]);
    const { timeline } = await callProgress(handle);
    const told = timeline.map(({ text }) => text).filter((text) => /^(not dialled|leg 2)/.test(text));
    expect(told).toEqual(['not dialled: the account does not allow this number', 'leg 2 was not reached: REJECTED']);
    expect(JSON.stringify(timeline)).not.toContain(PREMIUM);
  });

  it.each(['blind', 'attended'])('so is a %s transfer: the caller stays, by the line rejected', async (mode) => {
    const transfer = flow({ type: 'transfer', to: PREMIUM, mode });
    const report = await rig.run({ flow: transfer, account: limited({ allow: [AGENT] }) });
    expect(report).toMatchObject({ outcome: 'completed', variables: { '$flow.key.took': 'rejected' } });
    expect(commandsOf(report).map(({ type }) => type)).toEqual(['answer', 'hangUp']);
  });

  it('so is a number of a call that we place', async () => {
    const call = { id: randomUUID(), direction: 'outbound', from: '1', to: PREMIUM, startedAt: new Date().toISOString() } as const; // prettier-ignore
    const bridge = { id: rig.simulator.bridge.id, taskQueue: rig.simulator.taskQueue };
    const say = flowOf(
      { say: { type: 'play', prompt: { text: 'Hello' } } },
      { type: 'outbound', flowEndWebhook: true },
    );
    const input = { call, bridge, flow: say as { id: string }, account: { id: 1, ...limited({ allow: [] }) } };
    const handle = await startCall(rig.env.client, { ...input, dial: { numbers: [PREMIUM, AGENT] } }, { taskQueue: rig.taskQueue }); // prettier-ignore
    const report = await callReport(handle);
    expect(commandsOf(report)).toEqual([]);
    const refused = { hangupCause: '21', duration: '0' };
    expect(report.flowEnd?.payload.callDetails).toMatchObject([refused, refused]);
  });

  it('beyond its dials of a day it dials no more, over all of its calls, and a transfer counts as a dial', async () => {
    const mine = limited({ perDay: 3 }, { id: 71 });
    const makeCall = flow({ type: 'makeCall', to: AGENT });
    const transfer = flow({ type: 'transfer', to: AGENT, mode: 'blind' });
    const took = [];
    for (const one of [makeCall, transfer, makeCall, makeCall, transfer])
      took.push((await rig.run({ flow: one, caller, account: mine })).variables['$flow.key.took']);
    expect(took).toEqual(['next', 'next', 'next', 'rejected', 'rejected']);
    const others = await rig.run({ flow: makeCall, caller, account: { ...mine, id: 72 } });
    expect(others.variables).toEqual({ '$flow.key.took': 'next' });
  });

  it('a dial that cannot be counted is refused within five seconds: an outage opens nothing', async () => {
    const { handle, report } = await rig.start({
      flow: flow({ type: 'makeCall', to: AGENT }),
      account: limited({ perDay: 100 }, { id: UNCOUNTED }),
    });
    const { variables, call } = await report();
    expect(variables).toEqual({ '$flow.key.took': 'rejected' });
    expect(dialledBy({ call })).toEqual([]);
    const texts = (await callProgress(handle)).timeline.map(({ text }) => text);
    expect(texts.join()).toContain('not dialled: how many numbers');
  });
});

describe('record', () => {
  const LINES = ['next', 'noInput', 'failure'];
  const flow = (more: object = {}) =>
    flowAround({ type: 'record', saveIn: '$flow.key.message', ...more }, LINES, { flowEndWebhook: true });

  it.each([
    ['the terminator', [{ say: 'please call me back' }, { press: '#' }]],
    ['silence', [{ say: 'please call me back' }]],
    ['the full length', [{ say: 'word '.repeat(20) }]],
  ])('B3: a recording ends by %s; its place is saved and told by the flow end', async (_how, steps) => {
    const report = await rig.run({
      flow: flow({ maxSeconds: 3, silenceSeconds: 1 }),
      caller: { steps },
      account: account(),
    });
    const url = expect.stringContaining('dial-1.wav');
    expect(report.variables).toEqual({ '$flow.key.message': url, '$flow.key.took': 'next' });
    expect(report.flowEnd?.payload.recordingUrls).toEqual([
      { recordedFileName: 'dial-1', recordedFilePublicPath: url },
    ]);
  });

  it('noInput: nothing was said, and there is no recording', async () => {
    const report = await rig.run({ flow: flow({ silenceSeconds: 1 }), account: account() });
    expect(report.variables).toEqual({ '$flow.key.took': 'noInput' });
    expect(report.flowEnd?.payload).not.toHaveProperty('recordingUrls');
  });

  it('C1, E3: a caller who hangs up ends the recording, and it is told by the flow end', async () => {
    const steps = [{ say: 'please call me back' }, { hangUp: true }];
    const report = await rig.run({ flow: flow(), caller: { steps }, account: account() });
    expect(report).toMatchObject({ outcome: 'hungUp' });
    expect(report.flowEnd?.payload.recordingUrls).toHaveLength(1);
  });

  it('failure: the leg is gone', async () => {
    const document = afterTheCall(flow());
    const report = await rig.run({ flow: document, account: account() });
    expect(report.variables).toEqual({ '$flow.key.took': 'failure' });
  });
});

describe('counter and subflow', () => {
  it('C3: a loop through a counter ends after its limit', async () => {
    const flow = flowOf({
      again: { type: 'counter', limit: 3, saveIn: '$flow.key.round', lines: { next: 'work', exceeded: 'over' } },
      work: { ...store('worked'), lines: { next: 'again' } },
      over: store('over'),
    });
    const report = await rig.run({ flow });
    expect(report.variables).toEqual({ '$flow.key.round': '4', '$flow.key.took': 'over' });
    expect(report.path.filter(({ widget }) => widget === 'work')).toHaveLength(3);
    expect(report.path.at(-2)).toMatchObject({ widget: 'again', line: 'exceeded', lineNumber: 1 });
  });

  const sub = (widgets: Record<string, object>, id = 'sub00001') => ({ id, start: Object.keys(widgets)[0], widgets });

  it('C2: a subflow runs with the variables of the call and returns; its widgets stand below it in the path', async () => {
    const flow = flowOf(
      {
        one: { type: 'subflow', flow: 'sub00001', lines: { next: 'two' } },
        two: { type: 'subflow', flow: 'sub00001', lines: { next: 'over' } },
        over: store('over'),
      },
      {
        subflows: [sub({ set: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.b', value: '$flow.key.a!' }] } })],
      },
    );
    const report = await rig.run({ flow, variables: { '$flow.key.a': 'x' } });
    expect(report.path.map(({ widget }) => widget)).toEqual(['one', 'one/set', 'two', 'two/set', 'over']);
    expect(report.variables).toMatchObject({ '$flow.key.b': 'x!', '$flow.key.took': 'over' });
  });

  it('W8: webhooks of a subflow have idempotency keys of their own for each place that runs it', async () => {
    target.on('/sub', answer(200));
    const hook = { type: 'webhook', request: { method: 'POST', url: target.url('/sub') } };
    const flow = flowOf(
      {
        one: { type: 'subflow', flow: 'sub00001', lines: { next: 'two' } },
        two: { type: 'subflow', flow: 'sub00001' },
      },
      { subflows: [sub({ hook })] },
    );
    const report = await rig.run({ flow, account: account() });
    const keys = target.received.filter(({ path }) => path === '/sub').map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([`${report.call}/one/hook/1`, `${report.call}/two/hook/1`]);
  });

  it('D2: hangUp in a subflow ends the call', async () => {
    const flow = flowOf(
      { run: { type: 'subflow', flow: 'sub00001', lines: { next: 'never' } }, never: store('never') },
      { subflows: [sub({ bye: { type: 'hangUp' } })] },
    );
    const report = await rig.run({ flow });
    expect(report).toMatchObject({ outcome: 'completed', variables: {} });
    expect(report.path.map(({ widget }) => widget)).toEqual(['run', 'run/bye']);
  });

  it('C3: widgets of subflows count, and a subflow that runs itself ends at the depth limit by its failure line', async () => {
    const again = { type: 'subflow', flow: 'sub00001', lines: { failure: 'deep' } };
    const flow = flowOf(
      { run: { type: 'subflow', flow: 'sub00001' } },
      { subflows: [sub({ again, deep: store('deep') })] },
    );
    const report = await rig.run({ flow });
    expect(report).toMatchObject({ outcome: 'completed', variables: { '$flow.key.took': 'deep' } });
    expect(report.path).toHaveLength(12);
  });
});

describe('keys that cut, leave, or do not fit', () => {
  it('D6: with bargeIn a key ends the prompt and counts for a later widget that keeps digits', async () => {
    const flow = flowOf({
      answer: { type: 'answerCall', lines: { next: 'say' } },
      say: { type: 'play', bargeIn: true, prompt: { text: 'word '.repeat(300) }, lines: { next: 'ask' } },
      ask: { type: 'menu', keepDigits: true, keys: { '2': 'two' }, lines: { two: 'two' } },
      two: store('two'),
    });
    const steps = [{ until: { widget: 'say' } }, { wait: 1 }, { press: '2', now: true }];
    const report = await rig.run({ flow, caller: { steps } });
    expect(report.variables).toEqual({ '$flow.key.took': 'two' });
  });

  it('D2c: a menu saves the key whose line is taken, and nothing when none is', async () => {
    const ask = { type: 'menu', keys: { '1': 'one', '2': 'two' }, attempts: 2, timeout: 1, saveIn: '$flow.key.key' };
    const flow = flowOf({ answer: { type: 'answerCall', lines: { next: 'ask' } }, ask });
    const taken = await rig.run({ flow, caller: { steps: [{ press: '7' }, { press: '2' }] } });
    expect(taken.variables).toEqual({ '$flow.key.key': '2' });
    const invalid = await rig.run({ flow, caller: { steps: [{ press: '7' }, { press: '8' }] } });
    expect(invalid.path.at(-1)?.line).toBe('invalid');
    expect(invalid.variables).toEqual({});
  });

  it('D6: digits that the pattern does not match in whole are asked for again', async () => {
    const ask = { type: 'collectDigits', saveIn: '$flow.key.pin', pattern: '[1-3]{4}', max: 4, attempts: 2 };
    const flow = flowOf({
      answer: { type: 'answerCall', lines: { next: 'ask' } },
      ask: { ...ask, lines: { next: 'good', invalid: 'bad' } },
      good: store('good'),
      bad: store('bad'),
    });
    const good = await rig.run({ flow, caller: { steps: [{ press: '1234' }, { press: '1231' }] } });
    expect(good.variables).toEqual({ '$flow.key.pin': '1231', '$flow.key.took': 'good' });
    const bad = await rig.run({ flow, caller: { steps: [{ press: '1234' }, { press: '9999' }] } });
    expect(bad.variables).toEqual({ '$flow.key.took': 'bad' });
  });

  const ASKING = [
    ['menu', { type: 'menu', keys: { 1: 'one' }, timeout: 1, attempts: 2 }],
    ['collectDigits', { type: 'collectDigits', saveIn: '$flow.key.d', min: 2, max: 2, attempts: 2 }],
  ] as const;

  it.each(ASKING)(
    'D2: %s leaves by noInput, invalid or failure, as the last attempt decides',
    async (_type, widget) => {
      const flow = flowAround(widget, ['noInput', 'invalid', 'failure']);
      const took = async (steps: object[], document = flow) =>
        (await rig.run({ flow: document, caller: { steps } })).variables['$flow.key.took'];
      expect(await took([])).toBe('noInput');
      expect(await took([{ press: '9#' }, { press: '8#' }])).toBe('invalid');
      expect(await took([], afterTheCall(flow))).toBe('failure');
    },
  );

  it('H6: the key that a webhook names leaves its wait: the request is cut, and the line is left', async () => {
    const flow = flowOf({
      answer: { type: 'answerCall', lines: { next: 'hook' } },
      hook: {
        type: 'webhook',
        request: { method: 'GET', url: target.url('/never') },
        wait: { timeout: 20, holdMusic: true, leaveKey: '*' },
        lines: { success: 'ok', failure: 'ko', left: 'left' },
      },
      ok: store('ok'),
      ko: store('ko'),
      left: store('left'),
    });
    target.on('/never', () => undefined);
    const steps = [{ until: { widget: 'hook' } }, { wait: 1 }, { press: '5', now: true }, { press: '*', now: true }];
    const start = Date.now();
    const report = await rig.run({ flow, account: account(), caller: { steps, realTime: true } });
    expect(Date.now() - start).toBeLessThan(10_000);
    expect(report.path.find(({ widget }) => widget === 'hook')).toMatchObject({ line: 'left', lineNumber: 2 });
    expect(report.variables).toMatchObject({
      '$flow.key.took': 'left',
      '$flow.key.response_status': 'FAILED',
      '$flow.key.error_reason': 'CALLER_LEFT',
    });
  });
});

async function waitFor(done: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('It did not come about in 10 s.');
}
