import { expect, it } from 'vitest';
import { flowOf, timeSkippingRig } from '../support/rig.js';

it('C3: a call of 10,000 widgets and ten hours ends as any other, in runs of about 1,000 events each', async () => {
  const rig = await timeSkippingRig({
    limits: { maxWidgets: 20_000, maxCallSeconds: 36_000 * 2, statusEverySeconds: 100_000 },
  });
  const note = (value: string, next: string) => ({
    ...{ type: 'storeVariable', assign: [{ saveIn: '$flow.key.note', value }], lines: { next } },
  });
  const notes = Object.fromEntries(
    Array.from({ length: 46 }, (_, index) => [`n${index}`, note(`${index}`, index === 45 ? 'say' : `n${index + 1}`)]),
  );
  const flow = flowOf({
    answer: { type: 'answerCall', lines: { next: 'count' } },
    count: { type: 'counter', limit: 200, lines: { next: 'wait', exceeded: 'bye' } },
    wait: { type: 'delay', seconds: 180, lines: { next: 'n0' } },
    ...notes,
    say: { type: 'play', prompt: { text: 'Still $flow.key.note' }, lines: { next: 'more' } },
    more: { type: 'play', prompt: { text: 'And on' }, lines: { next: 'count' } },
    bye: { type: 'hangUp' },
  });
  const { handle, report } = await rig.start({ flow });
  const { outcome, path, variables } = await report();
  expect(outcome).toBe('completed');
  expect(path).toHaveLength(1 + 200 * 50 + 2);
  expect(variables['$flow.key.note']).toBe('45');
  expect(rig.commands.map(({ seq }) => seq)).toEqual(Array.from({ length: rig.commands.length }, (_, n) => n + 1));
  let runs = 0;
  for (let runId: string | undefined = (await handle.describe()).runId; runId; runs++) {
    const { events } = await rig.env.client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    expect(events?.length).toBeLessThan(1100);
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  }
  expect(runs).toBeGreaterThan(2);
  await rig.close();
  // 20 s of one processor, which others use, too.
}, 240_000);
