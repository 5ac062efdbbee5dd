import { randomUUID } from 'node:crypto';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallReport } from '../../src/engine/call-report.js';
import { CALL_ERRORS } from '../../src/flow/errors.js';
import { flowOf, type Rig, timeSkippingRig } from '../support/rig.js';
import { bounded, expectNoPollution, hostileTexts, hostileValue, PATIENCE } from './fuzz.js';

let rig: Rig;
beforeAll(async () => {
  rig = await timeSkippingRig();
});
afterAll(() => rig.close());

/** Listens in every way there is, and puts what it hears wherever a value can go. */
const flow = flowOf({
  a: { type: 'answerCall', lines: { next: 'ask' } },
  ask: {
    ...{
      type: 'collectDigits',
      prompt: { text: 'Say' },
      saveIn: '$flow.key.in',
      min: 1,
      max: 20,
      terminator: '#',
      attempts: 1,
    },
    lines: { next: 'test', noInput: 'test', invalid: 'test', failure: 'test' },
  },
  test: {
    type: 'decision',
    cases: [
      { line: 'one', when: { left: '$flow.key.in', op: 'matches', right: '^$flow.key.in$' } },
      { line: 'two', when: { left: '$call.cli.number', op: 'matches', right: '$call.dnis.number' } },
    ],
    lines: { one: 'echo', two: 'echo', otherwise: 'echo' },
  },
  echo: {
    type: 'play',
    prompt: { text: 'You are $call.cli.number, $flow.key.in, ${flow.key.given}' },
    lines: { next: 'sum' },
  },
  sum: {
    type: 'operation',
    operation: { do: 'add', left: '$flow.key.in', right: '1' },
    saveIn: '$flow.key.sum',
    lines: { next: 'wait' },
  },
  wait: { type: 'delay', seconds: 2 },
});

const text = fc.oneof(
  fc.constantFrom(...hostileTexts.filter((one) => one.length < 2000)),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const event = fc.record(
  {
    eventId: fc.oneof(text, hostileValue),
    seq: fc.oneof(fc.integer({ min: -1, max: 5 }), fc.constantFrom<unknown>(1e300, '1', null, 2 ** 53)),
    leg: fc.oneof(fc.constantFrom<unknown>('1', '2', '__proto__', 1), hostileValue),
    type: fc.constantFrom<unknown>('digits', 'digits', 'legAnswered', 'legRinging', 'recordingReady', 'constructor', 7),
    digits: fc.oneof(text, hostileValue),
    at: fc.constantFrom<unknown>('2026-01-01T00:00:00Z', '+275760-09-13T00:00:00.001Z', '', 5, null),
    ...{ name: text, url: text, cause: hostileValue },
  },
  { requiredKeys: [] },
);
const signals = fc.array(
  fc.oneof(
    event,
    hostileValue.filter((one) => JSON.stringify(one).length < 20_000),
  ),
  { maxLength: 8 },
);

/** The code with which a start was refused. */
function refusal(error: unknown): string {
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) return cause.type ?? '';
  throw error;
}

function expectOutcome({ outcome, error }: CallReport): void {
  expect(['completed', 'hungUp', 'failed']).toContain(outcome);
  if (outcome === 'failed') expect(Object.keys(CALL_ERRORS)).toContain(error?.code);
}

describe('C4: whatever a caller or a bridge says, a call ends with an outcome', () => {
  it(
    'digits, numbers, names and events of any kind',
    async () => {
      const input = fc.record({ digits: text, from: text, to: text, given: text, signals });
      await fc.assert(
        fc.asyncProperty(input, async ({ digits, from, to, given, signals }) => {
          const caller = { from, to, steps: [{ press: '1' }, { say: digits }] };
          const { handle, report } = await rig.start({
            ...{ flow, caller, callId: randomUUID() },
            variables: { '$flow.key.given': given },
          });
          for (const one of signals) await handle.signal('bridgeEvent', one);
          await handle.signal('no such signal', given).catch(() => undefined);
          const ended = await Promise.race([
            report().catch(refusal),
            new Promise<null>((late) => setTimeout(() => late(null), 20_000).unref()),
          ]);
          expect(ended, 'the call does not end').not.toBeNull();
          if (typeof ended === 'string') expect(ended).toBe('INVALID_INPUT');
          else expectOutcome(ended as CallReport);
          expectNoPollution();
        }),
        bounded(),
      );
    },
    PATIENCE,
  );

  it('C4: a start with tens of thousands of faults is refused, with as many as can be told', async () => {
    const widgets = Object.fromEntries(
      Array.from({ length: 9000 }, (_, n) => [`w${n}`, { type: 'nothing', lines: { x: `v${n}` } }]),
    );
    await expect(rig.run({ flow: flowOf(widgets) })).rejects.toMatchObject({ cause: { type: 'INVALID_FLOW' } });
  });

  it('D2: a flow that burns time with patterns ends as failed, for its tasks end before their time-out', async () => {
    // Texts without a period take the longest: with one, states repeat themselves and are remembered.
    const text = Array.from({ length: 60_000 }, (_, n) => 'ab'[Math.floor(Math.sin(n) * 1e6) & 1]).join('');
    const cases = [{ line: 'again', when: { left: '$flow.key.text', op: 'matches', right: '^(.*a){30}b$' } }];
    const burner = flowOf({ burn: { type: 'decision', cases, lines: { again: 'burn', otherwise: 'burn' } } });
    const { outcome, error } = await rig.run({ flow: burner, variables: { '$flow.key.text': text } });
    expect([outcome, error]).toMatchObject(['failed', { code: 'WIDGET_FAULT', widget: 'burn' }]);
  });
});
