import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { expect, it } from 'vitest';
import { DEPLOYMENT } from '../../src/temporal/worker-version.js';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';
import { Target, answer } from '../support/target.js';

it('two builds run side by side: a call ends on the one that it began on, its flow end and new calls go on with the newer', async () => {
  const [stack, target] = await Promise.all([DevStack.start(), Target.start()]);
  // The call itself does not wait for so long: the delivery is a workflow of its own.
  target.on('/end', answer(503, '', { 'retry-after': '60' }));
  const account = { httpEnabled: true, targetAllowList: ['127.0.0.1'], defaultWebhook: { url: target.url('/end') } };
  const flow = flowOf(
    {
      answer: { type: 'answerCall', lines: { next: 'wait' } },
      wait: { type: 'menu', prompt: { text: 'Press 1' }, keys: { 1: 'one' }, timeout: 60, lines: { one: 'say' } },
      say: { type: 'play', prompt: { text: 'Thank you' }, lines: { next: 'bye' } },
      bye: { type: 'hangUp' },
    },
    { flowEndWebhook: true },
  );
  const caller = { steps: [{ until: { widget: 'wait' } }, { wait: 8 }, { press: '1' }] };
  const makeCurrent = async (buildId: string) => {
    const { namespace } = stack.server;
    await expect
      .poll(
        () =>
          stack.client.workflowService
            .setWorkerDeploymentCurrentVersion({ namespace, deploymentName: DEPLOYMENT, buildId })
            .then(() => 'set', String),
        { timeout: 15_000 },
      )
      .toBe('set');
  };
  const buildsOf = async (handle: WorkflowHandle) => {
    const { events } = await handle.fetchHistory();
    return new Set(
      events?.flatMap((event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? []),
    );
  };

  const old = await stack.startWorker({ HOOKLINE_BUILD_ID: 'old' });
  await makeCurrent('old');
  const before = await stack.call({ flow, account, caller });
  while (!(await before.handle.query<string[]>('path')).includes('wait')) await pause(50);
  await stack.startWorker({ HOOKLINE_BUILD_ID: 'new' });
  await makeCurrent('new');
  const after = await stack.call({ flow: flowOf({ answer: { type: 'answerCall' } }) });
  expect((await after.report()).outcome).toBe('completed');
  expect(await buildsOf(after.handle)).toEqual(new Set(['new']));

  expect((await before.report()).path.map(({ widget }) => widget)).toEqual(['answer', 'wait', 'say', 'bye']);
  expect(await buildsOf(before.handle)).toEqual(new Set(['old']));
  const delivery = stack.client.workflow.getHandle(`${before.handle.workflowId}/flow-end`);
  // It began with its call. The old worker goes now, and any signal makes a step.
  await stack.kill(old);
  await delivery.signal('step');
  await expect.poll(async () => [...(await buildsOf(delivery))], { timeout: 10_000 }).toContain('new');
  await Promise.all([stack.stop(), target.stop()]);
}, 120_000);
