import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callWorkflowId } from '../../src/calls/call-id.js';
import type { CallProgress } from '../../src/engine/call-report.js';
import { type Rig, type TestCall, flowOf, timeSkippingRig } from '../support/rig.js';

/** How far the clock of a call is from that of the server, by workflow id. */
const shifts = new Map<string, number>();
let rig: Rig;
beforeAll(async () => {
  rig = await timeSkippingRig({ clockShiftMs: (workflowId) => shifts.get(workflowId) ?? 0 });
});
afterAll(() => rig.close());

const OFFICE = {
  days: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ from: '09:00', to: '17:00' }]])),
  holidays: ['2026-12-25'],
};
/** A condition with a line for each way out. */
const asked = (fields: object = {}) => {
  const lines = { open: 'isOpen', closed: 'isClosed', holiday: 'isHoliday', failure: 'failed' };
  const ends = Object.values(lines).map((key) => [key, { type: 'hangUp' }]);
  return flowOf({ ask: { type: 'timeCondition', ...fields, lines }, ...Object.fromEntries(ends) });
};
/** Runs a call at a moment: the way it took, and what its timeline notes of the hours. */
const at = async (moment: string, call: TestCall) => {
  const callId = randomUUID();
  const workflowId = callWorkflowId(1, rig.simulator.bridge.id, callId);
  shifts.set(workflowId, Date.parse(moment) - (await rig.env.currentTimeMs()));
  const { handle, report: ended } = await rig.start({ ...call, callId });
  const report = await ended();
  const { timeline } = await handle.query<CallProgress>('progress');
  const [{ line, lineNumber } = { line: undefined, lineNumber: undefined }, next] = report.path;
  const notes = timeline.filter(({ kind }) => kind === 'note').map(({ text }) => text);
  return { way: [line, lineNumber, next?.widget], notes: notes.join('\n'), report };
};

describe('timeCondition: every line', () => {
  const account = { timeZone: 'Asia/Kolkata', hours: OFFICE };

  it("D3: open within the account's hours, in its time zone, and the timeline tells the local time", async () => {
    const { way, notes } = await at('2026-01-05T03:30:10Z', { flow: asked(), account });
    expect(way).toEqual(['open', 0, 'isOpen']);
    expect(notes).toBe('ask: open at Mon 2026-01-05 09:00 Asia/Kolkata');
  });

  it('D3: closed outside of them, on a day without any too', async () => {
    expect((await at('2026-01-05T03:29:00Z', { flow: asked(), account })).way).toEqual(['closed', 1, 'isClosed']);
    expect((await at('2026-01-04T06:00:00Z', { flow: asked(), account })).way).toEqual(['closed', 1, 'isClosed']);
  });

  it('D3: holiday on a holiday by the local date', async () => {
    // In UTC it is still the day before.
    expect((await at('2026-12-24T19:00:00Z', { flow: asked(), account })).way).toEqual(['holiday', 2, 'isHoliday']);
  });

  it.each([
    ['that is none', { '$flow.key.zone': 'Europe/Bonn' }, '"timeZone" is no IANA time zone'],
    ['that is absent', {}, '"timeZone" has no value'],
  ])('V4: a time zone %s in the call takes line failure', async (_what, variables, note) => {
    const flow = asked({ timeZone: '$flow.key.zone' });
    const { way, notes, report } = await at('2026-01-05T06:00:00Z', { flow, account, variables });
    expect(way).toEqual(['failure', 3, 'failed']);
    expect(notes).toContain(note);
    expect(report).toMatchObject({ outcome: 'completed', error: null });
  });

  it('C4: without hours in widget and account the call is refused', async () => {
    const { handle } = await rig.start({ flow: asked() });
    const details = [[{ code: 'HOURS_MISSING', pointer: '/flow/widgets/ask/hours' }]];
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'INVALID_FLOW', details } });
  });
});

describe('timeCondition: hours and zone of its own', () => {
  const account = { timeZone: 'Asia/Kolkata', hours: { days: {} } };

  it("the widget's hours count before the account's, and a zone may come from a variable", async () => {
    const flow = asked({ hours: OFFICE, timeZone: '$flow.key.zone' });
    const variables = { '$flow.key.zone': 'America/New_York' };
    const { way } = await at('2026-01-05T20:00:00Z', { flow, account, variables });
    expect(way).toEqual(['open', 0, 'isOpen']);
  });

  it('an interval over midnight goes on into a holiday', async () => {
    const hours = { days: { thu: [{ from: '22:00', to: '02:00' }] }, holidays: ['2026-12-25'] };
    const flow = asked({ hours, timeZone: 'UTC' });
    expect((await at('2026-12-25T01:00:00Z', { flow, account })).way[0]).toBe('open');
    expect((await at('2026-12-25T02:00:10Z', { flow, account })).way[0]).toBe('holiday');
  });

  it.each([
    ['Europe/Berlin', '2026-03-27T08:00:10Z', '2026-03-30T07:00:10Z', '2026-03-27T07:30:00Z'],
    ['Europe/Berlin', '2026-10-23T07:00:10Z', '2026-10-26T08:00:10Z', '2026-10-26T07:30:00Z'],
    ['America/New_York', '2026-03-06T14:00:10Z', '2026-03-09T13:00:10Z', '2026-03-06T13:30:00Z'],
    ['America/New_York', '2026-10-30T13:00:10Z', '2026-11-02T14:00:10Z', '2026-11-02T13:30:00Z'],
  ])('%s opens at 09:00 local time before and after the clocks change (%s)', async (timeZone, before, after, early) => {
    const call = { flow: asked({ hours: OFFICE, timeZone }), account };
    expect((await at(before, call)).way[0]).toBe('open');
    expect((await at(after, call)).way[0]).toBe('open');
    expect((await at(early, call)).way[0]).toBe('closed');
  });

  it('it is asked anew at each visit, by the clock of the call', async () => {
    const flow = flowOf({
      ask: { type: 'timeCondition', hours: OFFICE, timeZone: 'UTC', lines: { closed: 'wait' } },
      wait: { type: 'delay', seconds: 90, lines: { next: 'ask' } },
    });
    const { report } = await at('2026-01-05T08:59:00Z', { flow });
    expect(report.path.map(({ widget, line }) => [widget, line])).toEqual([
      ['ask', 'closed'],
      ['wait', 'next'],
      ['ask', 'open'],
    ]);
  });
});
