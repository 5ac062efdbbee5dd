/**
 * Carrying out an internal function here, for activities and the API alike. Contract F1-F6.
 * @module
 */
import type { Client } from '@temporalio/client';
import type { FunctionTask } from '../engine/function-task.js';
import type { Store } from '../store/store.js';
import { type FunctionAnswer, missingInput } from './function-answer.js';
import { createOutbound } from './create-outbound.js';
import { shortURL } from './short-url.js';
import { updatePauseStatusForCLI } from './update-pause-status.js';
import { updateUserPreferences } from './update-user-preferences.js';

/** What functions work with. */
export interface FunctionContext {
  store: Store;
  client: Client;
  /** Of outbound calls. */
  taskQueue: string;
  /** Below which short links are followed, without a slash at its end. */
  publicUrl: string;
}

/** Carries a function out here. What is wrong with the request is an answer; a store that is away is an error. */
export async function performFunction(task: FunctionTask, context: FunctionContext): Promise<FunctionAnswer> {
  const missing = missingInput(task);
  if (missing) return missing;
  switch (task.method) {
    case 'createOutbound':
      return createOutbound(task, context);
    case 'shortURL':
      return shortURL(task, context.store, context.publicUrl);
    case 'updateUserPreferences':
      return updateUserPreferences(task, context.store);
    case 'updatePauseStatusForCLI':
      return updatePauseStatusForCLI(task, context.store);
  }
}
