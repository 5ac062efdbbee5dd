/**
 * Request outcomes that the engine itself decides on, and how the timeline shows any. Contract R3.
 * @module
 */
import type { RequestOutcome } from '../../engine/webhook-task.js';
import { masked } from '../../flow/values/mask.js';

/** An outcome. `sensitive`: the request held a sensitive value, which answer and detail may repeat. Contract V7. */
export type Answered = RequestOutcome & { sensitive?: true };

/** A failure with nothing that came from the target. @param duration in seconds */
export function failedOutcome(
  reason: NonNullable<RequestOutcome['reason']>,
  detail: string,
  duration = 0,
  attempts = 0,
): RequestOutcome {
  return { line: 'failure', duration, truncated: false, reason, detail, rows: [], attempts };
}

/** An outcome in one line, for the timeline. */
export function described(outcome: Answered): string {
  const answer = outcome.statusCode === undefined ? '' : `${outcome.statusCode} `;
  const why =
    outcome.reason === undefined
      ? ''
      : `, ${outcome.reason}: ${masked(outcome.detail ?? '', outcome.sensitive === true)}`;
  return `${answer}in ${outcome.duration} s${why}`;
}
