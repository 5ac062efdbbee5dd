import { describe, expect, it } from 'vitest';
import type { CallReport } from '../../../src/engine/call-report.js';
import type { BridgeCommand } from '../../../src/telephony/commands.js';
import type { PlannedCall } from './calls.js';
import type { TargetRequest } from './target.js';
import { type Seen, judge } from './verdict.js';

const call = { n: 3, path: ['answer', 'lookup', 'bye'], left: null, outcome: 'completed' } as unknown as PlannedCall;
const report = (outcome: string, ...widgets: string[]) =>
  ({ outcome, path: widgets.map((widget) => ({ widget })), error: null }) as unknown as CallReport;
const request = (more: Partial<TargetRequest> = {}): TargetRequest => ({
  ...{ visit: '3/lookup/1', id: 'call-a/lookup/1', content: 'POST {}', accepted: true },
  ...more,
});
const command = (commandId: string, type: string, widget = 'lookup') => ({
  command: { commandId, type, widget, callId: '3' } as BridgeCommand,
  at: 0,
});
/** A run in which nothing is broken, with what a test breaks. */
const verdict = (broken: Partial<Seen> = {}) =>
  judge({
    started: new Map([[3, call]]),
    reports: new Map([[3, report('completed', 'answer', 'lookup', 'bye')]]),
    flowEnds: new Set([3]),
    requests: [request()],
    arrivals: [command('call-a/1', 'hold')],
    ...broken,
  });

describe('the verdict on a run under chaos', () => {
  it('a run in which everything ended once, repeats with their ids included, has no fault', () => {
    const arrivals = [command('call-a/1', 'hold'), command('call-a/1', 'hold')];
    expect(verdict({ requests: [request(), request()], arrivals })).toEqual({
      ...{ lost: [], missingFlowEnds: [], newIds: [], other: [] },
      ...{ repeatedRequests: 1, repeatedCommands: 1 },
    });
  });

  it('a call that does not end is lost, and so is its flow end', () => {
    expect(verdict({ reports: new Map(), flowEnds: new Set() })).toMatchObject({
      lost: ['call 3 has not ended'],
      missingFlowEnds: ['call 3 has no flow end'],
    });
  });

  it('W8: a repeated request with an id of its own is told', () => {
    const { newIds } = verdict({ requests: [request(), request({ id: 'call-a/lookup/2' })] });
    expect(newIds).toEqual(['3/lookup/1: call-a/lookup/1, then call-a/lookup/2']);
  });

  it.each<[string, Partial<Seen>]>([
    ['W8: an id that two visits share', { requests: [request(), request({ visit: '3/lookup/2' })] }],
    ['W8: a repeat with another body', { requests: [request(), request({ content: 'POST {"a":1}' })] }],
    ['B3: a repeated command that says something else', { arrivals: [command('a/1', 'hold'), command('a/1', 'play')] }],
    ['B3: a command given twice in one visit', { arrivals: [command('a/1', 'hold'), command('a/2', 'hold')] }],
    ['a call that ends otherwise', { reports: new Map([[3, report('failed', 'answer', 'lookup', 'bye')]]) }],
    ['a call that goes another way', { reports: new Map([[3, report('completed', 'answer', 'bye')]]) }],
  ])('%s is told', (_what, broken) => {
    expect(verdict(broken).other).toHaveLength(1);
  });
});
