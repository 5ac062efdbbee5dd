/**
 * How a check says that a rule is broken, or that it could not be checked.
 * @module
 */
import type { Outcome, SeenEvent } from './exchange.js';

/** The bridge breaks the rule. */
export class Broken extends Error {
  override readonly name = 'Broken';
  constructor(
    /** What a bridge that keeps the rule does. */
    readonly expected: string,
    /** What this one did. */
    readonly came: string,
  ) {
    super(`expected ${expected}; came ${came}`);
  }
}

/** The rule does not concern this bridge, or nothing is there to check it with; the message says why. */
export class NotChecked extends Error {
  override readonly name = 'NotChecked';
}

/** @throws {Broken} unless `kept` */
export function claim(kept: boolean, expected: string, came: string): asserts kept {
  if (!kept) throw new Broken(expected, came);
}

/** Seconds that a command took. */
export function secondsOf({ givenAt, at }: Outcome): number {
  return (at - givenAt) / 1000;
}

const SILENT = {
  notTaken: 'nothing: the command was not taken within 5 s',
  noHeartbeat: 'no heartbeat, so that the bridge counts as gone',
  noEnd: 'no end of the command',
  noAnswer: 'no answer that counts',
};

/** An outcome in words. */
export function describe(outcome: Outcome): string {
  const after = ` after ${secondsOf(outcome).toFixed(1)} s`;
  if ('silent' in outcome)
    return `${SILENT[outcome.silent]}${after}${outcome.why === undefined ? '' : `: ${outcome.why}`}`;
  if ('error' in outcome) return `the error ${outcome.error} (${shortened(outcome.message)})${after}`;
  return `${shortened(JSON.stringify(outcome.result) ?? 'no result')}${after}`;
}

/** Events in words. */
export function describeEvents(events: readonly SeenEvent[]): string {
  return events.length === 0 ? 'none' : events.map(({ event }) => shortened(JSON.stringify(event))).join(', ');
}

/** The fields of a result; none when the bridge gave an error, or nothing. */
export function fieldsOf(outcome: Outcome): Record<string, unknown> {
  const result = 'result' in outcome ? outcome.result : undefined;
  return typeof result === 'object' && result !== null ? { ...result } : {};
}

/** @throws {Broken} unless the command ended with this result, and `within` so many seconds */
export function claimResult(
  outcome: Outcome,
  result: 'done' | 'legGone' | 'superseded',
  what: string,
  within?: number,
): void {
  const expected = `"${result}" of ${what}${within === undefined ? '' : ` within ${within} s`}`;
  const kept = fieldsOf(outcome).result === result && (within === undefined || secondsOf(outcome) <= within);
  claim(kept, expected, describe(outcome));
}

/** @throws {Broken} unless the command ended with this error */
export function claimError(outcome: Outcome, type: string, what: string): void {
  claim('error' in outcome && outcome.error === type, `the error ${type} of ${what}`, describe(outcome));
}

/** @throws {NotChecked} when the bridge says that it has no such command, as it may of those that not every bridge has */
export function supported(outcome: Outcome, type: string): Outcome {
  if ('error' in outcome && outcome.error === 'NOT_SUPPORTED')
    throw new NotChecked(`the bridge says NOT_SUPPORTED to ${type}`);
  return outcome;
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
