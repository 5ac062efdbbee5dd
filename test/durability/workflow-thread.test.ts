import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';
import { WorkerThreadClient } from '@temporalio/worker/lib/workflow/threaded-vm.js';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { SandboxedWorker } from '../../src/temporal/sandboxed-worker.js';
import { createTimeSkippingEnvironment } from '../../src/temporal/servers/time-skipping.js';

class Impatient extends SandboxedWorker {
  protected static override readonly patienceSeconds = 2;
}

const logged: LogEntry[] = [];
let env: TestWorkflowEnvironment;
let workflowBundle: { code: string };
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', (entry) => logged.push(entry)) });
  const workflowsPath = fileURLToPath(new URL('../support/looping-workflow.ts', import.meta.url));
  [env, workflowBundle] = await Promise.all([
    createTimeSkippingEnvironment(),
    bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }),
  ]);
});
afterAll(() => env.teardown());

const create = (taskQueue: string) => Impatient.create({ connection: env.nativeConnection, taskQueue, workflowBundle });
const start = (type: 'loops' | 'waits', taskQueue: string) =>
  env.client.workflow.start(type, { taskQueue, workflowId: `${type}-${taskQueue}` });

it('a worker whose workflow code loops says so and ends, though nothing limits how long an entry may take', async () => {
  const sent = vi.spyOn(WorkerThreadClient.prototype, 'send');
  const worker = await create('looping');
  expect(sent.mock.calls[0]?.[0]).not.toHaveProperty('isolateExecutionTimeoutMs');
  sent.mockRestore();

  const handle = await start('loops', 'looping');
  await expect(worker.run()).rejects.toThrow('exited while there were still pending completions');
  expect(logged.map(({ message }) => message).join('\n')).toContain('has given no answer for 2 s');
  await handle.terminate();
});

it('a workflow thread that is asked nothing is not given up, and has no stack traces', async () => {
  const worker = await create('waiting');
  const ran = worker.run();
  const handle = await start('waits', 'waiting');
  const stack = () => handle.query('__stack_trace').catch((error: Error) => inspect(error));
  expect(await stack()).toContain('Workflow stack traces are not enabled on this worker');
  await new Promise((resolve) => setTimeout(resolve, 3500));
  expect(await stack()).toContain('Workflow stack traces are not enabled on this worker');
  await handle.terminate();
  worker.shutdown();
  await ran;
});
