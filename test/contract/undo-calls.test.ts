import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { undoId } from '../../src/engine/undo-task.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';
import { Target, answer, json, silence } from '../support/target.js';

let rig: Rig;
let target: Target;
beforeAll(async () => {
  [rig, target] = await Promise.all([timeSkippingRig(), Target.start()]);
});
afterAll(async () => {
  await rig.close();
  await target.stop();
});

const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'] };
/** A webhook that books, and what takes the booking back. */
const book = (name: string, next: string | undefined, undo: object = {}, more: object = {}) => ({
  type: 'webhook',
  request: { method: 'POST', url: `${target.url(`/book/${name}`)}?n=$flow.key.n` },
  response: { type: 'json', map: [{ saveIn: '$flow.key.id', path: 'data.id' }] },
  undo: {
    request: { method: 'DELETE', url: `${target.url(`/undo/${name}`)}?n=$flow.key.n&id=$flow.key.id` },
    ...undo,
  },
  ...(next !== undefined && { lines: { success: next, failure: next } }),
  ...more,
});
const set = (n: string, next?: string) => ({
  ...{ type: 'storeVariable', assign: [{ saveIn: '$flow.key.n', value: n }] },
  ...(next !== undefined && { lines: { next } }),
});
/** Ends the call as failed. */
const fault = { type: 'delay', seconds: '$flow.key.none' };
const undone = (from: number) => target.received.slice(from).filter(({ path }) => path.startsWith('/undo/'));
const run = async (widgets: Record<string, object>, more: { flow?: object; caller?: object } = {}) => {
  const from = target.received.length;
  const report = await rig.run({
    flow: flowOf(widgets, more.flow),
    account,
    ...(more.caller && { caller: more.caller }),
  });
  return { report, sent: undone(from), from };
};
beforeAll(() => {
  for (const name of ['a', 'b', 'c'])
    target.on(`/book/${name}`, json({ id: `id-${name}` })).on(`/undo/${name}`, answer(204));
});

