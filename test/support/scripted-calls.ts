/**
 * Calls whose targets answer as scripted, in skipped time, and what their callers heard in which second: for tests.
 * @module
 */
import './runtime.js';
import { expect, inject } from 'vitest';
import type { TimelineEntry } from '../../src/engine/call-report.js';
import { Bench } from '../../src/flow-test/bench.js';
import type { Observed } from '../../src/flow-test/expectations.js';
import { flowTest } from '../../src/flow/documents/flow-test.js';
import { validateAccount, validateCaller, validateFlow } from '../../src/flow/validation/validate.js';
import { replayAll } from './replays.js';
import { flowOf } from './rig.js';

/** A call: its widgets begin with `answer`, whose line leads to `it`. */
export interface Scene {
  widgets: Record<string, object>;
  /** Further fields of the flow. */
  flow?: object;
  answers?: object;
  caller?: object;
  account?: object;
}

/** What came of it. */
export interface Played extends Observed {
  /** Each prompt with the second in which the caller heard it begin. */
  heard: [second: number, prompt: string][];
  timeline: TimelineEntry[];
  /** The texts of the timeline. */
  notes: string[];
}

/** Seconds by which a prompt may begin sooner or later: real time, which the machine needs, counts too. */
const GIVE_OR_TAKE = 1.5;

/** Expects that the caller heard these prompts and no others, each at its second. */
export function expectHeard(heard: Played['heard'], expected: Played['heard']): void {
  expect(heard.map(([, prompt]) => prompt)).toEqual(expected.map(([, prompt]) => prompt));
  const apart = heard.map(([second], index) => Math.abs(second - (expected[index]?.[0] ?? NaN)));
  expect(Math.max(...apart), JSON.stringify(heard)).toBeLessThanOrEqual(GIVE_OR_TAKE);
}

/** A place for such calls, one after the other. */
export class ScriptedCalls {
  readonly #calls: string[] = [];

  private constructor(private readonly bench: Bench) {}

  static async open(): Promise<ScriptedCalls> {
    return new ScriptedCalls(await Bench.open(() => undefined));
  }

  async run({ widgets, flow: more, answers, caller: steps = {}, account = {} }: Scene): Promise<Played> {
    const owner = valid(validateAccount({ id: 1, holdTune: 'strings.wav', ...account }));
    const document = flowOf({ answer: { type: 'answerCall', lines: { next: 'it' } }, ...widgets }, more);
    const [flow, caller] = [valid(validateFlow(document, owner)), valid(validateCaller(steps))];
    const test = flowTest.parse({ answers });
    const testCase = {
      ...{ name: 'a test', file: '', flowFile: '' },
      flow,
      account: owner,
      caller,
      subflows: {},
      test,
    };
    const { seen, timeline, fault } = await this.bench.call(testCase, 30);
    if (!seen) throw new Error(`The call did not end: ${fault ?? JSON.stringify(timeline)}`);
    this.#calls.push(seen.report.call);
    const heard = seen.prompts.map((text, index): [number, string] => [seen.heardAt[index] ?? NaN, text]);
    return { ...seen, heard, timeline, notes: timeline.map(({ text }) => text) };
  }

  /** The types of the events in the history of a call. */
  async events(call: string): Promise<string[]> {
    const { events } = await this.bench.client.workflow.getHandle(call).fetchHistory();
    return (events ?? []).map(({ eventType }) => String(eventType));
  }

  /** Replays every call. */
  async close(): Promise<void> {
    try {
      await replayAll(this.bench.client, inject('workflowBundle'), this.#calls);
    } finally {
      await this.bench.close();
    }
  }
}

function valid<T>({ value, errors }: { value?: T; errors: object[] }): T {
  if (!value) throw new Error(JSON.stringify(errors));
  return value;
}
