import { WorkflowFailedError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';

let rig: Rig;
/** For calls of many hours: without a question to the bridge every two minutes. */
let patient: Rig;
beforeAll(async () => {
  [rig, patient] = await Promise.all([timeSkippingRig(), timeSkippingRig({ limits: { statusEverySeconds: 100_000 } })]);
});
afterAll(() => Promise.all([rig.close(), patient.close()]));

const answer = (next: string) => ({ type: 'answerCall', lines: { next } });
const say = (text: string, next?: string) => ({ type: 'play', prompt: { text }, lines: next ? { next } : {} });
const store = (name: string, value: string, next?: string) => ({
  type: 'storeVariable',
  assign: [{ saveIn: `$flow.key.${name}`, value }],
  lines: next ? { next } : {},
});
const widgetsOf = (report: { path: { widget: string }[] }) => report.path.map((entry) => entry.widget);

describe('C1: entry points and hang-ups', () => {
  it('C1: a flow runs from Start along its lines, and its end hangs up the leg', async () => {
    const report = await rig.run({ flow: flowOf({ answer: answer('hello'), hello: say('Hello') }) });
    expect(report).toMatchObject({ outcome: 'completed', error: null, flowEnd: null });
    expect(report.path).toEqual([
      { widget: 'answer', type: 'answerCall', line: 'next', lineNumber: 0 },
      { widget: 'hello', type: 'play', line: 'next', lineNumber: 0 },
    ]);
    expect(rig.commands.at(-1)).toMatchObject({ type: 'hangUp', cause: 16, widget: null });
  });

  // The time-out of a test is far below the hour.
  it('C1: a one-hour delay is not waited for', async () => {
    const report = await patient.run({
      flow: flowOf({ wait: { type: 'delay', seconds: 3600, lines: { next: 'bye' } }, bye: { type: 'hangUp' } }),
    });
    expect(widgetsOf(report)).toEqual(['wait', 'bye']);
  });

  const entries = { onRemoteHangup: 'left', onFlowComplete: 'done' };
  const afterwards = { left: store('left', 'yes'), done: store('done', 'yes') };
  const cutIn: [string, object, object[]][] = [
    ['play', say('one '.repeat(300)), [{ until: { widget: 'it' } }, { wait: 1 }, { hangUp: true }]],
    ['delay', { type: 'delay', seconds: 3000 }, [{ until: { widget: 'it' } }, { wait: 30 }, { hangUp: true }]],
    [
      'collectDigits',
      { type: 'collectDigits', prompt: { text: 'Digits?' }, saveIn: '$flow.key.d', firstDigitTimeout: 60 },
      [{ until: { widget: 'it' } }, { wait: 1 }, { hangUp: true }],
    ],
    [
      'menu',
      { type: 'menu', prompt: { text: 'Press 1' }, keys: { 1: 'one' }, timeout: 60 },
      [{ until: { widget: 'it' } }, { wait: 1 }, { hangUp: true }],
    ],
  ];
  it.each(cutIn)(
    'C1: a hang-up during %s ends it at once, then On Remote Hangup and On Flow Complete run',
    async (_type, widget, steps) => {
      const flow = flowOf({ answer: answer('it'), it: widget, ...afterwards }, entries);
      const report = await rig.run({ flow, caller: { steps } });
      expect(report.outcome).toBe('hungUp');
      expect(widgetsOf(report)).toEqual(['answer', 'it', 'left', 'done']);
      expect(report.path[1]).toMatchObject({ line: null, lineNumber: null });
      expect(report.variables).toMatchObject({ '$flow.key.left': 'yes', '$flow.key.done': 'yes' });
    },
  );

  it('C1: a caller who is gone before the answer ends the call too', async () => {
    const report = await rig.run({
      flow: flowOf({ wait: { type: 'delay', seconds: 3000 }, ...afterwards }, entries),
      caller: { steps: [{ until: { widget: 'wait' } }, { hangUp: true }] },
    });
    expect(report.outcome).toBe('hungUp');
    expect(widgetsOf(report).slice(-2)).toEqual(['left', 'done']);
  });

  it('C1: after the hang-up a widget that needs a live leg takes its failure line, or ends the branch', async () => {
    const flow = flowOf(
      {
        answer: answer('long'),
        long: say('one '.repeat(300)),
        left: { ...say('Are you there?'), lines: { failure: 'noted' } },
        noted: store('noted', 'yes'),
        done: say('Nobody hears this', 'never'),
        never: store('never', 'yes'),
      },
      entries,
    );
    const report = await rig.run({ flow, caller: { steps: [{ until: { widget: 'long' } }, { hangUp: true }] } });
    expect(widgetsOf(report)).toEqual(['answer', 'long', 'left', 'noted', 'done']);
    expect(report.path.at(-1)).toMatchObject({ line: 'failure' });
  });

  it('E6: On Flow Complete also runs after a flow that ended by itself, with the facts of the ended leg', async () => {
    const flow = flowOf(
      { answer: answer('bye'), bye: { type: 'hangUp', cause: 17 }, done: store('cause', '$call.isdn/$call.state') },
      { onFlowComplete: 'done' },
    );
    const report = await rig.run({ flow });
    expect(report.outcome).toBe('completed');
    expect(report.variables['$flow.key.cause']).toBe('17/ended');
  });
});

describe('C3: guards', () => {
  it('C3: a flow that loops ends as failed after 1,000 widgets, and the leg is hung up', async () => {
    const flow = flowOf({ a: store('n', '1', 'b'), b: store('n', '2', 'a') });
    const report = await rig.run({ flow });
    expect(report).toMatchObject({ outcome: 'failed', error: { code: 'WIDGET_LIMIT' } });
    expect(report.path).toHaveLength(1000);
    expect(rig.commands.at(-1)).toMatchObject({ type: 'hangUp' });
  });

  it('C3: a call that lasts over 4 hours ends as failed, and On Flow Complete still runs', async () => {
    const flow = flowOf(
      { a: { type: 'delay', seconds: 3500, lines: { next: 'a' } }, done: store('done', 'yes') },
      { onFlowComplete: 'done' },
    );
    const report = await patient.run({ flow });
    expect(report).toMatchObject({ outcome: 'failed', error: { code: 'CALL_TOO_LONG', widget: 'a' } });
    expect(report.variables['$flow.key.done']).toBe('yes');
    expect(report.path.filter((entry) => entry.widget === 'a')).toHaveLength(5);
  });

  it('C3: On Flow Complete has 100 widgets and 10 minutes of its own, then it is cut', async () => {
    const endless = flowOf(
      { a: store('a', '1'), n: store('n', '1', 'm'), m: store('m', '1', 'n') },
      { onFlowComplete: 'n' },
    );
    const looped = await rig.run({ flow: endless });
    expect(looped.outcome).toBe('completed');
    expect(looped.path).toHaveLength(101);
    const slow = await rig.run({
      flow: flowOf(
        { a: store('a', '1'), w: { type: 'delay', seconds: 3600, lines: { next: 'x' } }, x: store('x', '1') },
        { onFlowComplete: 'w' },
      ),
    });
    expect(slow.outcome).toBe('completed');
    expect(slow.path.at(-1)).toMatchObject({ widget: 'w', line: null });
  });
});

describe('C4: what is refused and what fails', () => {
  it('C4: an invalid flow is refused before the call, with every error and its pointer, and the leg is hung up', async () => {
    const flow = flowOf({ a: { type: 'play', promt: 1, lines: { next: 'nowhere' } } });
    const { handle } = await rig.start({ flow });
    const error: unknown = await handle.result().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    const cause = (error as WorkflowFailedError).cause as ApplicationFailure;
    expect(cause.type).toBe('INVALID_FLOW');
    expect((cause.details?.[0] as { pointer: string }[]).map((problem) => problem.pointer)).toEqual([
      '/flow/widgets/a/prompt',
      '/flow/widgets/a/promt',
      '/flow/widgets/a/lines/next',
    ]);
    expect(rig.commands.at(-1)).toMatchObject({ type: 'hangUp', cause: 41 });
  });

  it('C4: a declared failure with no line ends the flow as completed', async () => {
    const huge = 'x'.repeat(60_000);
    const flow = flowOf({ a: store('a', huge, 'b'), b: store('b', '$flow.key.a$flow.key.a', 'c'), c: store('c', '1') });
    const report = await rig.run({ flow });
    expect(report).toMatchObject({ outcome: 'completed', error: null });
    expect(report.path.at(-1)).toEqual({ widget: 'b', type: 'storeVariable', line: 'failure', lineNumber: 1 });
    expect(report.variables).not.toHaveProperty('$flow.key.b');
  });

  it('C4: a fault that no line takes ends the call as failed, and the error names the widget', async () => {
    const report = await rig.run({ flow: flowOf({ w: { type: 'delay', seconds: '$flow.key.none', lines: {} } }) });
    expect(report).toMatchObject({ outcome: 'failed', error: { code: 'WIDGET_FAULT', widget: 'w' } });
    expect(report.error?.message).toContain('"w"');
  });

  it('B1: a flow by its id is refused with FLOW_UNKNOWN, for there is no store of flows', async () => {
    const byFlow = await rig.start({ flow: { id: 'ordrstat', version: 3 } });
    await expect(byFlow.handle.result()).rejects.toMatchObject({ cause: { type: 'FLOW_UNKNOWN' } });
  });

  it('B1: a start that is no call is refused with what is wrong', async () => {
    const { handle } = await rig.start({ flow: flowOf({ a: store('a', '1') }), variables: { '$call.id': 'x' } });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'INVALID_INPUT' } });
  });
});

