import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { composeFlowEnd } from '../../src/activities/flow-end/flow-end.js';
import { createOpenCall } from '../../src/calls/open-call.js';
import { DEFAULT_LIMITS } from '../../src/engine/opened-call.js';
import { createWebhookActivities } from '../../src/activities/webhook.js';
import { callSinks } from '../../src/temporal/call-sinks.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';
import { useRig } from '../support/set-up.js';
import { type Target, after, answer, json, silence } from '../support/target.js';

/** When each task replays its call, 300 ms are over before a fast answer is seen. */
const HOLD_AFTER = process.env.HOOKLINE_TEST_NO_CACHE ? 1500 : 300;

let rig: Rig;
let target: Target;
useRig((started) => ({ rig, target } = started), { limits: { holdAfterMs: HOLD_AFTER } });
beforeAll(() => {
  target.on('/fast', json({ status: 'sent' })).on('/slow', after(HOLD_AFTER + 600, json({ status: 'sent' })));
});

const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'], holdTune: 'strings.wav' };
const commandTypes = () => rig.commands.map((command) => command.type);
const lookup = (path: string, more: object = {}, lines: object = { success: 'said', failure: 'said' }) => ({
  type: 'webhook',
  request: { method: 'POST', url: target.url(path) },
  response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'data.status' }] },
  lines,
  ...more,
});
const flow = (hook: object, more: object = {}, entries: object = {}) =>
  flowOf(
    {
      answer: { type: 'answerCall', lines: { next: 'hook' } },
      hook,
      said: { type: 'play', prompt: { text: 'It is $flow.key.status' }, lines: {} },
      ...more,
    },
    entries,
  );

