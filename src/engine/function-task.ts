/**
 * What the workflow and the activities of internal functions send each other. Types only. Contract F, V6.
 * @module
 */
import type { Account } from '../flow/documents/account.js';
import type { FunctionMethod } from '../flow/internal-functions.js';
import type { TargetRules } from './webhook-task.js';

/** One internal function to call. */
export interface FunctionTask {
  method: FunctionMethod;
  /** `<workflow id>/<widget>/<visit>`, the same over every attempt. Contract W8. */
  idempotencyKey: string;
  /** Seconds within which it must be done. Contract H1. */
  timeout: number;
  /** Whether the caller waits. Contract H3. */
  waited: boolean;
  /** The function's inputs and the parameter groups of the widget, by full name. Contract F5. */
  variables: Readonly<Record<string, string>>;
  /** The names of those whose values are sensitive; left out: none. Contract V7. */
  sensitive?: readonly string[];
  /** What the functions need to know of the account. */
  account: Pick<Account, 'id' | 'securityId' | 'countryCode' | 'shortDomain'> & { agents: string[] };
  /** Another system that carries the function out. Contract F6. */
  remote?: NonNullable<Account['functions'][FunctionMethod]>;
  rules: TargetRules;
}