describe('C5, C6: ids', () => {
  it('C5: starting twice gives the same call, and one that has ended does not run again', async () => {
    const flow = flowOf({ w: { type: 'delay', seconds: 5, lines: {} } });
    const first = await rig.start({ flow, callId: 'twice' });
    const second = await rig.start({ flow, callId: 'twice' });
    expect(second.handle.workflowId).toBe(first.handle.workflowId);
    await first.report();
    await expect(rig.start({ flow, callId: 'twice' })).rejects.toThrow(/already/i);
  });

  it('C6: no phone number stands in a workflow id or a search attribute', async () => {
    const { handle, report } = await rig.start({
      flow: flowOf({ a: store('a', '1') }),
      caller: { from: '919876543210' },
    });
    await report();
    const { searchAttributes } = await handle.describe();
    expect(handle.workflowId).toMatch(/^call-1-[a-z2-7]{52}$/);
    expect(JSON.stringify(searchAttributes)).not.toContain('919876543210');
    expect(searchAttributes).toMatchObject({
      HooklineAccount: ['1'],
      HooklineFlow: ['testflow'],
      HooklineOutcome: ['completed'],
    });
  });
});

describe('D4: a call that is cancelled from outside', () => {
  it('D4, E2: it is cancelled, the leg is hung up, and On Flow Complete still runs', async () => {
    const flow = flowOf(
      { answer: answer('w'), w: { type: 'delay', seconds: 3600 }, done: store('done', 'yes') },
      { onFlowComplete: 'done' },
    );
    const caller = { steps: [{ until: { widget: 'w' } }] };
    const { handle, report: ended } = await rig.start({ flow, caller });
    for (;;) {
      const path = await handle.query<string[]>('path');
      if (path.includes('w')) break;
    }
    await handle.cancel();
    const report = await ended();
    expect(report).toMatchObject({ outcome: 'cancelled', error: { code: 'CANCELLED' } });
    expect(report.variables['$flow.key.done']).toBe('yes');
    expect(rig.commands.at(-1)).toMatchObject({ type: 'hangUp', cause: 31 });
  });
});

