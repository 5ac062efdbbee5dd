/**
 * Keeps the reconciler there: restarts the workflow when somebody terminates it.
 * @module
 */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { RECONCILER } from '../engine/reconciler.js';
import type { Say } from './servers/programs.js';

/** Milliseconds between two times that it is started, should it not be there. */
const EVERY_MS = 30_000;

/** Starts the reconciler unless it is there, now and again and again. Gives the function that ends this, not the reconciler. */
export function keepReconciler(client: Client, taskQueue: string, say: Say): () => void {
  let logged = '';
  const start = () => {
    startReconciler(client, taskQueue).then(
      () => (logged = ''),
      (error: unknown) => {
        const fault = error instanceof Error ? error.name : typeof error;
        if (fault !== logged) say(`the reconciler cannot be started (${fault}): calls that are terminated tell nobody`);
        logged = fault;
      },
    );
  };
  start();
  const timer = setInterval(start, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function startReconciler(client: Client, taskQueue: string): Promise<void> {
  try {
    await client.workflow.start(RECONCILER.workflow, {
      workflowId: RECONCILER.id,
      taskQueue,
      args: [],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowTaskTimeout: '2 seconds',
      staticSummary: 'looks for calls that were ended from outside',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
