import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Rig, type StartedCall, flowOf, timeSkippingRig } from '../support/rig.js';
import { Target, after, answer, json } from '../support/target.js';

/** Calls of these tests go on in a new run after so many events, in place of 4,000. */
const RENEW_AFTER = 60;

let rig: Rig;
let target: Target;
beforeAll(async () => {
  [rig, target] = await Promise.all([
    timeSkippingRig({ limits: { renewAfterEvents: RENEW_AFTER, maxWidgets: 5000 } }),
    Target.start(),
  ]);
});
afterAll(() => Promise.all([rig.close(), target.stop()]));
beforeEach(() => {
  rig.commands.length = 0;
  target.received.length = 0;
  target.on('/data', json({ name: 'Ann', items: [1, 2] })).on('/end', answer(204));
});

const account = () => ({
  ...{ httpEnabled: true, targetAllowList: ['127.0.0.1'] },
  defaultWebhook: { url: target.url('/end') },
});
const hook = (next: string, more: object = {}) => ({
  type: 'webhook',
  request: { method: 'POST', url: target.url('/data') },
  response: { type: 'json', map: [{ saveIn: '$flow.key.name', path: 'data.name' }] },
  lines: { success: next, failure: 'bye' },
  ...more,
});
const say = (text: string, next: string) => ({ type: 'play', prompt: { text }, lines: { next } });
const counter = (limit: number, next: string) => ({
  ...{ type: 'counter', limit, lines: { next, exceeded: 'bye' } },
});
const bye = { type: 'hangUp' };
const answered = (next: string) => ({ type: 'answerCall', lines: { next } });

/** The runs of a call, oldest first, each with the number of its events. */
async function runsOf({ handle }: StartedCall): Promise<{ runId: string; events: number }[]> {
  const runs: { runId: string; events: number }[] = [];
  let runId: string | undefined = (await handle.describe()).runId;
  while (runId) {
    const { events } = await rig.env.client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    runs.unshift({ runId, events: events?.length ?? 0 });
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  }
  return runs;
}
async function run(call: Parameters<Rig['start']>[0]) {
  const started = await rig.start({ account: account(), ...call });
  const report = await started.report();
  return { report, runs: await runsOf(started), payload: report.flowEnd?.payload };
}
const loop = (more: object = {}) =>
  flowOf({ answer: answered('count'), count: counter(40, 'say'), say: say('One more', 'count'), bye }, more);

