import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { describe, expect, inject, it } from 'vitest';
import { composeFlowEnd } from '../../src/activities/flow-end/flow-end.js';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { createOpenCall } from '../../src/calls/open-call.js';
import { callReport } from '../../src/calls/read-call.js';
import { startCall } from '../../src/calls/start-call.js';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import type { CallInput } from '../../src/telephony/start.js';
import { callSinks } from '../../src/temporal/call-sinks.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';
import { useRig } from '../support/set-up.js';
import { type Target, json, silence } from '../support/target.js';

let rig: Rig;
let target: Target;
useRig((started) => ({ rig, target } = started));

type Row = [saveIn: string, path: string];

/** What stands in variables and report after two answers, each read by rows of its own. */
async function afterBoth(first: unknown, second: unknown, { rows = SLOTS, before = {} } = {}) {
  target.on('/first', json(first)).on('/second', json(second));
  const hook = (path: string, map: Row[], next: string) => ({
    type: 'webhook',
    request: { method: 'GET', url: target.url(path) },
    response: { type: 'json', map: map.map(([name, path]) => ({ saveIn: `$flow.key.${name}`, path })) },
    persist: true,
    lines: { success: next, failure: next },
  });
  const done = { type: 'storeVariable', assign: [{ saveIn: '$flow.key.done', value: 'yes' }] };
  const { variables, persisted } = await rig.run({
    flow: flowOf({ one: hook('/first', SLOTS, 'two'), two: hook('/second', rows, 'done'), done }),
    account: { httpEnabled: true, targetAllowList: ['127.0.0.1'] },
    variables: before,
  });
  expect(variables['$flow.key.done']).toBe('yes');
  const slots = (all: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (name.includes('.slot') ? [[name.slice(10), value]] : [])),
    );
  return { variables: slots(variables), persisted: slots(persisted) };
}

const SLOTS: Row[] = [['slot', 'data.slots']];
const three = { slots: ['09:00', '10:00', '11:00'] };

describe('R5: nothing of an earlier array survives what a row writes', () => {
  it.each([
    ['a single match', '12:00', { slot: '12:00' }],
    ['an object', { t: 1 }, { slot: '{"t":1}' }],
    ['null', null, {}],
    ['a shorter array', ['12:00'], { slot_1: '12:00', slot_size: '1' }],
    ['an empty array', [], { slot_size: '0' }],
  ])('R5: after an array %s leaves no item and no size, in the report neither', async (_what, slots, left) => {
    const { variables, persisted } = await afterBoth(three, { slots });
    expect(variables).toEqual(left);
    expect(persisted).toEqual(left);
  });

  it('R5: fields of items go too; names that only look alike stay', async () => {
    const stays = { slot_101: 'a', slot_2026: 'b', slot_0: 'c', slot_name: 'd', slots_1: 'e', slot_1_a_b: 'f' };
    const goes = { slot_1_id: 'x', slot_100_name: 'x', slot_7: 'x' };
    const before = Object.fromEntries(
      Object.entries({ ...stays, ...goes }).map(([name, value]) => [`$flow.key.${name}`, value]),
    );
    const { variables } = await afterBoth({}, { slots: '12:00' }, { before });
    expect(variables).toEqual({ ...stays, slot: '12:00' });
  });

  it('R5, R6: what another row of the same answer writes stays, and a row without a match clears nothing', async () => {
    const rows: Row[] = [
      ['slot_1', 'data.first'],
      ['slot', 'data.slots'],
    ];
    const beside = await afterBoth(three, { slots: '12:00', first: 'own' }, { rows });
    expect(beside.variables).toEqual({ slot: '12:00', slot_1: 'own' });
    const none = await afterBoth(three, {});
    expect(none.variables).toEqual({ slot_1: '09:00', slot_2: '10:00', slot_3: '11:00', slot_size: '3' });
  });

  it('R5, R6: an answer of which nothing is written clears nothing', async () => {
    const rows: Row[] = [
      ['slot', 'data.slots'],
      ['big', 'data.big'],
    ];
    const big = { slots: '12:00', big: 'x'.repeat(65 * 1024) };
    const { variables } = await afterBoth(three, big, { rows });
    expect(variables).toMatchObject({ slot_1: '09:00', slot_size: '3' });
  });
});

