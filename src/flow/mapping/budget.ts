/**
 * A bound on the work that one answer may cost. Contract R3: a path that fails when evaluated.
 * @module
 */
import { MappingError } from './write.js';

/** Enough for a hundred rows over an ordinary answer, and about a second of work at most. */
const STEPS = 10_000_000;

/** Counts the values that the paths of one answer look at, so that a hostile answer cannot hold the worker. */
export class Budget {
  private left = STEPS;

  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) {
      throw new MappingError('INVALID_RESPONSE_MAP', `The paths look at more than ${STEPS} values of the answer.`);
    }
  }
}
