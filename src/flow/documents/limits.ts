/**
 * Limits of documents that the workflow keeps too. Free of zod, for the workflow bundle has none.
 * @module
 */

/** How deep `subflow` widgets may run one another. */
export const MAX_SUBFLOW_DEPTH = 10;
