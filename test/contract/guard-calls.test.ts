import type { WorkflowHandle } from '@temporalio/client';
import { beforeAll, describe, expect, it } from 'vitest';
import { keepBeating } from '../../src/activities/heartbeat.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';
import { useRig } from '../support/set-up.js';
import { type Target, after, answer } from '../support/target.js';

let rig: Rig;
let target: Target;
useRig((started) => ({ rig, target } = started));
beforeAll(() => {
  target.on('/late', after(2500, answer(204)));
});

const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'] };
const answered = { type: 'answerCall', lines: { next: 'it' } };
const delayed = { type: 'delay', seconds: 700 };
const hook = (more: object = {}) => ({
  type: 'webhook',
  request: { method: 'POST', url: target.url('/late') },
  response: { type: 'none' },
  wait: { timeout: 10, holdMusic: false },
  ...more,
});
const asked = ({ commands }: Rig) => commands.filter(({ type }) => type === 'status').length;
const timersOf = async (handle: WorkflowHandle) =>
  (await handle.fetchHistory()).events?.flatMap(({ timerStartedEventAttributes: timer }) => (timer ? [timer] : []));

describe('B5: what wakes a call', () => {
  it('B5: a webhook that is over before the bridge has been silent for long takes no timer', async () => {
    const { handle, report } = await rig.start({ flow: flowOf({ answer: answered, it: hook() }), account });
    expect(await report()).toMatchObject({ outcome: 'completed' });
    // The longest call.
    expect(await timersOf(handle)).toHaveLength(1);
    expect(asked(rig)).toBe(0);
  });

  it('B5: one that may last longer is no reason not to ask the bridge', async () => {
    const own = await timeSkippingRig({ limits: { statusEverySeconds: 1 } });
    expect(await own.run({ flow: flowOf({ answer: answered, it: hook() }), account })).toMatchObject({
      outcome: 'completed',
    });
    expect(asked(own)).toBeGreaterThanOrEqual(1);
    expect(asked(own)).toBeLessThanOrEqual(3);
    await own.close();
  });

  it('B5: in a delay the bridge is asked every two minutes', async () => {
    const own = await timeSkippingRig();
    expect(await own.run({ flow: flowOf({ answer: answered, it: delayed }) })).toMatchObject({ outcome: 'completed' });
    expect(asked(own)).toBe(5);
    await own.close();
  });

  it('B5: of a leg that was handed over there is nothing to ask, and the call sleeps until its delay is over', async () => {
    const transfer = { type: 'transfer', to: '9800000001', lines: { next: 'later' } };
    const flow = flowOf({ answer: answered, it: transfer, later: delayed });
    const { handle, report } = await rig.start({ flow });
    expect(await report()).toMatchObject({ outcome: 'completed' });
    expect(asked(rig)).toBe(0);
    // The longest call and the delay.
    expect(await timersOf(handle)).toHaveLength(2);
  });
});

describe('H4: heartbeats of requests', () => {
  it('H4: a call that begins among many requests gives its own more time between heartbeats, in its next run too', async () => {
    const own = await timeSkippingRig({ limits: { renewAfterEvents: 20 } });
    const others = Array.from({ length: 200 }, () => keepBeating({ info: {} }, () => undefined));
    // Temporal gives an activity no more time between heartbeats than it gives it in all.
    const long = hook({ wait: { timeout: 60, holdMusic: false } });
    const flow = flowOf({ answer: answered, it: { ...long, lines: { success: 'again' } }, again: long });
    const { handle, report } = await own.start({ flow, account });
    while (!(await handle.query<string[]>('path')).includes('it')) await own.env.sleep(10);
    for (const stop of others) stop();
    expect(await report()).toMatchObject({ outcome: 'completed' });
    const { runId } = await handle.describe();
    const { events } = await own.env.client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    const webhooks = events?.flatMap(({ activityTaskScheduledEventAttributes: one }) =>
      one?.activityType?.name === 'webhook' ? [Number(one.heartbeatTimeout?.seconds)] : [],
    );
    expect(events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId).toBeTruthy();
    expect(webhooks).toEqual([20]);
    await own.close();
  });
});