describe('C3: a long call goes on in a new run, and nobody notices', () => {
  it('C3: no history grows long, and the path, the counts and the commands go on as in one', async () => {
    const { report, runs } = await run({ flow: loop() });
    expect(runs.length).toBeGreaterThan(3);
    for (const { events } of runs) expect(events).toBeLessThan(RENEW_AFTER + 30);
    expect(report).toMatchObject({ outcome: 'completed', error: null });
    expect(report.path.map(({ widget }) => widget)).toEqual([
      'answer',
      ...Array.from({ length: 40 }, () => ['count', 'say']).flat(),
      ...['count', 'bye'],
    ]);
    expect(report.path.slice(0, -1).every(({ line }) => line !== null)).toBe(true);
    expect(rig.commands.map(({ seq }) => seq)).toEqual(rig.commands.map((_, index) => index + 1));
    expect(new Set(rig.commands.map(({ commandId }) => commandId)).size).toBe(rig.commands.length);
    expect(rig.commands.filter(({ type }) => type === 'hangUp')).toHaveLength(1);
  });

  it('H9: an answer that waits to be collected goes along', async () => {
    const ahead = hook('count', { wait: { enabled: false } });
    const collect = { type: 'awaitAnswer', of: 'ahead', lines: { success: 'bye' } };
    const { report, runs } = await run({
      flow: flowOf({
        ...{ answer: answered('ahead'), ahead, say: say('One more', 'count'), collect, bye },
        count: { type: 'counter', limit: 20, lines: { next: 'say', exceeded: 'collect' } },
      }),
    });
    expect(runs.length).toBeGreaterThan(1);
    expect(report.path.at(-2)).toMatchObject({ widget: 'collect', line: 'success' });
    expect(report.variables).toMatchObject({ '$flow.key.name': 'Ann', '$flow.key.response_status_code': '200' });
  });

  it('W8, R9, E3, E4: keys of requests, variables, what persists and the legs go along', async () => {
    const flow = flowOf(
      {
        answer: answered('first'),
        first: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.first', value: '1' }], lines: { next: 'agent' } },
        agent: { type: 'makeCall', to: 'expert', record: true, lines: { next: 'count' } },
        count: counter(30, 'ask'),
        ask: hook('say', { persist: true }),
        say: say('Hello $flow.key.name', 'count'),
        bye,
      },
      { flowEndWebhook: true },
    );
    const legs = { expert: { steps: [{ wait: 5 }, { hangUp: true }] } };
    const { report, runs, payload } = await run({ flow, caller: { legs } });
    expect(runs.length).toBeGreaterThan(3);
    const keys = target.of('/data').map(({ headers }) => headers['idempotency-key']?.split('/').at(-1));
    expect(keys).toEqual(Array.from({ length: 30 }, (_, index) => String(index + 1)));
    expect(report.variables).toMatchObject({ '$flow.key.first': '1', '$flow.key.name': 'Ann' });
    expect(report.persisted['$flow.key.name']).toBe('Ann');
    expect(report.persisted['$flow.key.first']).toBeUndefined();
    expect(payload?.callDetails).toHaveLength(2);
    expect(payload?.recordingUrls).toHaveLength(1);
    expect(payload?.keys.map(({ name }) => name).slice(0, 1)).toEqual(['$flow.key.first']);
    expect(target.of('/end')).toHaveLength(1);
  });

  it('C2: inside of subflows too, each visit counted once', async () => {
    const last = (text: string) => ({ type: 'play', prompt: { text } });
    const inner = { note: say('Deep', 'more'), more: last('Down') };
    const sub = { type: 'subflow', flow: 'inner001', lines: { next: 'after' } };
    const flow = flowOf(
      {
        answer: answered('count'),
        count: counter(12, 'outer'),
        outer: { type: 'subflow', flow: 'outer001', lines: { next: 'count' } },
        bye,
      },
      {
        subflows: [
          { id: 'inner001', start: 'note', widgets: inner },
          { id: 'outer001', start: 'sub', widgets: { sub, after: last('Up') } },
        ],
      },
    );
    const { report, runs } = await run({ flow });
    expect(runs.length).toBeGreaterThan(2);
    const round = ['count', 'outer', 'outer/sub', 'outer/sub/note', 'outer/sub/more', 'outer/after'];
    expect(report.path.map(({ widget }) => widget)).toEqual([
      'answer',
      ...Array.from({ length: 12 }, () => round).flat(),
      ...['count', 'bye'],
    ]);
    expect(report.path.slice(0, -1).every(({ line }) => line === 'next' || line === 'exceeded')).toBe(true);
  });

  it('C1: a caller who hangs up in a later run is noticed, and On Remote Hangup runs there', async () => {
    const flow = flowOf(
      {
        answer: answered('count'),
        count: { ...counter(15, 'say'), lines: { next: 'say', exceeded: 'ask' } },
        say: say('One more', 'count'),
        ask: { type: 'menu', prompt: { text: 'Press 1' }, keys: { 1: 'one' }, lines: { one: 'late' } },
        late: { type: 'delay', seconds: 3000 },
        left: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.left', value: 'yes' }] },
      },
      { onRemoteHangup: 'left' },
    );
    // No `until` before the menu: it asks the call for its path, and a run that goes on while it is asked loses its last
    // events on the time-skipping server, which then never tells that it has closed.
    const steps = [{ press: '1' }, { until: { widget: 'late' } }, { hangUp: true }];
    const { report, runs } = await run({ flow, caller: { steps } });
    expect(runs.length).toBeGreaterThan(1);
    expect(report.path.map(({ widget }) => widget).slice(-2)).toEqual(['late', 'left']);
    expect(report).toMatchObject({ outcome: 'hungUp', variables: { '$flow.key.left': 'yes' } });
  });

  it('C3: the limit on widgets counts those of all runs', async () => {
    const strict = await timeSkippingRig({ limits: { renewAfterEvents: RENEW_AFTER, maxWidgets: 50 } });
    const report = await strict.run({ flow: loop() });
    await strict.close();
    expect(report).toMatchObject({ outcome: 'failed', error: { code: 'WIDGET_LIMIT' } });
    expect(report.path).toHaveLength(50);
  });

  it('H3: a request that is not waited for keeps its run', async () => {
    target.on('/data', after(1500, json({ name: 'late' })));
    const flow = flowOf({
      answer: answered('ask'),
      ask: hook('count', { wait: { enabled: false } }),
      count: counter(40, 'say'),
      say: say('One more', 'count'),
      bye,
    });
    const { report, runs } = await run({ flow });
    expect(report.outcome).toBe('completed');
    expect(target.of('/data')).toHaveLength(1);
    expect(runs[0]?.events).toBeGreaterThan(RENEW_AFTER);
  });
});
