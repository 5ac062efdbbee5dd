/**
 * What a flow end tells of a call's variables. Contract E4.
 * @module
 */
import type { Assignment } from '../flow/values/variables.js';
import type { FlowEndFacts } from './call-report.js';

/** The answer's text, which a flow end holds only when the widget that wrote it last persists. */
export const RAW = '$flow.key.response_raw';
const KEY = /^\$(flow|user)\.key\./;

/**
 * The flow end's `keys`: every `$flow.key` and `$user.key` that has a value, in the order first set; no secret is a variable.
 * Contract E4.
 *
 * @param variables in the order first set, null for those that are absent now
 * @param rawPersists whether the last writer of `response_raw` persists it
 */
export function flowEndKeys(variables: readonly Assignment[], rawPersists: boolean): FlowEndFacts['keys'] {
  return variables.flatMap(([name, value]) =>
    value !== null && KEY.test(name) && (name !== RAW || rawPersists) ? [{ name, value }] : [],
  );
}

/** Whether `response_raw` persists after a write; `before` where it was not written. Contract E4. */
export function rawPersistsAfter(assignments: readonly Assignment[], persist: boolean, before: boolean): boolean {
  return assignments.some(([name]) => name === RAW) ? persist : before;
}
