import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { replayAll } from './replays.js';
import { type Rig, flowOf, timeSkippingRig } from './rig.js';

let rig: Rig;
let workflowId: string;
beforeAll(async () => {
  rig = await timeSkippingRig();
  const { handle, report } = await rig.start({ flow: flowOf({ answer: { type: 'answerCall' } }) });
  await report();
  workflowId = handle.workflowId;
});
afterAll(() => rig.close());

/** A client whose histories have another activity in place of each command. */
function clientOfOtherHistories(): Client {
  const getHandle = (id: string, runId?: string) => ({
    fetchHistory: async () => {
      const history = await rig.env.client.workflow.getHandle(id, runId).fetchHistory();
      for (const { activityTaskScheduledEventAttributes: scheduled } of history.events ?? [])
        if (scheduled) scheduled.activityType = { name: 'webhook' };
      return history;
    },
  });
  return { workflow: { getHandle } } as unknown as Client;
}

it('a call that takes the same decisions again is accepted', async () => {
  await expect(replayAll(rig.env.client, inject('workflowBundle'), [workflowId])).resolves.toBeUndefined();
});

it('a call that takes other decisions than its history has is refused by name', async () => {
  const replayed = replayAll(clientOfOtherHistories(), inject('workflowBundle'), [workflowId]);
  await expect(replayed).rejects.toThrow(`${workflowId} takes other decisions`);
});
