/**
 * What an internal function gives back, before it takes the form of a widget's outcome or of an HTTP answer. Contract F5, F6.
 * @module
 */
import type { WebhookReason } from '../flow/errors.js';
import { INTERNAL_FUNCTIONS } from '../flow/internal-functions.js';
import type { FunctionTask } from '../engine/function-task.js';

/** Outputs by full name; a reason when it failed. */
export interface FunctionAnswer {
  outputs: Record<string, string>;
  reason?: WebhookReason;
  detail?: string;
}

/** A function that failed, with what it tells all the same. */
export function failedAnswer(
  reason: WebhookReason,
  detail: string,
  outputs: Record<string, string> = {},
): FunctionAnswer {
  return { outputs, reason, detail };
}

/** The answer to a request without an input that is needed; undefined when all are there. Contract R3 (INVALID_FLOW_VAR). */
export function missingInput({ method, variables }: FunctionTask): FunctionAnswer | undefined {
  const missing = Object.entries(INTERNAL_FUNCTIONS[method].inputs).find(
    ([name, needed]) => needed && (variables[name] ?? '') === '',
  );
  if (!missing) return undefined;
  return failedAnswer('INVALID_FLOW_VAR', `"${missing[0]}" has no value, and "${method}" needs it.`);
}
