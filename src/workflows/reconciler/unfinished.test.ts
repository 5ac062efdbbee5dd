import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type OpenedCall } from '../../engine/opened-call.js';
import { DEFAULT_ACCOUNT } from '../../flow/validation/validate.js';
import type { Flow } from '../../flow/documents/flow.js';
import type { CarriedInput } from '../carried-state.js';
import { unfinishedOfStart } from './unfinished.js';

const ended = { outcome: 'cancelled' as const, call: 'call-1-abc', runId: 'r2', closedAt: '2026-01-01T10:00:00.000Z' };
const defaultWebhook = { url: 'https://example.com/end', auth: { type: 'none' as const } };
const account = { ...DEFAULT_ACCOUNT, defaultWebhook };
const flow = { id: 'testflow', flowEndWebhook: true, widgets: {}, subflows: [] as Flow['subflows'] } as Flow;
const gone = { at: '2026-01-01T09:00:00.000Z', cause: 17, by: 'remote' as const };
const leg = (name: string, end: typeof gone | null) => ({
  ...{ name, connectedAt: null, end, rungAt: null, keys: '', handedOver: false },
  party: { type: 'VISITOR' as const, otherNumber: '1', ourNumber: '2', incoming: true, startTime: ended.closedAt },
});
const input: CarriedInput = {
  account,
  flow,
  call: { id: 'c1', direction: 'inbound', from: '1', to: '2', startedAt: '2026-01-01T08:00:00.000Z' },
  bridge: { id: 'b', taskQueue: 'q' },
  carried: {
    ...{ place: ['say'], limits: DEFAULT_LIMITS, searchAttributes: true, keepsReport: true, flowVersion: 3 },
    state: {
      ...{ uuid: 'u-1', startedAt: 0, persisted: [], rawPersists: false, path: { entries: [], order: [] } },
      ...{ agents: [], claimed: 0, waitedSeconds: 0 },
      variables: [
        ['$flow.key.kept', 'yes'],
        ['$flow.key.cleared', null],
      ],
    },
    legs: { legs: [leg('1', null), leg('2', gone)], first: '1', calleeRung: false },
    recordings: { ready: [], awaited: [] },
    inbox: { seen: [], applied: [] },
    bridge: { sent: 4, lastHeardAt: 0, holdSince: null },
  },
};

describe('E2: a call that can only be read from its start', () => {
  it('E2: a run that took over from an earlier one reports what that one left: legs, variables, UUID, version', () => {
    const remains = unfinishedOfStart({ input, opened: null }, ended);
    expect(remains.legs.map(({ name, live }) => [name, live])).toEqual([
      ['1', true],
      ['2', false],
    ]);
    expect(remains.legs[1]?.facts).toMatchObject({ cause: 17, endTime: gone.at, cdrId: 'u-1#2' });
    expect(remains.flowEnd).toMatchObject({
      facts: { uuid: 'u-1', partial: true, keys: [{ name: '$flow.key.kept', value: 'yes' }] },
    });
    expect(remains.record).toMatchObject({ uuid: 'u-1', flowVersion: 3, flowId: 'testflow' });
  });

  it('H10: the report of one that declares undo says that nothing was undone', () => {
    expect(unfinishedOfStart({ input, opened: null }, ended).record).not.toHaveProperty('undoUnknown');
    const request = { method: 'POST', url: 'https://example.com/' };
    const book = { type: 'webhook', request, undo: { request, on: ['cancelled'], unknown: false } };
    const undoing = { ...flow, widgets: { book } } as unknown as Flow;
    expect(unfinishedOfStart({ input: { ...input, flow: undoing }, opened: null }, ended).record).toMatchObject({
      undoUnknown: true,
    });
  });

  it('V7: what is sensitive is masked: variables that were carried along or given at the start, and numbers', () => {
    const state = { ...input.carried.state, variables: [['$flow.key.pin', '4711', true] as const] };
    const last: CarriedInput = { ...input, carried: { ...input.carried, state } };
    expect(unfinishedOfStart({ input: last, opened: null }, ended).flowEnd).toMatchObject({
      facts: { keys: [{ name: '$flow.key.pin', value: '***' }] },
    });
    const { account: owner, flow: document, bridge } = input;
    const placed = {
      ...{ account: owner, flow: document, bridge, sensitive: ['$flow.key.pin', '$call.dnis.number'] },
      call: { ...input.call, direction: 'outbound' as const, to: '912345', uuid: 'u-2' },
    };
    const opened: OpenedCall = {
      ...{
        account,
        flow,
        variables: { '$flow.key.pin': '4711' },
        sensitive: ['$flow.key.pin'],
        limits: DEFAULT_LIMITS,
      },
      ...{ searchAttributes: true, keepsReport: true },
    };
    const remains = unfinishedOfStart({ input: placed, opened }, ended);
    expect(JSON.stringify(remains)).not.toMatch(/4711|912345/);
    expect(remains.record?.to).toBe('***');
  });

  it.each([
    [false, ['$flow.key.kept']],
    [true, ['$flow.key.response_raw', '$flow.key.kept']],
  ])('E4: response_raw is in its flow end only when its last writer persists it: %s', (rawPersists, names) => {
    const variables = [['$flow.key.response_raw', '{}'] as const, ...input.carried.state.variables];
    const state = { ...input.carried.state, variables, rawPersists };
    const last: CarriedInput = { ...input, carried: { ...input.carried, state } };
    const remains = unfinishedOfStart({ input: last, opened: null }, ended);
    const { facts } = remains.flowEnd as { facts: { keys: { name: string }[] } };
    expect(facts.keys.map(({ name }) => name)).toEqual(names);
  });
});
