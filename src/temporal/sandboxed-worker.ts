/**
 * A worker whose workflow code costs less to enter than the SDK makes it. All that knows the SDK's inner parts for this stands
 * here; `sandboxed-worker.test.ts` fails when one of them changes. Tried with the versions in {@link TRIED}.
 *
 * What differs, and why:
 * - The SDK enters the context of workflow code with `timeout`, four to six times in each workflow task, and Node starts an OS thread
 *   for each entry: 85 µs of CPU instead of 5, more than half of what the workflow thread did. Here nothing limits an entry;
 *   {@link WatchedThread} ends a thread that has stopped to answer instead.
 * - The SDK hooks into every promise of its workflow thread, to note a stack for the query `__stack_trace`. Our bundles have no stack
 *   traces (`bundle.ts`), so that the notes were empty, and the hook was a seventh of the thread's work. Here it is never
 *   set, and the query says that there are no stack traces on this worker; the query `progress` of a call says where it stands.
 *
 * Nothing that npm installed is changed: `createWorkflowCreator` is a method that subclasses may override, and the thread
 * begins with a line of ours before it loads the SDK's file.
 * @module
 */
import { createRequire } from 'node:module';
import { Worker as Thread } from 'node:worker_threads';
import { type Logger, Worker } from '@temporalio/worker';
import type { CompiledWorkerOptions } from '@temporalio/worker/lib/worker-options.js';
import { ThreadedVMWorkflowCreator, WorkerThreadClient } from '@temporalio/worker/lib/workflow/threaded-vm.js';
import type { Init } from '@temporalio/worker/lib/workflow/workflow-worker-thread/input.js';

/** Versions of `@temporalio/worker` for which the measures and tests were made. */
export const TRIED: readonly string[] = ['1.24.0'];

/**
 * Seconds for which the workflow thread may owe an answer. A long history on a loaded machine takes seconds; over that, the thread is
 * in a loop that nothing else would end.
 */
const PATIENCE_SECONDS = 30;

const { resolve } = createRequire(import.meta.url);
const SDK_THREAD = resolve('@temporalio/worker/lib/workflow/workflow-worker-thread.js');
const SDK_HOOKS = resolve('@temporalio/worker/lib/workflow/vm-shared.js');

/** What the thread runs. The hook is the SDK's own method, so that no other user of V8's promise hooks is touched. */
const THREAD = `
require(${JSON.stringify(SDK_HOOKS)}).globalHandlers.setPromiseHook = () => undefined;
require(${JSON.stringify(SDK_THREAD)});
`;

/** The SDK's end of a workflow thread, which gives up on a thread that answers nothing. */
export class WatchedThread extends WorkerThreadClient {
  #owed = 0;
  #silentSeconds = 0;
  #watch: NodeJS.Timeout | undefined;

  /** Ends the thread, and with it the worker, when it owes an answer for so many seconds in which this process was awake. */
  watch(patienceSeconds: number): void {
    this.#watch = setInterval(() => {
      if (this.#owed === 0 || ++this.#silentSeconds < patienceSeconds) return;
      clearInterval(this.#watch);
      this.logger.error(
        `The workflow thread has given no answer for ${patienceSeconds} s: workflow code is in an endless loop. This worker ends; its calls continue on others.`,
      );
      void this.workerThread.terminate();
    }, 1000).unref();
  }

  override async send(input: Parameters<WorkerThreadClient['send']>[0]): ReturnType<WorkerThreadClient['send']> {
    if (this.#owed++ === 0) this.#silentSeconds = 0;
    try {
      return await super.send(input);
    } finally {
      this.#owed -= 1;
      this.#silentSeconds = 0;
    }
  }

  override destroy(): Promise<void> {
    clearInterval(this.#watch);
    return super.destroy();
  }
}

/** A worker as the SDK makes it, but for the way into workflow code. `run()` rejects when the workflow thread stops to answer. */
export class SandboxedWorker extends Worker {
  /** Seconds for which the workflow thread may owe an answer. */
  protected static readonly patienceSeconds: number = PATIENCE_SECONDS;

  protected static override async createWorkflowCreator(
    workflowBundle: Init['workflowBundle'],
    options: CompiledWorkerOptions,
    logger: Logger,
  ) {
    // A debugger wants the SDK's own way: in the main thread, and without a limit.
    if (options.debugMode) return super.createWorkflowCreator(workflowBundle, options, logger);
    const { activities, patchActivationCallback, reuseV8Context, workflowThreadPoolSize } = options;
    const init: Omit<Init, 'isolateExecutionTimeoutMs'> = {
      ...{ type: 'init', workflowBundle, reuseV8Context, registeredActivityNames: new Set(activities.keys()) },
      hasPatchActivationCallback: patchActivationCallback !== undefined,
    };
    const threads = Array.from({ length: workflowThreadPoolSize }, () => {
      return new WatchedThread(new Thread(THREAD, { eval: true }), logger, patchActivationCallback);
    });
    await Promise.all(threads.map((thread) => thread.send(init as Init)));
    for (const thread of threads) thread.watch(this.patienceSeconds);
    return new ThreadedVMWorkflowCreator(threads);
  }
}
