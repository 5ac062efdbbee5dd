import { expect, it } from 'vitest';
import { openStore } from '../../src/store/store.js';
import { testDatabase } from '../support/databases.js';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';
import { Target, answer, json } from '../support/target.js';

it('V6, D4, R9, E5: a call that fills its limits ends as any other: report, report in the store, and flow end', async () => {
  const [stack, target, database] = await Promise.all([DevStack.start(), Target.start(), testDatabase()]);
  const values = Array.from({ length: 5 }, (_, n) => 'ab"\u0001'.repeat(16_000) + n);
  target.on('/end', answer(204)).on('/data', json({ values }));
  await stack.startWorker({ DATABASE_URL: database.url });
  const values64 = { type: 'json', map: [{ saveIn: '$flow.key.value', path: 'data.values' }] };
  const { handle, report } = await stack.call({
    flow: flowOf(
      {
        answer: { type: 'answerCall', lines: { next: 'ask' } },
        ask: {
          type: 'webhook',
          ...{ request: { method: 'GET', url: target.url('/data') }, response: values64, persist: true },
          lines: { success: 'say', failure: 'say' },
        },
        say: { type: 'play', prompt: { text: '$flow.key.error_reason' } },
      },
      { flowEndWebhook: true },
    ),
    account: { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url('/end') } },
    variables: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`$flow.key.v${n}`, 'x'.repeat(65_536)])),
  });
  const { outcome, variables, flowEnd } = await report();
  expect(outcome).toBe('completed');
  // The answer would bring the call over its limit, as JSON.
  expect(variables['$flow.key.error_reason']).toBe('VARIABLE_LIMIT');
  expect(variables['$flow.key.v9']).toHaveLength(65_536);
  expect(flowEnd?.payload.keys.find(({ name }) => name === '$flow.key.v3')?.value).toHaveLength(65_536);
  expect(target.of('/end')).toHaveLength(1);
  const store = await openStore(database.url);
  expect((await store.reports.get(1, handle.workflowId))?.outcome).toBe('completed');
  await store.close();
  await Promise.all([stack.stop(), target.stop()]);
  await database.stop();
}, 120_000);
