/**
 * How an activity is made again whose worker died.
 * @module
 */

/** For what a caller waits for: another worker takes over at once, and one that is overloaded is not pressed. Contract H4, B3. */
export const PROMPT_RETRY = {
  initialInterval: '100 milliseconds',
  backoffCoefficient: 2,
  maximumInterval: '1 second',
} as const;
