/**
 * The names under which deliveries of flow ends are resumed, and where flow ends go. Contract E5.
 * @module
 */

/** The signal that ends a delivery's wait, and the workflow that sends it to all that wait for an endpoint. */
export const RESUME_DELIVERIES = { resume: 'resume', workflow: 'releaseDeliveries' } as const;

/** Where the flow ends of an account go. */
export interface Endpoint {
  accountId: number;
  url: string;
}
