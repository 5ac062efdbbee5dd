import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { startApi } from '../../src/api/api.js';
import { openStore } from '../../src/store/store.js';
import { httpBridgeSettings } from '../../src/telephony/http/bridge-http-settings.js';
import { startPostgres } from '../support/databases.js';
import { DevStack } from '../support/dev-stack.js';
import { testLog } from '../support/log.js';
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

it('C2: while the database is away, calls start with their documents, or with those that were published last', async () => {
  const [stack, database] = await Promise.all([DevStack.start(), startPostgres()]);
  const proxy = await TcpProxy.to(Number(new URL(database.url).port));
  const through = database.url.replace(/:\d+\//, `:${proxy.port}/`);
  const worker = await stack.startWorker({ DATABASE_URL: through });
  const store = await openStore(through);
  const api = await startApi({
    ...{ client: stack.client, searchAttributes: true, host: '127.0.0.1', port: 0, http: httpBridgeSettings({}) },
    accounts: { store, operatorKey: null, requestsPerMinute: 600 },
    log: testLog(),
  });
  const named = (id: string, text: string) => ({ ...flowOf({ say: { type: 'play', prompt: { text } } }), id });
  await store.accounts.create(7, { id: 7 });
  for (const id of ['knownone', 'rareflow']) {
    await store.flows.save(7, { id, name: '', type: 'inbound' }, named(id, 'Hello'));
    await store.flows.publish(7, id, 1);
  }
  const start = async (account: number | object, flow: object) => {
    const call = { id: randomUUID(), direction: 'inbound', from: '1', to: '2', startedAt: new Date().toISOString() };
    const bridge = { id: stack.simulator.bridge.id, taskQueue: stack.simulator.taskQueue };
    const answer = await fetch(`${api.url}/bridge/calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account, flow, call, bridge }),
    });
    return { status: answer.status, body: (await answer.json()) as { call: string; code?: string } };
  };
  const entered = ({ body }: { body: { call: string } }) =>
    expect.poll(() => stack.client.workflow.getHandle(body.call).query<string[]>('path').catch(() => []), { timeout: 30_000 }).toEqual(['say']); // prettier-ignore
  await entered(await start(7, { id: 'knownone' }));

  proxy.cut();
  const known = await start(7, { id: 'knownone' });
  const inline = await start(
    { id: 8, agents: [{ number: '1', paused: true }] },
    named('inlineok', 'For $user.key.name'),
  );
  expect([known.status, inline.status]).toEqual([201, 201]);
  expect(await start(7, { id: 'rareflow' })).toMatchObject({ status: 503, body: { code: 'STORE_UNREACHABLE' } });
  await Promise.all([entered(known), entered(inline)]);
  // A process that starts meanwhile takes calls, too.
  await stack.kill(worker);
  await stack.startWorker({ DATABASE_URL: through });
  await entered(await start({ id: 9 }, named('inlineok', 'Hello')));
  proxy.heal();
  await api.stop();
  await store.close();
  await stack.stop();
  proxy.close();
  await database.stop();
}, 120_000);