describe('H10: declared undo', () => {
  it('H10: what succeeded is undone in reverse order, with the values of its request and the rows of its answer', async () => {
    const { report, sent } = await run({
      ...{ n: set('1', 'a'), a: book('a', 'again'), again: set('2', 'b'), b: book('b', 'change') },
      ...{ change: set('3', 'fault'), fault },
    });
    expect(report.outcome).toBe('failed');
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'DELETE /undo/b?n=2&id=id-b',
      'DELETE /undo/a?n=1&id=id-a',
    ]);
    expect(sent.map(({ headers }) => headers['idempotency-key'])).toEqual([
      `${report.call}/b/1/undo`,
      `${report.call}/a/1/undo`,
    ]);
    expect(report.undo).toEqual([
      { widget: 'a', visit: 1, state: 'undone' },
      { widget: 'b', visit: 1, state: 'undone' },
    ]);
  });

  it('H10: other outcomes keep it, and so does `keep`, of all or of those it names', async () => {
    const kept = await run({ n: set('1', 'a'), a: book('a', undefined) });
    expect(kept.report).toMatchObject({ outcome: 'completed', undo: [{ widget: 'a', visit: 1, state: 'kept' }] });
    expect(kept.sent).toEqual([]);
    const named = await run({
      ...{ n: set('1', 'a'), a: book('a', 'b'), b: book('b', 'keep') },
      ...{ keep: { type: 'keep', of: ['b'], lines: { next: 'fault' } }, fault },
    });
    expect(named.sent.map(({ path }) => path.split('?')[0])).toEqual(['/undo/a']);
    expect(named.report.undo?.map(({ state }) => state)).toEqual(['undone', 'kept']);
    const all = await run({
      n: set('1', 'a'),
      a: book('a', 'keep'),
      keep: { type: 'keep', lines: { next: 'fault' } },
      fault,
    });
    expect(all.sent).toEqual([]);
  });

  it('H10: it comes after On Remote Hangup and before On Flow Complete', async () => {
    target.on('/left', json({})).on('/done', json({}));
    const note = (path: string) => ({ type: 'webhook', request: { method: 'POST', url: target.url(path) } });
    const { from } = await run(
      {
        ...{ answer: { type: 'answerCall', lines: { next: 'n' } }, n: set('1', 'a') },
        ...{ a: book('a', 'say', { on: ['hungUp'] }), say: { type: 'play', prompt: { text: 'word '.repeat(50) } } },
        ...{ left: note('/left'), done: note('/done') },
      },
      {
        flow: { onRemoteHangup: 'left', onFlowComplete: 'done' },
        caller: { steps: [{ until: { widget: 'say' } }, { wait: 1 }, { hangUp: true }] },
      },
    );
    expect(target.received.slice(from).map(({ path }) => path.split('?')[0])).toEqual([
      '/book/a',
      '/left',
      '/undo/a',
      '/done',
    ]);
  });

  it('H10: nobody knows whether a request acted: undone with `unknown` alone; one that failed is not', async () => {
    target.on('/book/c', silence);
    const wait = { wait: { timeout: 1 } };
    const flow = (undo: object) => ({ n: set('1', 'c'), c: book('c', 'fault', { request: { method: 'DELETE', url: target.url('/undo/c') }, ...undo }, wait), fault });
    expect((await run(flow({ unknown: true }))).sent.map(({ path }) => path)).toEqual(['/undo/c']);
    expect((await run(flow({}))).sent).toEqual([]);
    target.on('/book/c', answer(500));
    expect((await run(flow({ unknown: true }))).sent).toEqual([]);
    target.on('/book/c', json({ id: 'id-c' }));
  }); // prettier-ignore

  it('H10: the first that fails takes the rest into a workflow of its own, which tries for 72 hours and is a dead letter', async () => {
    target.on('/undo/a', answer(503)).on('/undo/b', answer(503));
    const { report } = await run({ n: set('1', 'a'), a: book('a', 'b'), b: book('b', 'fault'), fault });
    expect(report.undo?.map(({ state }) => state)).toEqual(['onItsWay', 'onItsWay']);
    target.on('/undo/b', answer(204));
    const from = target.received.length;
    const delivery = rig.env.client.workflow.getHandle(undoId(report.call));
    await expect(delivery.result()).rejects.toMatchObject({ cause: { type: 'DEAD_LETTER' } });
    const sent = undone(from).map(({ path }) => path.split('?')[0]);
    expect(sent[0]).toBe('/undo/b');
    expect(new Set(sent.slice(1))).toEqual(new Set(['/undo/a']));
    expect(sent.length).toBeGreaterThan(20);
    const { startTime, closeTime } = await delivery.describe();
    expect(Number(closeTime) - Number(startTime)).toBeGreaterThan(71 * 3_600_000);
    target.on('/undo/a', answer(204));
  });

  it('H10: also for a call that was terminated from outside, and for a cancelled one', async () => {
    const widgets = { n: set('1', 'a'), a: book('a', 'wait'), wait: { type: 'delay', seconds: 3000 } };
    const start = async () => {
      const from = target.received.length;
      const { handle, report } = await rig.start({ flow: flowOf(widgets), account });
      while (!target.received.slice(from).some(({ path }) => path.startsWith('/book/a'))) await new Promise((resolve) => setTimeout(resolve, 20));
      return { from, handle, report };
    };
    const cancelled = await start();
    await cancelled.handle.cancel();
    expect(await cancelled.report()).toMatchObject({ outcome: 'cancelled', undo: [{ state: 'undone' }] });
    expect(undone(cancelled.from)).toHaveLength(1);

    const terminated = await start();
    const { runId } = await terminated.handle.describe();
    await terminated.handle.query('path');
    await terminated.handle.terminate('a test');
    const ended = { call: terminated.handle.workflowId, runId, outcome: 'cancelled', closedAt: new Date().toISOString() };
    await rig.env.client.workflow.execute('reconcileCall', { taskQueue: rig.taskQueue, workflowId: `${ended.call}/reconcile`, args: [ended] });
    await rig.env.client.workflow.getHandle(undoId(ended.call)).result();
    expect(undone(terminated.from).map(({ headers }) => headers['idempotency-key'])).toEqual([`${ended.call}/a/1/undo`]);
  }); // prettier-ignore
});