describe('H1, H2: waiting and hold', () => {
  it('H2: an answer within 300 ms starts no hold', async () => {
    rig.commands.length = 0;
    const report = await rig.run({ flow: flow(lookup('/fast', { wait: { holdMusic: true } })), account });
    expect(report.variables['$flow.key.status']).toBe('sent');
    expect(commandTypes()).toEqual(['answer', 'play', 'hangUp']);
  });

  it('H2: a slow answer starts the configured tune; the next prompt replaces it without a stop', async () => {
    rig.commands.length = 0;
    await rig.run({ flow: flow(lookup('/slow', { wait: { holdMusic: true } })), account });
    expect(commandTypes()).toEqual(['answer', 'hold', 'play', 'hangUp']);
    expect(rig.commands[1]).toMatchObject({ type: 'hold', tune: 'strings.wav', widget: 'hook' });
    const seqs = rig.commands.map((command) => command.seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  it('H2: a hold is stopped before a step that is no media command', async () => {
    rig.commands.length = 0;
    const wait = { type: 'delay', seconds: 1, lines: {} };
    await rig.run({
      flow: flow(lookup('/slow', { wait: { holdMusic: true }, lines: { success: 'wait' } }), { wait }),
      account,
    });
    expect(commandTypes()).toEqual(['answer', 'hold', 'stop', 'hangUp']);
  });

  it('H1: without holdMusic the caller waits in silence', async () => {
    rig.commands.length = 0;
    await rig.run({ flow: flow(lookup('/slow')), account });
    expect(commandTypes()).toEqual(['answer', 'play', 'hangUp']);
  });

  it('H1, R3: no full answer within the wait takes the failure line with TIMEOUT', async () => {
    target.on('/never', silence);
    const report = await rig.run({ flow: flow(lookup('/never', { wait: { timeout: 1 } })), account });
    expect(report.path[1]).toEqual({ widget: 'hook', type: 'webhook', line: 'failure', lineNumber: 1 });
    expect(report.variables).toMatchObject({
      '$flow.key.response_status': 'FAILED',
      '$flow.key.response_error': 'true',
      '$flow.key.error_reason': 'TIMEOUT',
    });
    expect(report.variables).not.toHaveProperty('$flow.key.response_status_code');
  });
});

describe('H3: not waiting', () => {
  it('H3: line 0 at once; the request runs to its end, writes nothing, and the call does not close before it', async () => {
    let answered = 0;
    target.on('/later', (...all) =>
      after(1200, (request, response, socket) => {
        answered = performance.now();
        json({ status: 'late' })(request, response, socket);
      })(...all),
    );
    const { handle, report } = await rig.start({ flow: flow(lookup('/later', { wait: { enabled: false } })), account });
    const result = await report();
    expect(answered).toBeGreaterThan(0);
    expect(result.path[1]).toMatchObject({ line: 'success', lineNumber: 0 });
    expect(
      Object.keys(result.variables).filter((name) => name.includes('response') || name.includes('status')),
    ).toEqual([]);
    const { timeline } = await handle.query<{ timeline: { text: string }[] }>('progress');
    expect(timeline.map((entry) => entry.text).join('\n')).toMatch(/hook, not waited for: 200/);
  });

  it('H3: a cancellation of the call does not cut it', async () => {
    target.on('/kept', after(800, json({})));
    const hook = lookup('/kept', { wait: { enabled: false }, lines: { success: 'pause' } });
    const { handle, report } = await rig.start({
      flow: flow(hook, { pause: { type: 'delay', seconds: 3000 } }),
      account,
    });
    while (target.of('/kept').length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await handle.cancel();
    expect(await report()).toMatchObject({ outcome: 'cancelled' });
    const { timeline } = await handle.query<{ timeline: { text: string }[] }>('progress');
    expect(timeline.map((entry) => entry.text).join('\n')).toMatch(/not waited for: 200/);
  });
});

describe('H5: a hang-up while a webhook is in flight', () => {
  const entries = { onRemoteHangup: 'left', onFlowComplete: 'done' };
  const store = (name: string) => ({
    type: 'storeVariable',
    assign: [{ saveIn: `$flow.key.${name}`, value: '$flow.key.response_status' }],
  });
  const afterwards = { left: store('left'), done: store('done') };
  const caller = { steps: [{ until: { widget: 'hook' } }, { wait: 0.1 }, { hangUp: true }] };

  it('H5: "finish" lets it end and keeps its writes, then On Remote Hangup runs', async () => {
    target.on('/finish', after(700, json({ status: 'sent' })));
    const report = await rig.run({ flow: flow(lookup('/finish'), afterwards, entries), account, caller });
    expect(report.outcome).toBe('hungUp');
    expect(report.path.map((entry) => entry.widget)).toEqual(['answer', 'hook', 'left', 'done']);
    expect(report.variables).toMatchObject({ '$flow.key.status': 'sent', '$flow.key.left': 'SUCCESS' });
  });

  it('H5: "abort" closes the socket, and On Remote Hangup runs at once', async () => {
    let closed = 0;
    target.on('/abort', (request) => void request.closed.then(() => (closed = performance.now())));
    const start = performance.now();
    const report = await rig.run({
      flow: flow(lookup('/abort', { wait: { onHangup: 'abort' } }), afterwards, entries),
      account,
      caller,
    });
    expect(report.outcome).toBe('hungUp');
    expect(report.path[1]).toMatchObject({ widget: 'hook', line: null });
    expect(report.path.map((entry) => entry.widget)).toEqual(['answer', 'hook', 'left', 'done']);
    expect(performance.now() - start).toBeLessThan(8000);
    for (let turn = 0; closed === 0 && turn < 100; turn++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closed).toBeGreaterThan(0);
  });

  it.each(['result first', 'hang-up first'])(
    'H5: a result and a hang-up in one workflow task (%s): the result wins and keeps its writes',
    async (order) => {
      // The workflow part and the activity part of a worker apart, so that the first can rest while both things happen.
      const taskQueue = `split-${randomUUID()}`;
      const connection = rig.env.nativeConnection;
      const openCall = createOpenCall({ limits: DEFAULT_LIMITS, searchAttributes: true });
      const common = { connection, taskQueue, namespace: 'default' };
      const workflows = () =>
        Worker.create({
          ...common,
          workflowBundle: { codePath: inject('workflowBundle') },
          sinks: callSinks(undefined),
          activities: { openCall, composeFlowEnd },
          enableNonLocalActivities: false,
          // Nothing is sticky, so that the second worker gets the next task at once.
          maxCachedWorkflows: 0,
        });
      const activities = await Worker.create({ ...common, activities: createWebhookActivities() });
      const doing = activities.run();
      let respond = () => undefined as void;
      const path = `/together-${order.replaceAll(' ', '-')}`;
      target.on(path, (...all) => {
        respond = () => json({ status: 'both' })(...all);
      });

      const first = await workflows();
      const running = first.run();
      const { startCall } = await import('../../src/calls/start-call.js');
      const { callWorkflowId } = await import('../../src/calls/call-id.js');
      const { callReport } = await import('../../src/calls/read-call.js');
      const callId = randomUUID();
      const bridge = { id: rig.simulator.bridge.id, taskQueue: rig.simulator.taskQueue };
      const { bridge: simulated } = rig.simulator;
      simulated.addCall({
        callId,
        workflowId: callWorkflowId(1, bridge.id, callId),
        direction: 'inbound',
        caller: { from: '1', to: '2', realTime: false, steps: [], legs: {} },
      });
      const handle = await startCall(
        rig.env.client,
        {
          account: { id: 1, ...account },
          flow: flow(lookup(path, { wait: { onHangup: 'abort' } }), afterwards, entries) as { id: string },
          call: { id: callId, direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() },
          bridge,
        },
        { taskQueue },
      );
      while (target.of(path).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      first.shutdown();
      await running;
      const hangUp = () =>
        handle.signal('bridgeEvent', {
          eventId: 'e9',
          seq: 2,
          leg: '1',
          type: 'legEnded',
          cause: 16,
          by: 'remote',
          at: new Date().toISOString(),
        });
      const completed = async () => {
        respond();
        for (;;) {
          const { events } = await handle.fetchHistory();
          const done = events?.filter((event) => event.activityTaskCompletedEventAttributes).length ?? 0;
          if (done === 2) return;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      if (order === 'hang-up first') await hangUp();
      await completed();
      if (order === 'result first') await hangUp();

      const second = await workflows();
      const report = await second.runUntil(() => callReport(handle));
      activities.shutdown();
      await doing;
      expect(report.outcome).toBe('hungUp');
      expect(report.path[1]).toMatchObject({ widget: 'hook', line: 'success' });
      expect(report.variables).toMatchObject({ '$flow.key.status': 'both', '$flow.key.left': 'SUCCESS' });
    },
  );
});

describe('R: result variables in a call', () => {
  it('R2: a second webhook never shows a value of the first', async () => {
    target.on('/bad', answer(500, 'broken'));
    const second = lookup('/fast', { lines: { success: 'said' } });
    const report = await rig.run({ flow: flow(lookup('/bad', { lines: { failure: 'second' } }), { second }), account });
    expect(report.variables).toMatchObject({
      '$flow.key.response_status': 'SUCCESS',
      '$flow.key.response_status_code': '200',
    });
    expect(report.variables).not.toHaveProperty('$flow.key.error_reason');
    expect(report.variables).not.toHaveProperty('$flow.key.error_detail');
  });

  it('R2: on entry the variables are cleared, so a request cannot read those of an earlier webhook; not waiting touches none', async () => {
    const reads = {
      ...lookup('/fast'),
      request: { method: 'GET', url: `${target.url('/fast')}?was=$flow.key.response_status` },
    };
    const first = lookup('/fast', { lines: { success: 'second' } });
    const cleared = await rig.run({ flow: flow(first, { second: reads }), account });
    expect(cleared.variables['$flow.key.error_reason']).toBe('INVALID_FLOW_VAR');
    const unwaited = { ...reads, wait: { enabled: false } };
    const before = target.of('/fast').length;
    const kept = await rig.run({ flow: flow(first, { second: unwaited }), account });
    expect(kept.variables['$flow.key.response_status']).toBe('SUCCESS');
    expect(
      target
        .of('/fast')
        .slice(before)
        .map((request) => request.path),
    ).toContain('/fast?was=SUCCESS');
  });

  it('R9: a widget that persists keeps what it wrote for the report, another does not', async () => {
    const kept = await rig.run({ flow: flow(lookup('/fast', { persist: true })), account });
    expect(kept.persisted).toMatchObject({ '$flow.key.status': 'sent', '$flow.key.response_status': 'SUCCESS' });
    const dropped = await rig.run({ flow: flow(lookup('/fast')), account });
    expect(dropped.persisted).toEqual({});
  });

  it('W8: the Idempotency-Key is of the call, the widget and the visit', async () => {
    target.on('/keyed', json({}));
    const again = lookup('/keyed', { lines: { success: 'again' } });
    const loop = {
      again: {
        type: 'decision',
        cases: [{ line: 'more', when: { left: '$flow.key.n', op: 'exists' } }],
        lines: { otherwise: 'mark' },
      },
      mark: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.n', value: '1' }], lines: { next: 'hook' } },
    };
    const { handle, report } = await rig.start({ flow: flow(again, loop), account });
    await report();
    const keys = target.of('/keyed').map((request) => request.headers['idempotency-key']);
    expect(keys).toEqual([`${handle.workflowId}/hook/1`, `${handle.workflowId}/hook/2`]);
  });

  it('V6: an answer that does not fit into the limits takes the failure line with VARIABLE_LIMIT', async () => {
    target.on('/large', json({ items: Array.from({ length: 20 }, () => 'x'.repeat(50_000)) }));
    const big = {
      type: 'storeVariable',
      assign: Array.from({ length: 3 }, (_, n) => ({ saveIn: `$flow.key.b${n}`, value: 'x'.repeat(60_000) })),
      lines: { next: 'hook' },
    };
    const hook = lookup('/large', {
      response: { type: 'json', map: [{ saveIn: '$flow.key.item', path: 'data.items' }] },
      lines: { failure: 'said' },
    });
    const document = flowOf({ big, hook, said: { type: 'play', prompt: { text: 'x' } } });
    const report = await rig.run({ flow: document, account });
    expect(report.path[1]).toMatchObject({ line: 'failure' });
    expect(report.variables['$flow.key.error_reason']).toBe('VARIABLE_LIMIT');
    expect(report.variables).not.toHaveProperty('$flow.key.item_1');
  });

  it('R3: with a budget of waiting, what is spent is spent: WAIT_BUDGET, and later webhooks send nothing', async () => {
    const own = await timeSkippingRig({ limits: { waitBudgetSeconds: 1 } });
    target.on('/patience', silence);
    const second = lookup('/patience', { lines: { failure: 'said' } });
    const report = await own.run({
      flow: flow(lookup('/patience', { lines: { failure: 'second' } }), { second }),
      account,
    });
    expect(report.path.map((entry) => entry.widget)).toEqual(['answer', 'hook', 'second', 'said']);
    expect(report.variables['$flow.key.error_reason']).toBe('WAIT_BUDGET');
    expect(target.of('/patience')).toHaveLength(1);
    await own.close();
  });
});
