import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/store.js';
import { startPostgres } from '../support/databases.js';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';
import { Target, answer } from '../support/target.js';
import { TcpProxy } from './chaos/tcp-proxy.js';

it('R9, E5: a database that goes away while a call runs holds nothing up, and has the report when it is back', async () => {
  const [stack, target, database] = await Promise.all([DevStack.start(), Target.start(), startPostgres()]);
  target.on('/end', answer(204));
  const proxy = await TcpProxy.to(Number(new URL(database.url).port));
  const through = database.url.replace(/:\d+\//, `:${proxy.port}/`);
  await stack.startWorker({ DATABASE_URL: through });
  const { handle } = await stack.call({
    flow: flowOf(
      { answer: { type: 'answerCall', lines: { next: 'wait' } }, wait: { type: 'delay', seconds: 3 } },
      { flowEndWebhook: true },
    ),
    account: { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url('/end') } },
  });
  while (!(await handle.query<string[]>('path')).includes('wait')) await pause(50);
  proxy.cut();
  // The flow end does not wait for the database; the call does, to be sure of its report.
  await expect.poll(() => target.of('/end').length, { timeout: 15_000 }).toBe(1);
  await pause(1500);
  expect((await handle.describe()).status.name).toBe('RUNNING');
  proxy.heal();
  expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  const store = await openStore(database.url);
  expect(await store.reports.get(1, handle.workflowId)).toMatchObject({ outcome: 'completed' });
  await store.close();
  await Promise.all([stack.stop(), target.stop()]);
  proxy.close();
  await database.stop();
});
