import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchAttributes } from '../../src/engine/search-attributes.js';
import { openStore, type Store } from '../../src/store/store.js';
import { type TestDatabase, testDatabase } from '../support/databases.js';
import { flowOf, type Rig, timeSkippingRig } from '../support/rig.js';
import { Target, answer } from '../support/target.js';

let rig: Rig;
let target: Target;
let database: TestDatabase;
let store: Store;
/** What becomes of the next look at the store. */
let source: () => Promise<Store> = () => Promise.resolve(store);

beforeAll(async () => {
  [target, database] = await Promise.all([Target.start(), testDatabase()]);
  store = await openStore(database.url);
  rig = await timeSkippingRig({ store: () => source() });
});
afterAll(async () => {
  await rig.close();
  await store.close();
  await Promise.all([target.stop(), database.stop()]);
});

const account = (path: string) => ({
  ...{ httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url(path) } },
});
const flow = flowOf({ bye: { type: 'hangUp' } }, { flowEndWebhook: true });
const call = (path: string) => rig.start({ flow, account: account(path) });

/** Activities that were scheduled, summaries of all events, and what the call can be searched by. */
async function historyOf(handle: WorkflowHandle) {
  const { events } = await handle.fetchHistory();
  const all = events ?? [];
  return {
    activities: all.flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []),
    tasks: all.filter((event) => event.workflowTaskCompletedEventAttributes).length,
    summaries: all.flatMap(({ userMetadata }) =>
      userMetadata?.summary?.data ? [String(userMetadata.summary.data)] : [],
    ),
    delivery: (await handle.describe()).typedSearchAttributes.get(searchAttributes.delivery),
  };
}

describe('E5: report, payload and first attempt are one step', () => {
  it('E5, R9: an activity, as long as nothing is known of the endpoint; its summary names what it does and the host', async () => {
    target.on('/one', answer(200));
    const { handle, report } = await call('/one');
    expect(await report()).toMatchObject({ flowEnd: { delivered: true, attempts: 1 } });
    const { activities, summaries, delivery } = await historyOf(handle);
    expect(activities).toEqual(['bridgeCommand', 'endCall']);
    const host = new URL(target.url('/')).host;
    expect(delivery).toBe(`delivered: attempt 1, ${host}, status 200`);
    expect(summaries).toContain(`"the report of the call; flow end to ${host}, attempt 1"`);
    expect(await store.reports.get(1, handle.workflowId)).toMatchObject({ outcome: 'completed' });
    expect(target.of('/one')).toHaveLength(1);
  });

  it('E5: a part of the last workflow task once the endpoint was quick; attempt, host and status can be searched for', async () => {
    target.on('/quick', answer(204));
    for (let n = 0; n < 3; n++) await (await call('/quick')).report();
    const { handle, report } = await call('/quick');
    expect(await report()).toMatchObject({ flowEnd: { delivered: true, attempts: 1 } });
    const { activities, summaries, delivery, tasks } = await historyOf(handle);
    expect(activities).toEqual(['bridgeCommand']);
    // The result of the hang-up may come in a task of its own.
    expect(tasks).toBeLessThanOrEqual(3);
    const host = new URL(target.url('/')).host;
    expect(delivery).toBe(`delivered: attempt 1, ${host}, status 204`);
    expect(summaries).toContain(`"the report of the call; flow end to ${host}, attempt 1"`);
    expect(await store.reports.get(1, handle.workflowId)).toMatchObject({ outcome: 'completed' });
    expect(target.of('/quick')).toHaveLength(4);
  });

  it('E5: an attempt that fails is followed by others, with the same id', async () => {
    target.on('/again', answer(204), answer(204), answer(204), answer(503), answer(204));
    for (let n = 0; n < 3; n++) await (await call('/again')).report();
    const { handle, report } = await call('/again');
    expect(await report()).toMatchObject({ flowEnd: { delivered: true, attempts: 2 } });
    const { activities, delivery, summaries } = await historyOf(handle);
    expect(activities).toEqual(['bridgeCommand', 'deliverFlowEnd']);
    const host = new URL(target.url('/')).host;
    expect(summaries).toContain(`"flow end: attempt 1, ${host}: status 503; before the next attempt"`);
    expect(delivery).toBe(`delivered: attempt 2, ${host}, status 204`);
    const [one, other] = target.of('/again').slice(3);
    expect(one?.headers['webhook-id']).toBe(`${handle.workflowId}/flow-end`);
    expect(other?.headers['webhook-id']).toBe(one?.headers['webhook-id']);
  });

  it('R9: a flow without a flow end leaves its report alone', async () => {
    const { handle, report } = await rig.start({ flow: flowOf({ bye: { type: 'hangUp' } }) });
    expect(await report()).toMatchObject({ flowEnd: null });
    const { activities, summaries, delivery } = await historyOf(handle);
    expect({ activities, delivery }).toEqual({ activities: ['bridgeCommand'], delivery: undefined });
    expect(summaries).toContain('"the report of the call"');
    expect(await store.reports.get(1, handle.workflowId)).toMatchObject({ outcome: 'completed' });
  });

  it.each([
    ['refuses', () => Promise.reject(new Error('away'))],
    ['does not answer', () => pause(3000).then(() => store)],
  ])('E5, R9: a store that %s keeps nothing from being delivered, and has the report later', async (_how, away) => {
    target.on('/stored', answer(204));
    for (let n = 0; n < 3; n++) await (await call('/stored')).report();
    const before = target.of('/stored').length;
    let times = 0;
    source = () => (++times <= 2 ? away() : Promise.resolve(store));
    const { handle, report } = await call('/stored');
    const ended = await report();
    source = () => Promise.resolve(store);
    expect(ended).toMatchObject({ outcome: 'completed', flowEnd: { delivered: true, attempts: 1 } });
    expect(target.of('/stored')).toHaveLength(before + 1);
    expect(await store.reports.get(1, handle.workflowId)).toMatchObject({ outcome: 'completed' });
  });
});