describe('R3: what a wait that is cut costs of the budget of waiting', () => {
  /** Seconds that each webhook of a call had, in order. */
  const timeouts = async (handle: WorkflowHandle) =>
    ((await handle.fetchHistory()).events ?? []).flatMap(({ activityTaskScheduledEventAttributes: task }) => {
      if (task?.activityType?.name !== 'webhook') return [];
      const input = Buffer.from(task.input?.payloads?.[0]?.data ?? []).toString();
      return [(JSON.parse(input) as { timeout: number }).timeout];
    });

  it.each([
    ['left by its key', { leaveKey: '*' }, { press: '*', now: true }],
    ['cut by a hang-up', { onHangup: 'abort' }, { hangUp: true }],
  ])('R3: a wait that was %s is spent', async (_what, wait, event) => {
    target.on('/never', silence).on('/now', json({}));
    const own = await timeSkippingRig({ limits: { waitBudgetSeconds: 30 } });
    const hook = (path: string, more: object) => ({
      ...{ type: 'webhook', request: { method: 'GET', url: target.url(path) }, response: { type: 'none' } },
      ...{ retry: { attempts: 1 }, ...more },
    });
    const { handle, report } = await own.start({
      flow: flowOf(
        {
          answer: { type: 'answerCall', lines: { next: 'hook' } },
          hook: hook('/never', { wait: { ...wait, timeout: 30 }, lines: 'leaveKey' in wait ? { left: 'later' } : {} }),
          later: hook('/now', { wait: { timeout: 30 } }),
        },
        'leaveKey' in wait ? {} : { onRemoteHangup: 'later' },
      ),
      account: { httpEnabled: true, targetAllowList: ['127.0.0.1'] },
      caller: { steps: [{ until: { widget: 'hook' } }, { wait: 1 }, event] },
    });
    await report();
    const [first, second] = await timeouts(handle);
    expect(first).toBe(30);
    expect(second).toBeLessThanOrEqual(29.5);
    await own.close();
  });
});

describe('H4: a request that is sent at most once, on a worker that is silent for longer than the wait', () => {
  it.each([
    ['was taken', true, 'CONNECTION_FAILURE', /may have been sent/],
    ['was not taken', false, 'TIMEOUT', /No full answer/],
  ])('H4: one that %s is reported so', async (_what, taken, reason, detail) => {
    let over = () => undefined as void;
    const isOver = new Promise<void>((resolve) => (over = resolve));
    const taskQueue = `once-${randomUUID()}`;
    const open = createOpenCall({ limits: DEFAULT_LIMITS, searchAttributes: true });
    const openCall = async (input: CallInput) => ({ ...(await open(input)), heartbeatTimeout: 30 });
    const worker = await Worker.create({
      ...{ connection: rig.env.nativeConnection, namespace: 'default', taskQueue },
      workflowBundle: { codePath: inject('workflowBundle') },
      sinks: callSinks(undefined),
      activities: { openCall, composeFlowEnd, webhook: () => isOver },
      enableNonLocalActivities: taken,
    });
    const { bridge, taskQueue: bridgeQueue } = rig.simulator;
    const id = randomUUID();
    const caller = { from: '1', to: '2', realTime: false, steps: [], legs: {} };
    bridge.addCall({ callId: id, workflowId: callWorkflowId(1, bridge.id, id), direction: 'inbound', caller });
    const hook = {
      ...{ type: 'webhook', request: { method: 'POST', url: target.url('/never') }, response: { type: 'none' } },
      ...{ wait: { timeout: 1 }, retry: { resend: false } },
    };
    const input = {
      account: { id: 1, httpEnabled: true, targetAllowList: ['127.0.0.1'] },
      flow: flowOf({ hook }) as { id: string },
      call: { id, direction: 'inbound', from: '1234', to: '2', startedAt: new Date().toISOString() } as const,
      bridge: { id: bridge.id, taskQueue: bridgeQueue },
    };
    const { path, variables } = await worker.runUntil(async () =>
      callReport(await startCall(rig.env.client, input, { taskQueue })).finally(over),
    );
    expect(path).toMatchObject([{ line: 'failure' }]);
    expect(variables['$flow.key.error_reason']).toBe(reason);
    expect(variables['$flow.key.error_detail']).toMatch(detail);
  });
});
