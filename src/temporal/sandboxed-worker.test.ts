import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Worker } from '@temporalio/worker';
import { ThreadedVMWorkflowCreator, WorkerThreadClient } from '@temporalio/worker/lib/workflow/threaded-vm.js';
import { expect, it } from 'vitest';
import { TRIED } from './sandboxed-worker.js';

const require = createRequire(import.meta.url);
const sdk = <T>(file: string) => require(`@temporalio/worker/${file}`) as T;

const { GlobalHandlers } = sdk<{ GlobalHandlers: { prototype: Record<string, unknown> } }>('lib/workflow/vm-shared.js');
const vm = sdk<{ ReusableVMWorkflowCreator: { prototype: Record<string, unknown> } }>('lib/workflow/reusable-vm.js');

/** What `sandboxed-worker.ts` stands in for, or relies on. */
const client = WorkerThreadClient.prototype as unknown as Record<string, unknown>;
const creator = ThreadedVMWorkflowCreator as unknown as Record<string, unknown>;
const parts: Record<string, unknown> = {
  'Worker.createWorkflowCreator': (Worker as unknown as Record<string, unknown>).createWorkflowCreator,
  'ThreadedVMWorkflowCreator.create': creator.create,
  'WorkerThreadClient.send': client.send,
  'WorkerThreadClient.destroy': client.destroy,
  'GlobalHandlers.install': GlobalHandlers.prototype.install,
  'GlobalHandlers.setPromiseHook': GlobalHandlers.prototype.setPromiseHook,
  'ReusableVMWorkflowCreator.createWorkflow': vm.ReusableVMWorkflowCreator.prototype.createWorkflow,
};

it('the SDK is a version that the sandbox was tried with; after an upgrade read sandboxed-worker.ts against it', () => {
  const { version } = sdk<{ version: string }>('package.json');
  expect(TRIED).toContain(version);
});

it('the parts of the SDK that the sandbox stands in for are as they were when it was written', () => {
  const hashes = Object.entries(parts).map(([name, part]) => {
    expect(typeof part, name).toBe('function');
    return `${name} ${createHash('sha256').update(String(part)).digest('hex').slice(0, 12)}`;
  });
  // Another hash: read what changed, mend `sandboxed-worker.ts` where it has to follow, then write the hash here.
  expect(hashes).toEqual([
    'Worker.createWorkflowCreator 311a62e75e8f',
    'ThreadedVMWorkflowCreator.create 764bc8f9cf99',
    'WorkerThreadClient.send b512587121da',
    'WorkerThreadClient.destroy 4c2c2247f82f',
    'GlobalHandlers.install 90cde260a56d',
    'GlobalHandlers.setPromiseHook 84be9862cb82',
    'ReusableVMWorkflowCreator.createWorkflow 6dd60f238b2f',
  ]);
});