describe('T1: names of prompts', () => {
  const flow = (file: string) =>
    flowOf({
      answer: answer('it'),
      it: { type: 'play', prompt: { file }, lines: { next: 'good', failure: 'bad' } },
      good: store('good', 'yes'),
      bad: store('bad', 'yes'),
    });
  const cases: [file: string, name: string, line: string][] = [
    ['prompts/$flow.key.name.wav', 'beep', 'next'],
    ['prompts/${flow.key.name}.wav', '../../etc/passwd', 'failure'],
    ['prompts/${flow.key.name}', '..', 'failure'],
    ['prompts/${flow.key.name}.wav', 'a\\b', 'failure'],
    ['$flow.key.name', 'prompts/beep.wav', 'next'],
    ['$flow.key.name', 'prompts/../../etc/passwd', 'failure'],
    ['$flow.key.name', '/etc/passwd', 'failure'],
    ['$flow.key.name', 'C:\\prompts\\beep.wav', 'failure'],
    ['$flow.key.name', 'file:///etc/passwd', 'failure'],
    ['$flow.key.name', 'https://cdn.example.com/beep.wav', 'next'],
    ['/srv/prompts/$flow.key.name', 'beep.wav', 'next'],
  ];
  it.each(cases)('T1: %s with "%s" takes line %s: a variable leads to no other folder', async (file, name, line) => {
    const { path } = await rig.run({ flow: flow(file), variables: { '$flow.key.name': name } });
    expect(path[1]).toMatchObject({ widget: 'it', line });
  });
});

describe('C1: calls of one worker', () => {
  it('C1: share the code and nothing else: patterns and numbers give the same in each of them', async () => {
    const divide = { do: 'divide', left: 1, right: 3 };
    const flow = (right: string) =>
      flowOf({
        share: { type: 'operation', operation: divide, saveIn: '$flow.key.share', lines: { next: 'fits' } },
        fits: {
          type: 'decision',
          cases: [{ line: 'yes', when: { left: '$flow.key.name', op: 'matches', right } }],
          lines: { yes: 'good', otherwise: 'bad' },
        },
        good: store('fits', 'yes'),
        bad: store('fits', 'no'),
      });
    // Tables of Unicode, and of upper and lower case, are made when a pattern first needs them.
    const patterns = ['(?i)^\\p{Lu}+$', '^\\p{Lu}+$', '(?i)^ÉTÉ$', '^\\p{Greek}+$', '(?i)^\\p{Lu}+$'];
    const fits: unknown[] = [];
    for (const pattern of patterns) {
      const { variables } = await rig.run({ flow: flow(pattern), variables: { '$flow.key.name': 'été' } });
      expect(variables['$flow.key.share']).toBe('0.33333333333333333333');
      fits.push(variables['$flow.key.fits']);
    }
    expect(fits).toEqual(['yes', 'no', 'yes', 'no', 'yes']);
  });
});
