/**
 * Hangup causes, by the names that ITU-T Q.850 has for their numbers. Contract B2, B4.
 * @module
 */

/** The causes that the engine and its simulator give or act on. */
export const CAUSE = {
  unallocatedNumber: 1,
  noRouteToDestination: 3,
  normal: 16,
  userBusy: 17,
  noAnswer: 19,
  subscriberAbsent: 20,
  rejected: 21,
  numberChanged: 22,
  destinationOutOfOrder: 27,
  invalidNumber: 28,
  unspecified: 31,
  /** Network out of order: the bridge is gone (B5). */
  bridgeGone: 38,
  temporaryFailure: 41,
} as const;
